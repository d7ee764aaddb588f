import CPythonABI
import Glibc

/// glibc's area for restartable sequences, which the kernel keeps up to date for each thread: linux/rseq.h, glibc
/// 2.35 and later. It tells on which CPU a thread is (or was last), and whether this thread was preempted.
struct RestartableSequences: Sendable {
  /// `struct rseq.cpu_id` and `.rseq_cs`.
  private static let processorOffset: UInt64 = 4
  private static let descriptorOffset: UInt64 = 8

  /// The area's place relative to a thread pointer.
  private let offset: Int64
  /// How far a thread pointer is behind the thread's `pthread_t`: nothing on x86-64, but on ARM glibc keeps its own data
  /// on the thread (`struct pthread`) before the block that the pointer leads to (glibc, sysdeps/aarch64/nptl/tls.h).
  private let distance: UInt64

  /// Nil where the C library hasn't registered the area.
  init?() {
    guard let offset = dlsym(nil, "__rseq_offset"), let size = dlsym(nil, "__rseq_size"),
      size.load(as: UInt32.self) > 0
    else { return nil }
    self.offset = Int64(offset.load(as: Int.self))
    distance = spinetail_thread_pointer() &- UInt64(pthread_self())
    // A registered area shows a CPU; an unregistered one a negative number.
    guard processor() >= 0 else { return nil }
  }

  /// For tests: an area at a made-up place.
  init(offset: Int64, distance: UInt64 = 0) {
    self.offset = offset
    self.distance = distance
  }

  /// Where the CPU number of a thread stands, as an address; the thread is named by its `pthread_t`.
  func processorAddress(ofThread thread: UInt64) -> UInt64 {
    UInt64(bitPattern: Int64(bitPattern: thread &+ distance) &+ offset) &+ Self.processorOffset
  }

  /// The CPU that the calling thread is on.
  @inline(__always)
  func processor() -> Int32 {
    // Safe: the calling thread's own area.
    guard let own = own(Self.processorOffset) else { return -1 }
    return spinetail_load32(own)
  }

  /// Puts the marker into the calling thread's area: the kernel takes it out when it preempts the thread.
  @inline(__always)
  func arm(_ marker: UnsafeRawPointer) {
    if let own = own(Self.descriptorOffset) { spinetail_store64(own, UInt64(UInt(bitPattern: marker))) }
  }

  /// Takes the marker out; true if it was still there.
  @inline(__always)
  func disarm() -> Bool {
    guard let own = own(Self.descriptorOffset) else { return false }
    let wasThere = spinetail_load64(own) != 0
    spinetail_store64(own, 0)
    return wasThere
  }

  @inline(__always)
  private func own(_ member: UInt64) -> UnsafeMutableRawPointer? {
    let address = Int64(bitPattern: spinetail_thread_pointer()) &+ offset &+ Int64(member)
    return UnsafeMutableRawPointer(bitPattern: Int(address))
  }
}
