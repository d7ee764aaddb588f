import Profile

/// A sink that records.
final class RecordingSink: EventSink {
  private let own: OwnCode
  private var recording = Recording()
  private let samples: ThreadSamples
  private(set) var hasEnded = false
  private var startTime: Int64 = 0
  /// The thread's CPU time at the last sample, in nanoseconds.
  private var lastCPUTime: Int64 = 0
  private var credit = CPUTimeCredit()
  /// What each row of the reader's code objects and strings is in the recording, once it has been met.
  private var functions: [Int32: (id: FunctionID, origin: CodeObject.Origin)] = [:]
  private var builtIns: [Int32: FunctionID] = [:]
  private var classNames: [Int32: StringID] = [0: .empty]
  /// The last stack, and what it is in the recording up to each frame.
  private var lastStack: TracedStack = []
  private var lastIDs: [(stack: StackID, isStem: Bool)] = []

  init(
    interval: Int64, timer: ObjectPointer?, token: ObjectPointer?, mode: AsyncMode, own: OwnCode,
    threadName: String, threadIdentifier: UInt64
  ) {
    self.own = own
    samples = ThreadSamples(name: threadName, identifier: threadIdentifier)
    super.init(interval: interval, timer: timer, token: token, mode: mode)
  }

  /// Opens the recording with a sample without weight.
  func open(_ stack: TracedStack, at now: Int64, reader: FrameReader) {
    startTime = now
    lastTime = now
    lastCPUTime = threadTimeNow()
    recording.startStack = id(of: stack, reader: reader)
    samples.append(Sample(stack: recording.startStack, wallTime: 0))
  }

  override func take(_ stack: TracedStack, elapsed: Int64, reader: FrameReader) -> Bool {
    let isProgram = stack.last.map { $0.kind == .python || $0.kind == .builtIn } ?? true
    append(id(of: stack, reader: reader), elapsed, cpuTime: takeCPUTime(isProgram: isProgram))
    return true
  }

  /// Adds a sample.
  private func append(_ stack: StackID, _ elapsed: Int64, cpuTime: Int64) {
    let credited = credit.take(
      cpuTime, sample: samples.samples.count, isRunning: cpuTime >= elapsed / 2)
    samples.append(Sample(stack: stack, wallTime: elapsed, cpuTime: credited, state: .heldGIL))
  }

  /// The thread's CPU time since the last sample; none where that was spent by others than the recorded contexts, or
  /// where the program has a clock of its own.
  private func takeCPUTime(isProgram: Bool) -> Int64 {
    let now = threadTimeNow()
    defer { lastCPUTime = now }
    return isProgram && timer == nil ? max(0, now - lastCPUTime) : 0
  }

  override func threadEnded() {
    // Its clock has gone with it.
    if timer == nil { extend(to: monotonicNow(), cpuTime: 0) }
    hasEnded = true
  }

  /// Time in which nothing of the program was on the stack any more belongs to the last sample's stack.
  func extend(to now: Int64) { extend(to: now, cpuTime: takeCPUTime(isProgram: true)) }

  private func extend(to now: Int64, cpuTime: Int64) {
    let last = samples.samples.count - 1
    let stack = last >= 0 ? samples.samples[last].stack : .empty
    append(stack, max(0, now - lastTime), cpuTime: cpuTime)
    lastTime = max(now, lastTime)
  }

  /// Whether a stack has a frame of the program.
  func shows(_ stack: TracedStack, reader: FrameReader) -> Bool { id(of: stack, reader: reader) != .empty }

  /// The time from start to the last sample, in nanoseconds.
  var duration: Int64 { lastTime - startTime }

  /// Closes the recording; the sink is empty afterwards.
  func finish(_ metadata: SessionMetadata) -> Session {
    samples.settle(&credit)
    var finished = Recording()
    swap(&finished, &recording)
    return Session(finished, threads: [samples], metadata: metadata)
  }

  private func id(of stack: TracedStack, reader: FrameReader) -> StackID {
    var depth = 0
    while depth < stack.count, depth < lastStack.count, stack[depth] == lastStack[depth] { depth += 1 }
    lastIDs.removeLast(lastIDs.count - depth)
    for index in depth..<stack.count {
      let parent = lastIDs.last?.stack ?? .empty
      let (frame, origin) = self.frame(stack[index], reader: reader)
      let isStem = own.isStem(depth: index, origin: origin, isAboveStem: lastIDs.last?.isStem)
      let isLeftOut = isStem || origin == .own
      lastIDs.append((isLeftOut ? parent : recording.intern(parent: parent, frame: frame), isStem))
    }
    lastStack = stack
    return lastIDs.last?.stack ?? .empty
  }

  private func frame(_ traced: TracedFrame, reader: FrameReader) -> (FrameID, CodeObject.Origin) {
    switch traced.kind {
    case .await: return (recording.awaitFrame(), .program)
    case .outOfContext: return (recording.outOfContextFrame(), .program)
    case .builtIn:
      let function = builtIns[traced.row] ?? internBuiltIn(traced.row, reader: reader)
      return (recording.intern(Frame(function: function, line: 0)), .program)
    case .python:
      let code = reader.codes[Int(traced.row)]
      let function = functions[traced.row] ?? intern(code, row: traced.row)
      let name = classNames[traced.className] ?? internClass(traced.className, reader: reader)
      let frame = Frame(
        function: function.id, line: traced.line, className: name, flags: code.isHidden ? .hidden : [])
      return (recording.intern(frame), function.origin)
    }
  }

  private func intern(_ code: TracedCode, row: Int32) -> (id: FunctionID, origin: CodeObject.Origin) {
    let function = Function(
      name: intern(code.name), qualifiedName: intern(code.qualifiedName), file: intern(code.file),
      firstLine: code.firstLine)
    let origin = code.file.withUnsafeBufferPointer { own.origin(ofFile: $0) }
    let known = (id: recording.intern(function), origin: origin)
    functions[row] = known
    return known
  }

  private func internBuiltIn(_ row: Int32, reader: FrameReader) -> FunctionID {
    let name = intern(reader.text(row))
    let function = Function(
      name: name, qualifiedName: name, file: recording.intern("<built-in>"), firstLine: 0)
    let id = recording.intern(function)
    builtIns[row] = id
    return id
  }

  private func internClass(_ row: Int32, reader: FrameReader) -> StringID {
    let id = intern(reader.text(row))
    classNames[row] = id
    return id
  }

  private func intern(_ text: [UInt8]) -> StringID { text.withUnsafeBufferPointer { recording.intern($0) } }
}
