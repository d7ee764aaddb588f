import CPythonABI
import Glibc
import Profile

/// A thread that is being recorded: how it is read, and its samples so far.
///
/// Its stacks are rows of the tables of the `ProgramRecording` that it belongs to, which hands over what the threads
/// share.
struct RecordedThread<M: Memory>: ~Copyable {
  private(set) var identity: ThreadIdentity
  private let memory: M
  private let layout: Layout
  let processor: TargetProcessor
  private let clock: ThreadClock

  /// Nil once the thread has ended.
  private(set) var reader: UnsafeMutablePointer<ThreadReader>?
  /// The outermost frame's address at the start: a root that is known to be one.
  var knownRoot: UInt64 = 0

  /// Whether the stack of the last sample is known to have been the thread's at the last beat.
  var isValid = false
  /// Whether the interpreter's list has the thread.
  var isListed = true
  /// Whether this look has to read the thread.
  var isNeeded = true
  /// Whether the last walk was in order.
  private(set) var isSound = false
  /// Whether the thread's state turned out to be another's, or gone.
  private(set) var hasGone = false
  /// Whether the last walk needed memory that wasn't in the batch.
  private(set) var readBeyondBatch = false

  private(set) var samples = SampleColumns()
  private(set) var stack = StackID.empty
  /// Nanoseconds on the monotonic clock.
  private(set) var startTime: Int64
  private(set) var lastSampleTime: Int64
  /// The thread's CPU time so far, in nanoseconds.
  private var lastCPUTime: Int64
  private var credit = CPUTimeCredit()
  /// Whether the thread has ended, and with it its recording.
  private(set) var hasEnded = false

  init(
    _ identity: ThreadIdentity, reader: UnsafeMutablePointer<ThreadReader>, layout: Layout, memory: M,
    sequences: RestartableSequences?, at now: Int64
  ) {
    self.identity = identity
    self.memory = memory
    self.layout = layout
    processor = TargetProcessor(identity, sequences: sequences)
    clock = ThreadClock(nativeIdentifier: identity.nativeIdentifier)
    self.reader = reader
    startTime = now
    lastSampleTime = now
    lastCPUTime = clock.now() ?? 0
  }

  // MARK: - Reading

  /// Adds the thread's state and all that the last walk touched to a batch, as `owner`'s; `finishBatch` takes the
  /// result.
  mutating func prepare(_ batch: inout ReadBatch, owner: Int) {
    isSound = false
    guard let reader else { return }
    reader.pointee.chain.removeAll()
    batch.add(identity.address, layout.threadReadSize, into: reader.pointee.head, owner: owner)
    reader.pointee.copy.prepare(&batch, owner: owner)
  }

  /// Takes the batch's result, and reads the state alone where something of the thread's had gone. False if the state
  /// itself has.
  mutating func finishBatch(hasFailed: Bool) -> Bool {
    guard let reader else { return false }
    if hasFailed { reader.pointee.copy.forget() } else { reader.pointee.copy.accept() }
    hasGone = hasFailed ? !readState(reader) : state(reader).identity != identity
    return !hasGone
  }

  /// Reads the thread's state alone. False if it can't be read or isn't this thread's any more.
  private func readState(_ reader: UnsafeMutablePointer<ThreadReader>) -> Bool {
    memory.read(identity.address, layout.threadReadSize, into: reader.pointee.head)
      && state(reader).identity == identity
  }

  /// The state that was read last.
  private func state(_ reader: UnsafeMutablePointer<ThreadReader>) -> ThreadState {
    ThreadState(reader.pointee.head, at: identity.address, layout: layout)
  }

  /// Walks the frames and looks their code up. Nil if the chain is one that can be.
  mutating func walk(
    cache: inout CodeCache, checker: inout CodeChecker
  ) -> FrameChain.Fault? {
    guard let reader else { return .unreadable }
    let knownCode = cache.objects.count
    let nameReads = cache.nameReads
    let fault =
      reader.pointee.walk(state(reader), layout: layout, knownRoot: knownRoot, memory: memory)
      ?? reader.pointee.resolve(layout: layout, cache: &cache, checker: &checker, memory: memory)
    readBeyondBatch =
      reader.pointee.copy.extraReads > 0 || checker.count > 0 || cache.objects.count > knownCode
      || cache.nameReads > nameReads
    isSound = fault == nil
    if isSound {
      reader.pointee.copy.keepUsed()
    } else {
      reader.pointee.copy.forget()
      reader.pointee.chain.removeAll()
    }
    return fault
  }

  /// Takes a part of a stack for the thread's: the `depth` outermost frames of `other`.
  mutating func truncate(toOutermost depth: Int, of other: borrowing FrameChain) {
    isSound = false
    reader?.pointee.chain.assign(other)
    reader?.pointee.chain.keepOutermost(depth)
  }

  /// How many frames the last walk has found.
  var frameCount: Int { reader?.pointee.chain.count ?? 0 }

  /// Whether this is the system's thread that a state belongs to.
  func isThread(of state: ThreadIdentity) -> Bool {
    identity.thread == state.thread && identity.nativeIdentifier == state.nativeIdentifier
  }

  /// Whether the innermost frames are those of these code objects.
  func chainBegins(with codes: [UInt64]) -> Bool {
    guard let reader, codes.count <= reader.pointee.chain.count else { return false }
    for (index, code) in codes.enumerated() where reader.pointee.chain.codes[index] != code { return false }
    return true
  }

  /// Whether the thread still runs Python: the kernel has it, and its state is this thread's and holds a frame.
  func isAlive() -> Bool {
    guard exists, let reader, readState(reader) else { return false }
    let frame = state(reader).frame
    guard let current = layout.cFrameCurrent, frame != 0 else { return frame != 0 }
    guard let frame = memory.word(frame &+ UInt64(current)) else { return false }
    return frame != 0
  }

  /// Whether the kernel still has the thread.
  var exists: Bool { spinetail_thread_exists(Int32(truncatingIfNeeded: identity.nativeIdentifier)) != 0 }

  // MARK: - Recording

  /// The stack of the last walk, as one of the recording.
  mutating func currentStack(
    cache: borrowing CodeCache, names: inout NameTranslation, recording: inout Recording
  ) -> StackID {
    guard let reader else { return .empty }
    let unchanged = reader.pointee.chain.takeUnchangedDepth()
    return reader.pointee.recorder.stack(
      of: reader.pointee.chain, unchanged: unchanged, cache: cache, names: &names, layout: layout,
      recording: &recording)
  }

  /// Opens the recording with a sample without weight, so that one shorter than the interval has a stack.
  mutating func open(_ stack: StackID, at now: Int64) {
    startTime = now
    lastSampleTime = now
    lastCPUTime = clock.now() ?? lastCPUTime
    knownRoot = reader?.pointee.chain.bottom ?? 0
    append(stack, wallTime: 0, cpuTime: 0, state: [])
    isValid = true
  }

  /// Adds a sample: the time since the beat before belongs to `stack`, and what time went by unlooked at before that
  /// beat to the stack before, since the thread had not run Python meanwhile.
  mutating func record(_ stack: StackID, _ state: SampleState, at now: Int64, previousBeat: Int64) {
    let skipped = min(previousBeat, now) - lastSampleTime
    var left = takeCPUTime()
    if skipped > 0 {
      let own = min(left, skipped)
      left -= own
      extend(by: skipped, cpuTime: own)
    }
    let isRunning = state.contains(.heldGIL) || (left > 0 && processor.isRunnable)
    let credited = credit.take(left, sample: samples.count, isRunning: isRunning)
    append(stack, wallTime: max(0, now - lastSampleTime), cpuTime: credited, state: state)
    lastSampleTime = max(now, lastSampleTime)
  }

  /// Ends the recording: what time is left belongs to the last stack.
  mutating func close(at now: Int64, hasEnded: Bool) {
    extend(by: now - lastSampleTime, cpuTime: takeCPUTime())
    credit.settle(in: &samples)
    self.hasEnded = hasEnded
  }

  /// Gives up what reads the thread, which has ended; nil if that is done. There may be many such threads, so what
  /// remains is small.
  mutating func takeReader() -> UnsafeMutablePointer<ThreadReader>? {
    defer { reader = nil }
    samples.compact()
    return reader
  }

  /// The thread goes on after it had no state for a while, as a thread that isn't Python's does between two calls.
  mutating func revive(
    _ identity: ThreadIdentity, reader: UnsafeMutablePointer<ThreadReader>, at now: Int64
  ) {
    self.identity = identity
    self.reader = reader
    hasEnded = false
    hasGone = false
    isValid = false
    lastSampleTime = now
    _ = takeCPUTime()
  }

  /// The thread's samples in a session that began at `sessionStart`; none are left behind.
  mutating func takeSamples(name: String, sessionStart: Int64) -> ThreadSamples {
    var taken = SampleColumns()
    swap(&taken, &samples)
    return ThreadSamples(
      name: name, identifier: identity.thread, start: max(0, startTime - sessionStart), samples: taken)
  }

  /// More time at the last stack.
  private mutating func extend(by time: Int64, cpuTime: Int64) {
    guard time > 0 || cpuTime > 0 else { return }
    let last = samples.count - 1
    if last >= 0, samples[last].state == [], samples[last].stack == stack {
      samples[last].wallTime += max(0, time)
      samples[last].cpuTime += cpuTime
    } else {
      append(stack, wallTime: max(0, time), cpuTime: cpuTime, state: [])
    }
    lastSampleTime += max(0, time)
  }

  private mutating func append(_ stack: StackID, wallTime: Int64, cpuTime: Int64, state: SampleState) {
    self.stack = stack
    samples.append(Sample(stack: stack, wallTime: wallTime, cpuTime: cpuTime, state: state))
  }

  private mutating func takeCPUTime() -> Int64 {
    guard let now = clock.now() else { return 0 }
    defer { lastCPUTime = now }
    return max(0, now - lastCPUTime)
  }
}
