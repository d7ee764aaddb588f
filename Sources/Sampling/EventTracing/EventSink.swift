import Glibc
import Profile

/// How a recording treats time in which its task waits and others run.
enum AsyncMode: String {
  /// Waits are shown as `[await]`; what runs in other contexts meanwhile isn't.
  case enabled
  /// So too, and time in other contexts is `[out-of-context]`.
  case strict
  /// Everything that the thread runs is shown.
  case disabled
}

/// Where the thread is, as seen from a sink that belongs to contexts.
enum ContextState: String {
  case inContext = "in_context"
  case awaited = "out_of_context_awaited"
  case unknown = "out_of_context_unknown"
}

/// A receiver of the samples of one thread.
class EventSink {
  /// Nanoseconds.
  let interval: Int64
  /// A Python function that gives seconds, owned; nil for the monotonic clock.
  let timer: ObjectPointer?
  /// What the context variable's tuple holds in the contexts that the sink belongs to; nil for all contexts.
  let token: ObjectPointer?
  let mode: AsyncMode
  /// When the last sample was, on the sink's clock, in nanoseconds.
  var lastTime: Int64 = 0
  var isListening = false
  /// Its clock or function has raised an exception: it gets nothing any more.
  var hasFailed = false
  private(set) var state = ContextState.inContext
  /// The stack when the thread left the sink's context.
  private(set) var info: TracedStack = []
  /// The stack that was waiting when the thread came back to the sink's context, and how deep it was then.
  private var waiting: (info: TracedStack, depth: Int)?

  init(interval: Int64, timer: ObjectPointer?, token: ObjectPointer?, mode: AsyncMode) {
    self.interval = interval
    self.timer = timer
    self.token = mode == .disabled ? nil : token
    self.mode = mode
  }

  /// The time on the sink's clock, in nanoseconds. Nil if the clock fails, with an exception set.
  func now(_ calls: InterpreterCalls) -> Int64? {
    guard let timer else { return monotonicNow() }
    guard let value = calls.callObject(timer, nil) else { return nil }
    defer { calls.decrement(value) }
    let seconds = calls.float(value)
    if seconds == -1, calls.errorOccurred() != nil { return nil }
    guard seconds.isFinite, abs(seconds) < 9e9 else { return lastTime }
    return Int64((seconds * 1e9).rounded())
  }

  /// The thread comes into the sink's context, called from the frames of `stack`.
  func enter(from stack: TracedStack) {
    waiting = state == .awaited ? (info, stack.count) : nil
    state = .inContext
    info = []
  }

  /// The thread leaves the sink's context with `stack` still running, above which frames have been suspended.
  ///
  /// Where nothing was suspended and all that was called in the context has returned, it was a callback, such as the
  /// one that ends a task's wait: the task goes on waiting until its own turn.
  func leave(to stack: TracedStack, suspended: TracedStack) {
    if suspended.isEmpty, let waiting, stack.count <= waiting.depth {
      state = .awaited
      info = waiting.info
    } else {
      state = suspended.isEmpty ? .unknown : .awaited
      info = stack + suspended
    }
  }

  /// Whether what the thread runs now is shown as it is.
  var showsRealStack: Bool {
    state == .inContext || (state == .unknown && mode == .enabled)
  }

  /// The stack that time outside of the sink's context belongs to.
  var stackOutOfContext: TracedStack { info + [state == .awaited ? .await : .outOfContext] }

  /// Takes a sample: `elapsed` nanoseconds since the one before. False with a Python exception set.
  func take(_ stack: TracedStack, elapsed: Int64, reader: FrameReader) -> Bool { true }

  /// The thread has ended while the sink was listening.
  func threadEnded() {}
}
