import Glibc

/// Memory that holds an interpreter: this process, later another one, or recorded bytes.
public protocol Memory {
  /// Copies `sources` into `destinations`, `count` ranges of pairwise equal lengths, in order.
  ///
  /// Gives the number of bytes copied: all, or those before the first range that can't be read whole
  /// (bytes of that range may be counted). Never faults and never blocks on anything that the observed threads do.
  func read(_ sources: UnsafePointer<iovec>, into destinations: UnsafePointer<iovec>, count: Int) -> Int

  /// The 64-bit word at an address in memory that stays as long as the program does, such as `_PyRuntime`; nil if it
  /// can't be read.
  func lastingWord(_ address: UInt64) -> UInt64?
}

extension Memory {
  @inline(__always)
  public func lastingWord(_ address: UInt64) -> UInt64? { word(address) }

  /// Copies `length` bytes at `address` to `destination`; false if they can't be read whole.
  @inline(__always)
  public func read(_ address: UInt64, _ length: Int, into destination: UnsafeMutableRawPointer) -> Bool {
    guard address >= 4096 else { return false }
    var source = iovec(iov_base: UnsafeMutableRawPointer(bitPattern: UInt(address)), iov_len: length)
    var target = iovec(iov_base: destination, iov_len: length)
    return read(&source, into: &target, count: 1) == length
  }

  /// The 64-bit word at `address`, or nil if it can't be read.
  @inline(__always)
  public func word(_ address: UInt64) -> UInt64? {
    var value: UInt64 = 0
    return read(address, 8, into: &value) ? value : nil
  }
}
