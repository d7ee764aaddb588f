import CPythonABI
import Glibc
import Profile

/// The events of one thread: its profile function and those who listen.
///
/// A sample is due when the interval has passed; the next call or return takes it. All is done on the thread itself,
/// with the GIL, but for the ticker.
final class EventTracer {
  /// `PyTrace_*` (Include/cpython/pystate.h, the same from 3.7 to 3.15).
  private enum Event {
    static let call: Int32 = 0
    static let functionReturn: Int32 = 3
    static let builtInException: Int32 = 5
    static let builtInReturn: Int32 = 6
  }

  /// After a sample there is none for this many times what it cost, so that deep stacks can't make the program crawl.
  private static let restFactor: Int64 = 3

  // Unsafe as the compiler sees it: guarded by the GIL.
  private nonisolated(unsafe) static var tracers: [UInt64: EventTracer] = [:]
  private nonisolated(unsafe) static var process = getpid()

  let calls: InterpreterCalls
  let reader: FrameReader
  private let threadState: UInt64
  private let thread = pthread_self()
  private let gate: UnsafeMutablePointer<EventGate>
  private var sinks: [EventSink] = []
  private var ticker: EventTicker?
  private var tickerInterval: Int64 = 0
  /// The profile object, which `sys.getprofile()` gives: owned by the interpreter.
  private var capsule: ObjectPointer?
  private var suspended = SuspendedFrames()
  /// Owned; nil until a listener has brought it.
  private var contextVariable: ObjectPointer?

  /// The interpreter's functions. `version` is what `Py_GetVersion()` says.
  static func calls(version: String) throws(SamplerError) -> InterpreterCalls {
    let release = String(version.prefix { $0 != " " })
    let numbers = release.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? -1 }
    guard numbers.count >= 2, numbers[0] == 3, numbers[1] >= 7 else {
      throw .missingFunction(name: "known frame structure", release: release)
    }
    guard !version.contains("free-threading") else { throw .freeThreaded(release: release) }
    switch InterpreterCalls.find(minor: numbers[1]) {
    case .success(let calls): return calls
    case .failure(let missing): throw .missingFunction(name: missing.name, release: release)
    }
  }

  /// The calling thread's tracer, made and installed if there is none.
  static func ofCurrentThread(
    threadState: UInt64, calls: InterpreterCalls, contextVariable: ObjectPointer?
  ) throws(SamplerError) -> EventTracer {
    forgetParents()
    if let tracer = tracers[threadState], tracer.isInstalled {
      tracer.use(contextVariable)
      return tracer
    }
    let tracer = EventTracer(threadState: threadState, calls: calls)
    tracer.use(contextVariable)
    try tracer.install()
    tracers[threadState] = tracer
    return tracer
  }

  private init(threadState: UInt64, calls: InterpreterCalls) {
    self.threadState = threadState
    self.calls = calls
    reader = FrameReader(calls: calls)
    gate = .allocate(capacity: 1)
    gate.initialize(to: EventGate(tracer: Unmanaged.passUnretained(self)))
    gate.pointee.contextAddress = ContextAddress.find(threadState: threadState, calls: calls)
    gate.pointee.frameFlags = FrameFlagsReader(calls: calls)
  }

  deinit {
    if let contextVariable { calls.decrement(contextVariable) }
    gate.deallocate()
  }

  private func use(_ contextVariable: ObjectPointer?) {
    guard let contextVariable, self.contextVariable == nil else { return }
    calls.increment(contextVariable)
    self.contextVariable = contextVariable
  }

  // MARK: - Listeners

  /// Adds a listener, whose clock starts now.
  func add(_ sink: EventSink) {
    sinks.append(sink)
    sink.isListening = true
    refresh()
  }

  /// Takes a listener out; with the last one goes the profile function. On another thread, where the last reference to
  /// a profiler may have been dropped, it goes with the next event of its own thread.
  func remove(_ sink: EventSink) {
    sinks.removeAll { $0 === sink }
    sink.isListening = false
    refresh()
    guard sinks.isEmpty else { return }
    if pthread_equal(thread, pthread_self()) != 0 {
      uninstall()
    } else {
      spinetail_store32(&gate.pointee.due, 1)
    }
  }

  /// The stack of the running Python code.
  func currentStack() -> TracedStack { reader.stack(from: calls.currentFrame()) }

  /// Credits the time since a listener's last sample to where its thread is now.
  func credit(_ sink: EventSink, at now: Int64, _ stack: @autoclosure () -> TracedStack) -> Bool {
    let elapsed = max(0, now - sink.lastTime)
    sink.lastTime = max(now, sink.lastTime)
    return sink.take(sink.showsRealStack ? stack() : sink.stackOutOfContext, elapsed: elapsed, reader: reader)
  }

  private func refresh() {
    let hasTracked = gate.pointee.tracksContexts
    gate.pointee.tracksContexts = sinks.contains { $0.token != nil }
    if !hasTracked { gate.pointee.context = gate.pointee.currentContext }
    let interval = sinks.filter { $0.timer == nil }.map(\.interval).min()
    if interval != (ticker == nil ? nil : tickerInterval) {
      ticker?.stop()
      ticker = nil
      if let interval {
        ticker = EventTicker(gate: gate, interval: interval)
        tickerInterval = interval
      }
    }
    gate.pointee.isEveryEventTimed = sinks.contains { $0.timer != nil } || (interval != nil && ticker == nil)
  }

  // MARK: - The profile function

  /// Whether the thread's profile function is this tracer's.
  private var isInstalled: Bool {
    guard let capsule, let current = Self.currentProfileObject(calls) else { return false }
    calls.decrement(current)
    return current == capsule
  }

  private func install() throws(SamplerError) {
    if let current = Self.currentProfileObject(calls) {
      defer { calls.decrement(current) }
      if !Self.isNone(current) { throw .anotherProfileFunction }
    }
    // Owned by the capsule, see `destroy`.
    let owned = gate.pointee.tracer.retain()
    guard let capsule = calls.makeCapsule(gate, Self.capsuleName, Self.destroy) else {
      owned.release()
      calls.clearError()
      throw .noThread(reason: "out of memory")
    }
    self.capsule = capsule
    calls.setProfile(Self.profileFunction, capsule)
    // The interpreter holds the capsule while the function is installed.
    calls.decrement(capsule)
  }

  private func uninstall() {
    if Self.tracers[threadState] === self { Self.tracers[threadState] = nil }
    // The exception that a listener has raised stays the program's.
    calls.keepingException {
      if isInstalled { calls.setProfile(nil, nil) }
    }
    capsule = nil
  }

  private static var capsuleName: UnsafePointer<CChar> { InterpreterCalls.cString("spinetail.EventTracer") }

  /// PyCapsule.pointer (Objects/capsule.c: right behind the object's header).
  @inline(__always)
  private static func gate(in capsule: ObjectPointer) -> UnsafeMutablePointer<EventGate> {
    capsule.load(fromByteOffset: 16, as: UnsafeMutablePointer<EventGate>.self)
  }

  /// The interpreter gives the profile object up: the function was taken out, or the thread has ended.
  private static let destroy: @convention(c) (ObjectPointer?) -> Void = { capsule in
    guard let capsule else { return }
    let owned = EventTracer.gate(in: capsule).pointee.tracer
    owned.takeUnretainedValue().lost()
    owned.release()
  }

  private func lost() {
    guard capsule != nil, Self.process == getpid() else { return }
    capsule = nil
    if Self.tracers[threadState] === self { Self.tracers[threadState] = nil }
    for sink in sinks { sink.threadEnded() }
    ticker?.stop()
    ticker = nil
  }

  private static let profileFunction: TraceFunction = { capsule, frame, event, argument in
    guard let capsule, let frame else { return 0 }
    let gate = EventTracer.gate(in: capsule)
    if gate.pointee.isIdle(isReturn: event == Event.functionReturn, frame: frame) { return 0 }
    return gate.pointee.tracer.takeUnretainedValue().handle(frame, event, argument) ? 0 : -1
  }

  /// False with an exception set.
  private func handle(_ frame: ObjectPointer, _ event: Int32, _ argument: ObjectPointer?) -> Bool {
    if gate.pointee.tracksContexts {
      guard noticeContext(frame, event) else { return false }
      switch event {
      case Event.call: suspended.called(reader: reader)
      case Event.functionReturn: suspended.returned(from: frame, reader: reader)
      default: suspended.wentOn()
      }
      gate.pointee.hasSuspended = !suspended.isEmpty
    }
    guard gate.pointee.due != 0 || gate.pointee.isEveryEventTimed else { return true }
    return sample(frame, event, argument)
  }

  private func sample(_ frame: ObjectPointer, _ event: Int32, _ argument: ObjectPointer?) -> Bool {
    if sinks.isEmpty {
      uninstall()
      return true
    }
    let isDue = gate.pointee.due != 0
    let start = isDue ? threadTimeNow() : 0
    var stack: TracedStack?
    // A listener's function may take out others.
    for sink in sinks where sink.isListening {
      guard let now = sink.now(calls) else { return fail(sink) }
      let elapsed = now - sink.lastTime
      // The ticker keeps the beat of the shortest interval; a sample may be late and the next one in time.
      let isTicked = sink.timer == nil && isDue && elapsed >= sink.interval - tickerInterval / 2
      guard elapsed >= sink.interval || isTicked else { continue }
      if stack == nil, sink.showsRealStack { stack = self.stack(at: frame, event, argument) }
      guard credit(sink, at: now, stack ?? []) else { return fail(sink) }
    }
    if isDue {
      // CPU time, as the thread may lose its processor meanwhile.
      let rest = Self.restFactor * (threadTimeNow() - start)
      spinetail_store64(&gate.pointee.restUntil, UInt64(monotonicNow() + rest))
      EventTicker.hear(gate)
    }
    return true
  }

  /// A listener's clock or function has raised: it is out, and the exception is the program's.
  private func fail(_ sink: EventSink) -> Bool {
    sink.hasFailed = true
    remove(sink)
    return false
  }

  /// The stack that the time before an event belongs to: a call's is the caller's, a C function's return is its own.
  private func stack(at frame: ObjectPointer, _ event: Int32, _ argument: ObjectPointer?) -> TracedStack {
    if event == Event.call {
      let caller = calls.back(of: frame)
      defer { if let caller { calls.decrement(caller) } }
      return reader.stack(from: caller)
    }
    var stack = reader.stack(from: frame)
    if event == Event.builtInReturn || event == Event.builtInException, let argument,
      let leaf = reader.builtIn(argument)
    {
      stack.append(leaf)
    }
    return stack
  }

  // MARK: - Contexts

  /// The tokens that the context variable holds in the current context, borrowed.
  private func currentTokens() -> Set<ObjectPointer> {
    guard let contextVariable, let get = calls.contextVariable else { return [] }
    var value: ObjectPointer?
    guard get(contextVariable, nil, &value) == 0, let value else {
      calls.clearError()
      return []
    }
    defer { calls.decrement(value) }
    // Py_TPFLAGS_TUPLE_SUBCLASS
    let type = value.load(fromByteOffset: CPythonConstants.objectType, as: ObjectPointer.self)
    guard calls.typeFlags(type) & (1 << 26) != 0 else { return [] }
    return Set((0..<calls.tupleSize(value)).compactMap { calls.tupleItem(value, $0) })
  }

  /// Splits time where the thread changes from one context to another. False with an exception set.
  private func noticeContext(_ frame: ObjectPointer, _ event: Int32) -> Bool {
    let context = gate.pointee.currentContext
    guard context != gate.pointee.context || gate.pointee.contextAddress == nil else { return true }
    gate.pointee.context = context
    let tokens = currentTokens()
    var stack: TracedStack?
    let suspended = self.suspended.stack
    for sink in sinks where sink.isListening {
      guard let token = sink.token else { continue }
      let isInside = tokens.contains(token)
      guard isInside != (sink.state == .inContext) else { continue }
      let here = stack ?? self.stack(at: frame, event == Event.call ? event : -1, nil)
      stack = here
      guard let now = sink.now(calls), credit(sink, at: now, here + suspended) else {
        return fail(sink)
      }
      if isInside { sink.enter(from: here) } else { sink.leave(to: here, suspended: suspended) }
    }
    if stack != nil { self.suspended.clear() }
    return true
  }

  // MARK: - Forks

  /// Ends all tickers for a while.
  static func pauseAll() {
    for tracer in tracers.values {
      tracer.ticker?.stop()
      tracer.ticker = nil
    }
  }

  /// Goes on after `pauseAll`. A forked child listens to nothing.
  static func resumeAll() {
    forgetParents()
    for tracer in tracers.values { tracer.refresh() }
  }

  /// In a forked child: its parent's tracers aren't its own, and the profile function goes from the thread that forked.
  private static func forgetParents() {
    guard process != getpid() else { return }
    process = getpid()
    let parents = tracers
    tracers = [:]
    for tracer in parents.values {
      let isInstalled = tracer.isInstalled
      tracer.capsule = nil
      if isInstalled { tracer.calls.setProfile(nil, nil) }
    }
  }

  // MARK: - The interpreter

  /// What `sys.getprofile()` gives, as a new reference.
  private static func currentProfileObject(_ calls: InterpreterCalls) -> ObjectPointer? {
    guard let function = calls.systemObject(InterpreterCalls.cString("getprofile")) else { return nil }
    guard let object = calls.callObject(function, nil) else {
      calls.clearError()
      return nil
    }
    return object
  }

  private static func isNone(_ object: ObjectPointer) -> Bool { object == dlsym(nil, "_Py_NoneStruct") }
}
