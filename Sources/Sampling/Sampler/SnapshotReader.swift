import CPythonABI
import Profile

/// Looks at the threads of a recording and decides which looks to believe.
///
/// A look is made from the CPU that its target is on: the recorded thread or, where all are recorded, the one that has
/// the GIL or had it last. While a sampler thread runs there, the target doesn't, and as only the GIL's holder changes
/// frames, nothing that is read moves. A look counts if the target's CPU was the sampler's before and after, the sampler
/// wasn't taken off it in between, the GIL didn't change hands, and every chain of frames ends at a known root with every
/// instruction inside its code.
struct SnapshotReader<M: Memory>: ~Copyable {
  typealias RecordingPointer = UnsafeMutablePointer<ProgramRecording<M>>
  typealias ThreadPointer = ProgramRecording<M>.ThreadPointer

  enum Outcome {
    /// The look counts and is recorded.
    case accepted(SampleState, holder: UInt64?)
    /// The target is on another CPU, this one.
    case elsewhere(processor: Int32)
    /// The system doesn't say on which CPU the target is.
    case unplaced
    /// Something moved meanwhile.
    case moved
    /// Nothing moved, but the frames weren't in order: the target stands between two stores.
    case broken
    /// The only recorded thread has ended.
    case ended
  }

  /// How often the stacks are read from elsewhere until two reads in a row agree.
  private static var elsewhereTries: Int { 20 }

  /// Whether this processor makes loads in the order of the program, a system call's included: x86-64 does, ARM doesn't.
  static var ordersLoads: Bool {
    #if arch(x86_64)
      return true
    #else
      return false
    #endif
  }

  /// Whether one call may read the target's CPU, its frames, and its CPU again. Else that takes three, with fences.
  private let readsAtOnce: Bool
  private var batch = ReadBatch()
  /// The target's CPU before and after.
  private let processors: UnsafeMutablePointer<Int32>
  private var previous = FrameChain()

  init(readsAtOnce: Bool = Self.ordersLoads) {
    self.readsAtOnce = readsAtOnce
    processors = .allocate(capacity: 2)
    processors.initialize(repeating: -1, count: 2)
  }

  deinit { processors.deallocate() }

  /// Looks once, from the thread that `observer` stands for, and records what is believed.
  mutating func look<O: Observer>(at recording: RecordingPointer, observer: inout O) -> Outcome {
    let start = monotonicNow()
    let gil = recording.pointee.gilState
    if recording.pointee.needsList {
      guard recording.pointee.listThreads(at: start) else { return .moved }
    }
    let target = self.target(of: recording, gil, at: start)
    if target == nil, let holder = gil?.holder, holder != 0 { return .moved }
    guard recording.pointee.markNeeded(gil) > 0 else { return accept(recording, gil, []) }
    recording.pointee.beginLook()
    let mine = observer.processor
    observer.begin()
    let isComplete = read(recording, target: target)
    var isSound = true
    var readBeyondBatch = false
    if isComplete { walk(recording, isSound: &isSound, readBeyondBatch: &readBeyondBatch) }
    // What was read after the batch's last word needs a look at the CPU of its own.
    if let target, !isComplete || !isSound || readBeyondBatch {
      spinetail_acquire_fence()
      processors[1] = target.pointee.processor.current(memory: recording.pointee.memory)
    }
    spinetail_acquire_fence()
    let stayed = observer.end()
    let gilAfter = recording.pointee.gilState
    if target != nil {
      let (before, after) = (processors[0], processors[1])
      if before != mine || after != mine || observer.processor != mine {
        recording.pointee.invalidateNeeded()
        guard after >= 0 else { return .unplaced }
        return after != observer.processor ? .elsewhere(processor: after) : .moved
      }
    }
    let isStill = recording.pointee.scope == .current || gilAfter == gil
    guard stayed, isStill else {
      recording.pointee.invalidateNeeded()
      return .moved
    }
    if removeEnded(recording, isComplete: isComplete, at: start) {
      return recording.pointee.threads.count == 0 ? .ended : .moved
    }
    guard isComplete, isSound else {
      recording.pointee.invalidateNeeded()
      return .broken
    }
    return accept(recording, gil, [])
  }

  /// Looks from anywhere: reads until two walks of the target agree, and records them. Where they don't, what remains is
  /// the part that the last two walks share at the bottom.
  mutating func lookFromElsewhere(at recording: RecordingPointer) -> Outcome {
    var hasPrevious = false
    var shared = 0
    for _ in 0..<Self.elsewhereTries {
      let start = monotonicNow()
      let gil = recording.pointee.gilState
      if recording.pointee.needsList, !recording.pointee.listThreads(at: start) { continue }
      let target = self.target(of: recording, gil, at: start)
      _ = recording.pointee.markNeeded(gil)
      recording.pointee.beginLook()
      let isComplete = read(recording, target: nil)
      var isSound = true
      var readBeyondBatch = false
      if isComplete { walk(recording, isSound: &isSound, readBeyondBatch: &readBeyondBatch) }
      recording.pointee.invalidateNeeded()
      if removeEnded(recording, isComplete: isComplete, at: start) {
        if recording.pointee.threads.count == 0 { return .ended }
        hasPrevious = false
        continue
      }
      spinetail_acquire_fence()
      guard isComplete, isSound else { continue }
      guard let target, target.pointee.isNeeded else { return accept(recording, gil, .unfollowed) }
      guard let seen = target.pointee.reader else { continue }
      if hasPrevious, seen.pointee.chain.agrees(with: previous),
        recording.pointee.scope == .current || recording.pointee.gilState == gil
      {
        return accept(recording, gil, .unfollowed)
      }
      shared = hasPrevious ? seen.pointee.chain.commonDepth(with: previous) : 0
      previous.assign(seen.pointee.chain)
      hasPrevious = true
    }
    let gil = recording.pointee.gilState
    if hasPrevious, let target = self.target(of: recording, gil, at: monotonicNow()) {
      target.pointee.truncate(toOutermost: shared, of: previous)
    }
    return accept(recording, gil, .truncated)
  }

  /// The thread that must stand still for a look to be true.
  private func target(of recording: RecordingPointer, _ gil: GILState?, at now: Int64) -> ThreadPointer? {
    if recording.pointee.scope == .current {
      return recording.pointee.threads.count > 0 ? recording.pointee.threads[0] : nil
    }
    guard let gil else { return nil }
    let address = gil.holder != 0 ? gil.holder : gil.lastHolder
    if let thread = recording.pointee.thread(withState: address) { return thread }
    guard gil.holder != 0 else { return nil }
    if recording.pointee.listThreads(at: now), let thread = recording.pointee.thread(withState: address) {
      return thread
    }
    return recording.pointee.meetStranger(address, at: now)
  }

  private func accept(_ recording: RecordingPointer, _ gil: GILState?, _ state: SampleState) -> Outcome {
    recording.pointee.record(gil, state, at: monotonicNow())
    return .accepted(state, holder: gil?.holder)
  }

  private mutating func walk(_ recording: RecordingPointer, isSound: inout Bool, readBeyondBatch: inout Bool)
  {
    let count = recording.pointee.threads.count
    for index in 0..<count {
      let thread = recording.pointee.threads[index]
      guard thread.pointee.isNeeded else { continue }
      if recording.pointee.walk(thread) != nil { isSound = false }
      if thread.pointee.readBeyondBatch { readBeyondBatch = true }
    }
  }

  /// Ends the recordings of threads that have ended; true if there were any.
  private func removeEnded(_ recording: RecordingPointer, isComplete: Bool, at now: Int64) -> Bool {
    var index = 0
    var isAny = false
    while index < recording.pointee.threads.count {
      let thread = recording.pointee.threads[index]
      index += 1
      guard thread.pointee.isNeeded else { continue }
      if thread.pointee.hasGone {
        recording.pointee.end(thread, at: now)
        isAny = true
        index -= 1
      } else if thread.pointee.isSound, thread.pointee.frameCount == 0 {
        // Between two calls into Python, or at its end.
        if thread.pointee.exists {
          recording.pointee.isListIncomplete = true
        } else {
          recording.pointee.end(thread, at: now)
          isAny = true
          index -= 1
        }
      }
    }
    return isAny
  }

  /// One read of everything that is needed. False if some thread's state has gone.
  private mutating func read(_ recording: RecordingPointer, target: ThreadPointer?) -> Bool {
    let memory = recording.pointee.memory
    batch.removeAll()
    let address = readsAtOnce ? target.flatMap { $0.pointee.processor.address } : nil
    if let address { batch.add(address, 4, into: processors, owner: -1) }
    let count = recording.pointee.threads.count
    for index in 0..<count where recording.pointee.threads[index].pointee.isNeeded {
      recording.pointee.threads[index].pointee.prepare(&batch, owner: index)
    }
    if let address { batch.add(address, 4, into: processors + 1, owner: -1) }
    if address == nil, let target {
      processors[0] = target.pointee.processor.current(memory: memory)
      spinetail_acquire_fence()
    }
    let isWhole = batch.read(from: memory)
    if address == nil || batch.hasFailed(-1), let target {
      spinetail_acquire_fence()
      processors[1] = target.pointee.processor.current(memory: memory)
      if batch.hasFailed(-1) { processors[0] = processors[1] }
    }
    var isComplete = true
    for index in 0..<count where recording.pointee.threads[index].pointee.isNeeded {
      let hasFailed = !isWhole && batch.hasFailed(index)
      if !recording.pointee.threads[index].pointee.finishBatch(hasFailed: hasFailed) { isComplete = false }
    }
    return isComplete
  }
}
