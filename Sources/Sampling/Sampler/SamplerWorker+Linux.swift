import CPythonABI
import Glibc

/// A sampler thread that stays on one CPU. It is parked but while it has the baton.
struct SamplerWorker: BitwiseCopyable {
  /// Small: the walk's buffers are on the heap.
  private static let stackSize = 256 << 10
  /// Short enough to be let in beside a thread that computes; the kernel's default is some milliseconds.
  private static let sliceNanoseconds: UInt64 = 100_000

  let crew: UnsafeMutablePointer<SamplerCrew>
  let processor: Int32
  var thread = pthread_t()
  /// The kernel's number of the thread, once it runs.
  var nativeIdentifier: Int32 = 0
  /// Whether the system refuses to let a thread run on this CPU. Guarded by the crew's lock.
  var isUnreachable = false
  /// A futex: 1 tells the worker to look whether it has the baton.
  var wakeWord: Int32 = 0

  /// Starts the thread. Gives the system's error number, 0 if all is well.
  static func start(_ worker: UnsafeMutablePointer<SamplerWorker>) -> Int32 {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackSize)
    // The new thread inherits the mask: signals stay with Python's threads.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    return pthread_create(
      &worker.pointee.thread, &attributes,
      { context in
        if let context { SamplerWorker.run(context.assumingMemoryBound(to: SamplerWorker.self)) }
        return nil
      }, worker)
  }

  /// Tells a worker to look whether it has the baton, or whether to leave.
  static func wake(_ worker: UnsafeMutablePointer<SamplerWorker>) {
    spinetail_store32(&worker.pointee.wakeWord, 1)
    spinetail_futex_wake(&worker.pointee.wakeWord)
  }

  /// Waits for `wake`, or until the time on the monotonic clock; negative means without limit.
  static func sleep(_ worker: UnsafeMutablePointer<SamplerWorker>, until time: Int64) {
    spinetail_futex_wait(&worker.pointee.wakeWord, 0, time)
    spinetail_store32(&worker.pointee.wakeWord, 0)
  }

  /// Waits until the thread is gone, for the kernel's count of threads too: `pthread_join` returns a little earlier,
  /// and `os.fork()` warns of threads that are still counted (CPython 3.12 and later).
  static func join(_ worker: UnsafeMutablePointer<SamplerWorker>) {
    pthread_join(worker.pointee.thread, nil)
    let patience = monotonicNow() + 5_000_000
    while spinetail_thread_exists(worker.pointee.nativeIdentifier) != 0, monotonicNow() < patience {
      sched_yield()
    }
  }

  private static func run(_ worker: UnsafeMutablePointer<SamplerWorker>) {
    worker.pointee.nativeIdentifier = spinetail_gettid()
    let isPinned = pin(to: worker.pointee.processor)
    setPriorities()
    spinetail_set_thread_name(UInt(pthread_self()), "spinetail")
    SamplerCrew.work(worker, isPinned: isPinned)
  }

  private static func pin(to processor: Int32) -> Bool {
    let size = SamplerCrew.processorLimit / 8
    return withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { mask in
      mask.initializeMemory(as: UInt8.self, repeating: 0)
      mask[Int(processor) / 8] = 1 << UInt8(processor % 8)
      return spinetail_sched_setaffinity(0, size, mask.baseAddress) == 0
    }
  }

  /// Asks for exact timers and a short slice. Neither is needed for right results, so refusals don't matter.
  private static func setPriorities() {
    let timerSlackOption: Int32 = 29  // PR_SET_TIMERSLACK
    _ = spinetail_prctl(timerSlackOption, 1, 0, 0, 0)
    // struct sched_attr, linux/sched/types.h; `runtime` is the slice of an ordinary thread from Linux 6.12 on.
    let policy = sched_getscheduler(0)
    guard policy == 0 || policy == 3 else { return }
    withUnsafeTemporaryAllocation(byteCount: 48, alignment: 8) { attributes in
      attributes.initializeMemory(as: UInt8.self, repeating: 0)
      attributes.storeBytes(of: 48, toByteOffset: 0, as: UInt32.self)
      attributes.storeBytes(of: UInt32(policy), toByteOffset: 4, as: UInt32.self)
      attributes.storeBytes(
        of: getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0), toByteOffset: 16, as: Int32.self)
      attributes.storeBytes(of: sliceNanoseconds, toByteOffset: 24, as: UInt64.self)
      _ = spinetail_sched_setattr(attributes.baseAddress)
    }
  }
}
