import CPythonABI
import Glibc
import Profile

/// A recording of one thread by CPython's call and return events.
public final class EventRecording: ActiveRecording {
  private let tracer: EventTracer
  private let sink: RecordingSink
  private let identity: ThreadIdentity
  private let process = getpid()
  private var isStopped = false

  /// Starts to record the calling thread.
  ///
  /// - Parameters:
  ///   - version: What `Py_GetVersion()` says.
  ///   - threadState: The address of the calling thread's `PyThreadState`.
  ///   - interval: Nanoseconds between samples.
  ///   - timer: A Python function that gives the time in seconds, borrowed; nil for the monotonic clock.
  ///   - asyncMode: "enabled", "strict" or "disabled".
  ///   - contextVariable: The variable, borrowed, that holds a tuple with `token` in the contexts that are recorded.
  public init(
    version: String, threadState: UInt64, threadName: String, interval: Int64, own: OwnCode,
    timer: OpaquePointer?, asyncMode: String, contextVariable: OpaquePointer?, token: OpaquePointer?
  ) throws(SamplerError) {
    let calls = try EventTracer.calls(version: version)
    identity = ThreadIdentity(
      address: threadState, thread: UInt64(pthread_self()), nativeIdentifier: UInt64(spinetail_gettid()))
    tracer = try EventTracer.ofCurrentThread(
      threadState: threadState, calls: calls, contextVariable: contextVariable.map { ObjectPointer($0) })
    let timer = timer.map { ObjectPointer($0) }
    if let timer { calls.increment(timer) }
    sink = RecordingSink(
      interval: interval, timer: timer, token: token.map { ObjectPointer($0) },
      mode: AsyncMode(rawValue: asyncMode) ?? .disabled, own: own, threadName: threadName,
      threadIdentifier: identity.thread)
    super.init()
    guard let now = sink.now(calls) else { throw .timerFailed }
    sink.open(tracer.currentStack(), at: now, reader: tracer.reader)
    tracer.add(sink)
  }

  deinit {
    if !isStopped, process == getpid(), !sink.hasEnded { tracer.remove(sink) }
    if let timer = sink.timer { tracer.calls.decrement(timer) }
  }

  public override var isRunning: Bool { !isStopped && process == getpid() }

  public override var threadHasEnded: Bool { isRunning && sink.hasEnded }

  public override func stop(
    threadState: UInt64, metadata: SessionMetadata, threadNames: () -> [UInt64: String],
    withoutGIL: (() -> Void) -> Void
  ) throws(RecordingStopError) -> Session {
    guard isRunning else { throw .alreadyStopped }
    let isOwn = threadState == identity.address && UInt64(spinetail_gettid()) == identity.nativeIdentifier
    guard isOwn || sink.hasEnded else { throw .wrongThread }
    if !sink.hasEnded, !sink.hasFailed {
      guard let now = sink.now(tracer.calls) else {
        sink.hasFailed = true
        tracer.remove(sink)
        throw .timerFailed
      }
      let stack = tracer.currentStack()
      if sink.state != .inContext || sink.shows(stack, reader: tracer.reader) {
        _ = tracer.credit(sink, at: now, stack)
      } else {
        sink.extend(to: now)
      }
    }
    if !sink.hasEnded { tracer.remove(sink) }
    isStopped = true
    var metadata = metadata
    metadata.duration = Double(sink.duration) / 1e9
    metadata.minInterval = Double(sink.interval) / 1e9
    metadata.maxInterval = metadata.minInterval
    metadata.engine = "setprofile"
    return sink.finish(metadata)
  }
}

/// A Python function that gets the samples of the thread that subscribed it.
public final class EventSubscription {
  private let tracer: EventTracer
  private let sink: TargetSink
  private let process = getpid()
  private var isEnded = false

  /// Subscribes `target`, a borrowed reference; other parameters as in `EventRecording.init`.
  ///
  /// - Parameter call: Calls the target with a stack (outermost frame first, UTF-8), seconds, and the state and the
  ///   stack at the switch of a listener that belongs to contexts. False with a Python exception set.
  public init(
    target: OpaquePointer, version: String, threadState: UInt64, threadName: String, interval: Int64,
    timer: OpaquePointer?, contextVariable: OpaquePointer?, token: OpaquePointer?,
    call: @escaping (OpaquePointer, [[UInt8]], Double, String?, [[UInt8]]?) -> Bool
  ) throws(SamplerError) {
    let calls = try EventTracer.calls(version: version)
    tracer = try EventTracer.ofCurrentThread(
      threadState: threadState, calls: calls, contextVariable: contextVariable.map { ObjectPointer($0) })
    let timer = timer.map { ObjectPointer($0) }
    if let timer { calls.increment(timer) }
    calls.increment(ObjectPointer(target))
    sink = TargetSink(
      target: ObjectPointer(target), interval: interval, timer: timer, token: token.map { ObjectPointer($0) },
      threadName: threadName, threadIdentifier: UInt64(pthread_self())
    ) { call(OpaquePointer($0), $1, $2, $3, $4) }
    guard let now = sink.now(calls) else { throw .timerFailed }
    sink.lastTime = now
    tracer.add(sink)
  }

  /// The frame-info string of a frame, a borrowed reference, as UTF-8.
  public static func frameInfo(of frame: OpaquePointer, version: String) throws(SamplerError) -> [UInt8] {
    let reader = FrameReader(calls: try EventTracer.calls(version: version))
    return reader.traced(ObjectPointer(frame)).map { FrameInfo.text($0, reader: reader) } ?? []
  }

  /// Ends the subscription; does nothing the second time, and in a forked child.
  public func end() {
    guard !isEnded, process == getpid() else { return }
    isEnded = true
    tracer.remove(sink)
  }

  deinit {
    end()
    if let timer = sink.timer { tracer.calls.decrement(timer) }
    sink.release(tracer.calls)
  }
}
