import CPythonABI
import Glibc

/// The CPU clock of a thread of this process.
struct ThreadClock: BitwiseCopyable {
  private let clock: clockid_t

  /// `nativeIdentifier` as in `ThreadIdentity`.
  init(nativeIdentifier: UInt64) {
    // How the kernel numbers the clocks of threads: CPUCLOCK_PERTHREAD_MASK | CPUCLOCK_SCHED
    // (include/linux/posix-timers.h), as `pthread_getcpuclockid` does.
    clock = (~Int32(truncatingIfNeeded: nativeIdentifier) << 3) | 6
  }

  /// CPU time since the thread's start in nanoseconds; nil once the thread has ended.
  func now() -> Int64? {
    var time = timespec()
    guard clock_gettime(clock, &time) == 0 else { return nil }
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
