import CPythonABI
import Glibc

/// A thread that says when a sample is due, so that the profile function needn't ask a clock at every event.
///
/// It parks while what it said goes unheard: a program that waits isn't woken.
final class EventTicker {
  private static let stackSize = 64 << 10

  /// What the thread works on, in memory that stays until the thread has been joined.
  private struct Work: BitwiseCopyable {
    let gate: UnsafeMutablePointer<EventGate>
    let interval: Int64
    var nativeIdentifier: Int32 = 0
    /// A futex.
    var stopWord: Int32 = 0
  }

  private let work: UnsafeMutablePointer<Work>
  private var thread = pthread_t()

  /// Starts the thread; nil if the system doesn't let it. `interval` is in nanoseconds.
  init?(gate: UnsafeMutablePointer<EventGate>, interval: Int64) {
    work = .allocate(capacity: 1)
    work.initialize(to: Work(gate: gate, interval: interval))
    let error = SamplerThread.start(&thread, stackSize: Self.stackSize, context: work) { context in
      if let context { EventTicker.run(context.assumingMemoryBound(to: Work.self)) }
      return nil
    }
    guard error == 0 else {
      work.deallocate()
      return nil
    }
  }

  /// Ends the thread and waits for that.
  func stop() {
    spinetail_store32(&work.pointee.stopWord, 1)
    spinetail_futex_wake(&work.pointee.stopWord)
    Self.hear(work.pointee.gate)
    SamplerThread.join(thread, nativeIdentifier: work.pointee.nativeIdentifier)
    work.deallocate()
  }

  /// Takes note that a sample is due, and lets the ticker go on.
  @inline(__always)
  static func hear(_ gate: UnsafeMutablePointer<EventGate>) {
    spinetail_store32(&gate.pointee.due, 0)
    if spinetail_load32(&gate.pointee.isTickerParked) != 0 { spinetail_futex_wake(&gate.pointee.due) }
  }

  private static func run(_ work: UnsafeMutablePointer<Work>) {
    work.pointee.nativeIdentifier = spinetail_gettid()
    SamplerThread.setUp()
    let gate = work.pointee.gate
    let interval = work.pointee.interval
    var deadline = monotonicNow() + interval
    while true {
      while spinetail_load32(&work.pointee.stopWord) == 0, monotonicNow() < deadline {
        spinetail_futex_wait(&work.pointee.stopWord, 0, deadline)
      }
      if spinetail_load32(&work.pointee.stopWord) != 0 { return }
      if spinetail_load32(&gate.pointee.due) == 0 {
        spinetail_store32(&gate.pointee.due, 1)
        deadline += interval
      } else {
        spinetail_store32(&gate.pointee.isTickerParked, 1)
        while spinetail_load32(&gate.pointee.due) != 0, spinetail_load32(&work.pointee.stopWord) == 0 {
          spinetail_futex_wait(&gate.pointee.due, 1, -1)
        }
        spinetail_store32(&gate.pointee.isTickerParked, 0)
        deadline = monotonicNow() + interval
      }
      deadline = max(deadline, Int64(spinetail_load64(&gate.pointee.restUntil)))
    }
  }
}
