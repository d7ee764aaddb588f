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
  /// Until when nobody tries to get onto this CPU, which the system has refused: on the monotonic clock, in nanoseconds.
  /// Guarded by the crew's lock.
  var refusedUntil: Int64 = 0
  /// A futex: 1 tells the worker to look whether it has the baton.
  var wakeWord: Int32 = 0

  /// Starts the thread. Gives the system's error number, 0 if all is well.
  static func start(_ worker: UnsafeMutablePointer<SamplerWorker>) -> Int32 {
    SamplerThread.start(&worker.pointee.thread, stackSize: stackSize, context: worker) { context in
      if let context { SamplerWorker.run(context.assumingMemoryBound(to: SamplerWorker.self)) }
      return nil
    }
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

  /// Waits until the thread is gone.
  static func join(_ worker: UnsafeMutablePointer<SamplerWorker>) {
    SamplerThread.join(worker.pointee.thread, nativeIdentifier: worker.pointee.nativeIdentifier)
  }

  private static func run(_ worker: UnsafeMutablePointer<SamplerWorker>) {
    worker.pointee.nativeIdentifier = spinetail_gettid()
    let isPinned = pin(to: worker.pointee.processor)
    SamplerThread.setUp()
    shortenSlice()
    // Not needed for right results, but what a look opens is then never in the program's way.
    _ = MemoryDescriptors.leaveProgramsTable()
    SamplerCrew.work(worker, isPinned: isPinned)
    MemoryDescriptors.endThread()
  }

  /// Puts the calling thread onto a CPU, to stay there; false if the system refuses.
  static func pin(to processor: Int32) -> Bool {
    let size = SamplerCrew.processorLimit / 8
    return withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { mask in
      write(mask: mask, of: processor)
      return spinetail_sched_setaffinity(0, size, mask.baseAddress) == 0
    }
  }

  /// The set of CPUs that holds one: `cpu_set_t`, a bit a CPU in words of 64 bits, as long as the buffer is.
  static func write(mask: UnsafeMutableRawBufferPointer, of processor: Int32) {
    mask.initializeMemory(as: UInt8.self, repeating: 0)
    guard processor >= 0, Int(processor) / 8 < mask.count else { return }
    // Little-endian words: the bytes are in order.
    mask[Int(processor) / 8] = 1 << UInt8(processor % 8)
  }

  /// Asks for a short slice. It isn't needed for right results, so a refusal doesn't matter.
  private static func shortenSlice() {
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
