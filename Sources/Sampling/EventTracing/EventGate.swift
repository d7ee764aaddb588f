/// What the profile function looks at on every event, in memory that stays where it is. The tracer's thread writes it
/// with the GIL; `due`, `isTickerParked` and `restUntil` are shared with the ticker.
struct EventGate: BitwiseCopyable {
  /// A futex: 1 says that a sample is due.
  var due: Int32 = 0
  var isTickerParked: Int32 = 0
  /// Nothing is due before this time on the monotonic clock, in nanoseconds.
  var restUntil: UInt64 = 0
  /// A clock has to be asked at every event.
  var isEveryEventTimed = false
  /// A recording belongs to contexts.
  var tracksContexts = false
  /// Frames have been suspended one after the other by the events just before.
  var hasSuspended = false
  /// Where the thread's current context is; nil where that isn't known.
  var contextAddress: UnsafeRawPointer?
  /// The context of the last event.
  var context: UInt = 0
  /// How a frame's flags can be told at once; nil where that isn't known.
  var frameFlags: FrameFlagsReader?
  /// Owned by the capsule that is the profile object.
  let tracer: Unmanaged<EventTracer>

  init(tracer: Unmanaged<EventTracer>) { self.tracer = tracer }

  /// The identity of the thread's current context; 0 where that isn't known.
  @inline(__always)
  var currentContext: UInt {
    // Safe: a member of the state of the thread that asks.
    contextAddress?.load(as: UInt.self) ?? 0
  }

  /// Whether an event changes nothing: no sample is due, the thread is in the context that it was in, and no frame may
  /// have been suspended.
  @inline(__always)
  func isIdle(isReturn: Bool, frame: ObjectPointer) -> Bool {
    if due != 0 || isEveryEventTimed { return false }
    if !tracksContexts { return true }
    guard !hasSuspended, contextAddress != nil, currentContext == context else { return false }
    return !isReturn || frameFlags?.isSuspendable(frame) == false
  }
}
