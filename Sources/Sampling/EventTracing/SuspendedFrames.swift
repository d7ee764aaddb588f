/// The frames that have been suspended by the events just before, each awaited by the next: what a task waits in when
/// the thread leaves its context.
struct SuspendedFrames {
  /// How many events an interruption may have. A program that goes on mustn't pay for what is remembered.
  private static let interruptionLimit = 200

  /// Innermost first.
  private var chain: TracedStack = []
  /// Whether the chain has been interrupted, so that a frame that returns now is none that waits for it.
  private var isComplete = false
  /// A chain after which Python code has been called, by a future or as a finalizer: it is valid again when that has
  /// returned, unless it is suspended itself.
  private var interrupted: TracedStack = []
  /// How deep the thread is in such code, and how many events it may still have.
  private var callDepth = 0
  private var eventsLeft = 0

  /// Whether nothing has been suspended just now.
  var isEmpty: Bool { chain.isEmpty && interrupted.isEmpty }

  /// The frames that wait if the thread leaves the context now, outermost first.
  var stack: TracedStack { chain.reversed() }

  mutating func called(reader: FrameReader) {
    if countsInterruption() {
      callDepth += 1
    } else if let last = chain.last, reader.codes[Int(last.row)].isCoroutine {
      swap(&chain, &interrupted)
      callDepth = 1
      eventsLeft = Self.interruptionLimit
    }
    breakOff()
  }

  /// A frame has returned or, if it can be, was suspended.
  mutating func returned(from frame: ObjectPointer, reader: FrameReader) {
    if reader.isSuspendable(frame), let traced = reader.traced(frame) {
      if isComplete { breakOff() }
      chain.append(traced)
    } else {
      breakOff()
    }
    guard countsInterruption() else { return }
    callDepth -= 1
    guard callDepth == 0 else { return }
    if chain.isEmpty {
      swap(&chain, &interrupted)
      isComplete = true
    } else {
      interrupted.removeAll(keepingCapacity: true)
    }
  }

  /// A frame goes on by itself.
  mutating func wentOn() {
    _ = countsInterruption()
    breakOff()
  }

  /// The thread is in another context.
  mutating func clear() {
    breakOff()
    interrupted.removeAll(keepingCapacity: true)
  }

  private mutating func breakOff() {
    if !chain.isEmpty { chain.removeAll(keepingCapacity: true) }
    isComplete = false
  }

  private mutating func countsInterruption() -> Bool {
    guard !interrupted.isEmpty else { return false }
    eventsLeft -= 1
    if eventsLeft < 0 { interrupted.removeAll(keepingCapacity: true) }
    return eventsLeft >= 0
  }
}
