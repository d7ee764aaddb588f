import CPythonABI
import Glibc
import Profile

/// A thread that is being recorded: how it is read, when it is due, and what is known so far.
public struct RecordedThread<M: Memory>: ~Copyable {
  public let identity: ThreadIdentity
  let memory: M
  let interpreter: InterpreterAddresses
  let processor: TargetProcessor

  public var recording = Recording()
  public private(set) var samples = SampleColumns()
  let name: String
  /// The copy of the thread's `PyThreadState`.
  let head: UnsafeMutableRawPointer
  var copy = StackCopy()
  var chain = FrameChain()
  var cache: CodeCache
  var checker: CodeChecker
  var recorder: StackRecorder
  /// The outermost frame's address at the start: a root that is known to be one.
  var knownRoot: UInt64 = 0
  var lookCount: UInt64 = 0
  /// Whether the last walk needed memory that wasn't in the batch.
  private(set) var readBeyondBatch = false

  var deadline: Deadline
  /// Attempts of the beat that is under way.
  var attempts = 0
  /// Nanoseconds on the monotonic clock.
  public private(set) var startTime: Int64
  public private(set) var lastSampleTime: Int64
  /// Whether the thread has ended, and with it the recording.
  public private(set) var hasEnded = false

  init(
    _ identity: ThreadIdentity, interpreter: InterpreterAddresses, memory: M,
    sequences: RestartableSequences?, threadName: String, interval: Int64, own: OwnCode
  ) {
    self.identity = identity
    self.memory = memory
    self.interpreter = interpreter
    processor = TargetProcessor(identity, sequences: sequences)
    name = threadName
    head = .allocate(byteCount: interpreter.layout.threadReadSize, alignment: 16)
    cache = CodeCache(layout: interpreter.layout, codeType: interpreter.codeType, own: own)
    checker = CodeChecker(layout: interpreter.layout)
    recorder = StackRecorder(own: own)
    let now = monotonicNow()
    deadline = Deadline(interval: interval, now: now)
    startTime = now
    lastSampleTime = now
  }

  /// Frees what isn't freed by itself. The recording isn't touched.
  func releaseBuffers() { head.deallocate() }

  /// Adds the thread's state and all that the last walk touched to a batch; `finishBatch` takes the result.
  mutating func prepare(_ batch: inout ReadBatch) {
    batch.add(identity.address, interpreter.layout.threadReadSize, into: head)
    copy.prepare(&batch)
  }

  /// Takes the batch's result, and reads the state alone where the batch wasn't whole. False if it has gone.
  mutating func finishBatch(isWhole: Bool) -> Bool {
    if isWhole {
      copy.accept()
      return state.identity == identity
    }
    copy.forget()
    return readState()
  }

  /// Reads the thread's state alone. False if it can't be read or isn't this thread's any more.
  private func readState() -> Bool {
    memory.read(identity.address, interpreter.layout.threadReadSize, into: head) && state.identity == identity
  }

  /// The state that was read last.
  private var state: ThreadState { ThreadState(head, at: identity.address, layout: interpreter.layout) }

  /// Walks the frames and looks their code up. Nil if the chain is one that can be.
  mutating func walk() -> FrameChain.Fault? {
    lookCount += 1
    let knownCode = cache.objects.count
    let fault =
      chain.walk(state, layout: interpreter.layout, knownRoot: knownRoot, copy: &copy, memory: memory)
      ?? chain.resolve(
        layout: interpreter.layout, cache: &cache, recording: &recording, checker: &checker,
        look: lookCount, memory: memory)
    readBeyondBatch = copy.extraReads > 0 || checker.count > 0 || cache.objects.count > knownCode
    if fault == nil {
      copy.keepUsed()
    } else {
      copy.forget()
      chain.removeAll()
    }
    return fault
  }

  /// Reads the stack while the thread stands still anyway: the calling thread's own.
  mutating func readAtRest(_ batch: inout ReadBatch) -> FrameChain.Fault? {
    batch.removeAll()
    prepare(&batch)
    guard finishBatch(isWhole: batch.read(from: memory)) else { return .unreadable }
    return walk()
  }

  /// Whether the innermost frames are those of these code objects.
  func chainBegins(with codes: [UInt64]) -> Bool {
    guard codes.count <= chain.count else { return false }
    for (index, code) in codes.enumerated() where chain.codes[index] != code { return false }
    return true
  }

  /// Whether the thread still runs Python: the kernel has it, and its state is this thread's and holds a frame.
  func isAlive() -> Bool {
    guard exists, readState() else { return false }
    guard let current = interpreter.layout.cFrameCurrent, state.frame != 0 else { return state.frame != 0 }
    guard let frame = memory.word(state.frame &+ UInt64(current)) else { return false }
    return frame != 0
  }

  /// Closes the recording, which is empty afterwards.
  mutating func finish(_ metadata: SessionMetadata) -> Session {
    var finished = Recording()
    swap(&finished, &recording)
    var taken = SampleColumns()
    swap(&taken, &samples)
    let thread = ThreadSamples(name: name, identifier: identity.thread, samples: taken)
    return Session(finished, threads: [thread], metadata: metadata)
  }

  /// Whether the kernel still has the thread.
  var exists: Bool { spinetail_thread_exists(Int32(truncatingIfNeeded: identity.nativeIdentifier)) != 0 }

  /// The stack of the last walk, as one of the recording.
  mutating func currentStack() -> StackID {
    recorder.stack(of: chain, cache: cache, layout: interpreter.layout, recording: &recording)
  }

  /// Records the last walk: the time since the previous sample belongs to its stack.
  mutating func record(_ state: SampleState, at now: Int64) {
    samples.append(Sample(stack: currentStack(), wallTime: max(0, now - lastSampleTime), state: state))
    lastSampleTime = max(now, lastSampleTime)
  }

  /// Opens the recording with a sample without weight, so that a recording shorter than the interval has a stack.
  mutating func open(at now: Int64) {
    startTime = now
    lastSampleTime = now
    knownRoot = chain.bottom
    let stack = currentStack()
    recording.startStack = stack
    samples.append(Sample(stack: stack, wallTime: 0))
  }

  /// Ends the recording because the thread has ended: what time is left belongs to its last stack.
  mutating func close(at now: Int64) {
    let last = samples.count - 1
    let stack = last >= 0 ? samples[last].stack : .empty
    samples.append(Sample(stack: stack, wallTime: max(0, now - lastSampleTime)))
    lastSampleTime = max(now, lastSampleTime)
    hasEnded = true
  }
}
