import Profile

/// Looks at threads and decides which looks to believe.
///
/// A look is made from the CPU that its target is on. While a sampler thread runs there, the target doesn't, and as
/// only the thread that holds the GIL changes frames, nothing that is read moves. A look counts if the target's CPU
/// was the sampler's before and after, the sampler wasn't taken off it in between, and every chain of frames ends at
/// a known root with every instruction inside its code. With one thread in the list that thread is the target.
struct SnapshotReader<M: Memory>: ~Copyable {
  typealias ThreadList = UnsafeBufferPointer<UnsafeMutablePointer<RecordedThread<M>>>

  enum Outcome {
    /// The look counts; the threads' chains hold it.
    case accepted
    /// The target is on another CPU, this one.
    case elsewhere(processor: Int32)
    /// Something moved meanwhile.
    case moved
    /// Nothing moved, but the frames weren't in order: the target stands between two stores.
    case broken
    /// A thread has ended.
    case ended
  }

  /// How often a stack is read from elsewhere until two reads in a row agree.
  private static var elsewhereTries: Int { 20 }

  private let memory: M
  private var batch = ReadBatch()
  /// The target's CPU before and after.
  private let processors: UnsafeMutablePointer<Int32>
  private var previous = FrameChain()

  init(memory: M) {
    self.memory = memory
    processors = .allocate(capacity: 2)
    processors.initialize(repeating: -1, count: 2)
  }

  deinit { processors.deallocate() }

  /// Looks at `threads` once, from the thread that `observer` stands for.
  mutating func look<O: Observer>(
    at threads: ThreadList, target: UnsafeMutablePointer<RecordedThread<M>>, observer: inout O
  ) -> Outcome {
    let mine = observer.processor
    observer.begin()
    let isComplete = read(threads, target: target)
    var isSound = isComplete
    var readBeyondBatch = false
    if isComplete {
      for thread in threads {
        if thread.pointee.walk() != nil { isSound = false }
        if thread.pointee.readBeyondBatch { readBeyondBatch = true }
      }
    }
    // What was read after the batch's last word needs a look at the CPU of its own.
    if !isSound || readBeyondBatch { processors[1] = target.pointee.processor.current(memory: memory) }
    let stayed = observer.end()
    guard isComplete else { return .ended }
    if isSound, threads.contains(where: { $0.pointee.chain.count == 0 && !$0.pointee.exists }) {
      return .ended
    }
    let (before, after) = (processors[0], processors[1])
    if before != mine || after != mine || observer.processor != mine {
      return after != observer.processor ? .elsewhere(processor: after) : .moved
    }
    guard stayed else { return .moved }
    return isSound ? .accepted : .broken
  }

  /// Looks at one thread from anywhere: reads until two walks agree. Leaves the chain that is believed and says
  /// whether it is whole; a part that the last two walks share at the bottom is what remains otherwise.
  mutating func lookFromElsewhere(at thread: UnsafeMutablePointer<RecordedThread<M>>) -> SampleState {
    var hasPrevious = false
    var shared = 0
    for _ in 0..<Self.elsewhereTries {
      guard thread.pointee.readAtRest(&batch) == nil else { continue }
      if hasPrevious {
        if thread.pointee.chain.agrees(with: previous) { return .unfollowed }
        shared = thread.pointee.chain.commonDepth(with: previous)
      }
      previous.assign(thread.pointee.chain)
      hasPrevious = true
    }
    if hasPrevious { thread.pointee.chain.assign(previous) }
    thread.pointee.chain.keepOutermost(shared)
    return .truncated
  }

  /// One read of everything. False if a thread's state has gone.
  private mutating func read(_ threads: ThreadList, target: UnsafeMutablePointer<RecordedThread<M>>) -> Bool {
    batch.removeAll()
    let address = target.pointee.processor.address
    if let address { batch.add(address, 4, into: processors) }
    for thread in threads { thread.pointee.prepare(&batch) }
    if let address { batch.add(address, 4, into: processors + 1) }
    if address == nil { processors[0] = target.pointee.processor.current(memory: memory) }
    let isWhole = batch.read(from: memory)
    if address == nil || !isWhole {
      processors[1] = target.pointee.processor.current(memory: memory)
      if !isWhole { processors[0] = processors[1] }
    }
    var isComplete = true
    for thread in threads where !thread.pointee.finishBatch(isWhole: isWhole) { isComplete = false }
    return isComplete
  }
}
