import CPythonABI
import Glibc

/// This process's own memory, read through the kernel: memory that has gone away gives a short count and not a fault.
///
/// By `process_vm_readv` where that works, else in the first other way that does (`MemoryWay`). Make it with the GIL;
/// any thread may read with it.
public struct ProcessMemory: Memory {
  // Safe to share: what it points to is guarded by a lock of its own, and never freed.
  private nonisolated(unsafe) let access: UnsafeMutablePointer<ProcessMemoryAccess>
  private nonisolated(unsafe) let way: UnsafeMutablePointer<Int32>
  private let process: pid_t

  public init() {
    process = getpid()
    access = ProcessMemoryAccess.shared
    way = access.pointee.way
    ProcessMemoryAccess.enter(access, process: process)
  }

  @inline(__always)
  public func read(
    _ sources: UnsafePointer<iovec>, into destinations: UnsafePointer<iovec>, count: Int
  ) -> Int {
    var error: Int32 = 0
    if spinetail_load32(way) == MemoryWay.directCall.rawValue {
      let copied = process_vm_readv(process, destinations, UInt(count), sources, UInt(count), 0)
      if copied >= 0 { return copied }
      error = errno
      guard ProcessMemoryAccess.isRefusal(error) else { return 0 }
    }
    return readOtherwise(sources, into: destinations, count: count, error: error)
  }

  /// A plain load: safe, since the caller promises that the memory stays.
  @inline(__always)
  public func lastingWord(_ address: UInt64) -> UInt64? {
    UnsafeRawPointer(bitPattern: UInt(address)).map { spinetail_load64($0) }
  }

  @inline(never)
  private func readOtherwise(
    _ sources: UnsafePointer<iovec>, into destinations: UnsafePointer<iovec>, count: Int, error: Int32
  ) -> Int {
    ProcessMemoryAccess.read(access, sources, into: destinations, count: count, error: error)
  }

  /// Tries one read. Gives nil if it works, else why `process_vm_readv` doesn't; the other ways don't work then, either.
  public func refusal() -> String? {
    var word: UInt64 = 0x5350_494E_4554_4149
    let expected = word
    let copy = withUnsafeMutablePointer(to: &word) { self.word(UInt64(UInt(bitPattern: $0))) }
    return copy == expected ? nil : access.pointee.reason
  }

  /// How memory is read where that isn't by `process_vm_readv`, as a clause about the sampler without a period; empty
  /// where it is.
  public var detail: String {
    let current = access.pointee.current
    guard current != .directCall else { return "" }
    return "\(current.clause), as process_vm_readv is refused here (\(access.pointee.reason))"
  }
}
