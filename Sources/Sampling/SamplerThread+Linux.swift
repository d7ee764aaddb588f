import CPythonABI
import Glibc

/// Threads of our own in the host's process: with a small stack, a name, and all signals left to the host's threads.
public enum SamplerThread {
  /// Starts a thread. Gives the system's error number, 0 if all is well.
  public static func start(
    _ thread: UnsafeMutablePointer<pthread_t>, stackSize: Int, context: UnsafeMutableRawPointer,
    _ body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?
  ) -> Int32 {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackSize)
    // The new thread inherits the mask.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    return pthread_create(thread, &attributes, body, context)
  }

  /// Gives the calling thread its name and asks for exact timers; neither is needed for right results.
  static func setUp() {
    let timerSlackOption: Int32 = 29  // PR_SET_TIMERSLACK
    _ = spinetail_prctl(timerSlackOption, 1, 0, 0, 0)
    spinetail_set_thread_name(UInt(pthread_self()), "spinetail")
  }

  /// Waits until a thread is gone, for the kernel's count of threads too: `pthread_join` returns a little earlier, and
  /// `os.fork()` warns of threads that are still counted (CPython 3.12 and later).
  static func join(_ thread: pthread_t, nativeIdentifier: Int32) {
    pthread_join(thread, nil)
    let patience = monotonicNow() + 5_000_000
    while spinetail_thread_exists(nativeIdentifier) != 0, monotonicNow() < patience { sched_yield() }
  }
}
