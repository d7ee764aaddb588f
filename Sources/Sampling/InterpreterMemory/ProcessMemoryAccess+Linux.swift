import CPythonABI
import Glibc

/// The ways in which a process can read its own memory without a fault, best first.
enum MemoryWay: Int32 {
  /// `process_vm_readv`: one call for all ranges.
  case directCall
  case pipe
  case memoryFile
  case none

  /// How it is said in a report: "the sampler …".
  var clause: String {
    switch self {
    case .directCall: return "reads memory by process_vm_readv"
    case .pipe: return "reads memory through a pipe"
    case .memoryFile: return "reads memory from /proc/self/mem"
    case .none: return "can't read memory"
    }
  }
}

/// How this process reads its own memory: the first way that works, and what that needs.
///
/// A sandbox may forbid `process_vm_readv` and an emulator may lack it, from the start or from some time on. The way is
/// chosen at first use and again when it stops working, and anew in a forked child, which must not use its parent's
/// pipe, nor the file of its parent's memory.
struct ProcessMemoryAccess: ~Copyable {
  /// The one of this process.
  static nonisolated(unsafe) let shared: UnsafeMutablePointer<ProcessMemoryAccess> = {
    // Unsafe as the compiler sees it: guarded by `lock`, but for the way, which is read and written atomically.
    let access = UnsafeMutablePointer<ProcessMemoryAccess>.allocate(capacity: 1)
    access.initialize(to: ProcessMemoryAccess())
    choose(access)
    return access
  }()

  private static let expectedWord: UInt64 = 0x5350_494E_4554_4149

  /// A `MemoryWay`.
  let way: UnsafeMutablePointer<Int32>
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private var process = getpid()
  /// For threads that have none of their own.
  private let descriptors: UnsafeMutablePointer<MemoryDescriptors>
  /// Why `process_vm_readv` doesn't work, as an error number.
  private var obstacle: Int32 = 0

  private init() {
    way = .allocate(capacity: 1)
    way.initialize(to: MemoryWay.directCall.rawValue)
    lock = .allocate(capacity: 1)
    lock.initialize(to: pthread_mutex_t())
    pthread_mutex_init(lock, nil)
    descriptors = .allocate(capacity: 1)
    descriptors.initialize(to: MemoryDescriptors())
  }

  /// Begins anew in a forked child, whose parent may have held the lock. With the GIL.
  static func enter(_ access: UnsafeMutablePointer<ProcessMemoryAccess>, process: pid_t) {
    guard access.pointee.process != process else { return }
    access.pointee.process = process
    pthread_mutex_init(access.pointee.lock, nil)
    choose(access)
  }

  /// Whether `process_vm_readv` itself is refused; other errors are about the ranges.
  @inline(__always)
  static func isRefusal(_ error: Int32) -> Bool {
    error == EPERM || error == EACCES || error == ENOSYS || error == ESRCH
  }

  /// Takes the first way that works.
  private static func choose(_ access: UnsafeMutablePointer<ProcessMemoryAccess>) {
    pthread_mutex_lock(access.pointee.lock)
    defer { pthread_mutex_unlock(access.pointee.lock) }
    access.pointee.descriptors.pointee.close()
    access.pointee.take(.directCall)
  }

  /// Reads in another way than by `process_vm_readv`, which has just failed with `error`, or 0 where that wasn't tried.
  static func read(
    _ access: UnsafeMutablePointer<ProcessMemoryAccess>, _ sources: UnsafePointer<iovec>,
    into destinations: UnsafePointer<iovec>, count: Int, error: Int32
  ) -> Int {
    pthread_mutex_lock(access.pointee.lock)
    defer { pthread_mutex_unlock(access.pointee.lock) }
    // In a child that was forked without our knowledge a pipe would be the parent's as well.
    guard access.pointee.process == getpid() else { return -1 }
    let before = access.pointee.current
    if (error != 0 && before == .directCall) || before == .none { access.pointee.take(.directCall) }
    var copied = access.pointee.read(sources, into: destinations, count: count)
    while copied < 0, let next = MemoryWay(rawValue: access.pointee.current.rawValue + 1) {
      access.pointee.take(next)
      copied = access.pointee.read(sources, into: destinations, count: count)
    }
    return copied
  }

  /// The way in use.
  var current: MemoryWay { MemoryWay(rawValue: spinetail_load32(way)) ?? .none }

  /// Why it isn't `process_vm_readv`: the system's words.
  var reason: String { String(cString: strerror(obstacle)) }

  /// Takes the first way that works, from `first` on. With the lock.
  private mutating func take(_ first: MemoryWay) {
    var candidate = first
    while candidate != .none {
      spinetail_store32(way, candidate.rawValue)
      if works() { return }
      if candidate == .directCall { obstacle = errno }
      (MemoryDescriptors.own ?? descriptors).pointee.close()
      candidate = MemoryWay(rawValue: candidate.rawValue + 1) ?? .none
    }
    spinetail_store32(way, MemoryWay.none.rawValue)
  }

  /// Tries one read. With the lock.
  private mutating func works() -> Bool {
    var word = Self.expectedWord
    var copy: UInt64 = 0
    let length = MemoryLayout<UInt64>.size
    let copied = withUnsafeMutableBytes(of: &word) { source in
      withUnsafeMutableBytes(of: &copy) { destination in
        var from = iovec(iov_base: source.baseAddress, iov_len: length)
        var to = iovec(iov_base: destination.baseAddress, iov_len: length)
        return read(&from, into: &to, count: 1)
      }
    }
    return copied == length && copy == Self.expectedWord
  }

  /// Reads in the current way; negative where that doesn't work at all. With the lock.
  private mutating func read(
    _ sources: UnsafePointer<iovec>, into destinations: UnsafePointer<iovec>, count: Int
  ) -> Int {
    let descriptors = MemoryDescriptors.own ?? descriptors
    switch current {
    case .directCall:
      let copied = process_vm_readv(process, destinations, UInt(count), sources, UInt(count), 0)
      return copied < 0 && !Self.isRefusal(errno) ? 0 : copied
    case .pipe: return descriptors.pointee.readThroughPipe(sources, into: destinations, count: count)
    case .memoryFile: return descriptors.pointee.readFile(sources, into: destinations, count: count)
    case .none: return -1
    }
  }
}
