import CPythonABI
import Glibc

/// This process's own memory, read through the kernel (`process_vm_readv`): memory that has gone away gives a
/// short count and not a fault.
public struct ProcessMemory: Memory {
  private let process = getpid()

  public init() {}

  @inline(__always)
  public func read(
    _ sources: UnsafePointer<iovec>, into destinations: UnsafePointer<iovec>, count: Int
  ) -> Int {
    process_vm_readv(process, destinations, UInt(count), sources, UInt(count), 0)
  }

  /// A plain load: safe, since the caller promises that the memory stays.
  @inline(__always)
  public func lastingWord(_ address: UInt64) -> UInt64? {
    UnsafeRawPointer(bitPattern: UInt(address)).map { spinetail_load64($0) }
  }

  /// Tries one read. Gives nil if it works, else the system's reason.
  public func refusal() -> String? {
    var word: UInt64 = 0x5350_494E_4554_4149
    let expected = word
    var copy: UInt64 = 0
    let done = withUnsafeMutablePointer(to: &word) { pointer in
      read(UInt64(UInt(bitPattern: pointer)), 8, into: &copy)
    }
    if done && copy == expected { return nil }
    return String(cString: strerror(errno))
  }
}
