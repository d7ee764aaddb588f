import Glibc
import Profile

/// Which threads are recorded.
public enum RecordedScope: Sendable {
  /// The thread that starts the recording.
  case current
  /// Every thread of the interpreter, those to come included.
  case all
}

/// What one profiler records of a program: one thread or all, when the next beat is due, and what is known so far.
struct ProgramRecording<M: Memory>: ~Copyable {
  typealias ThreadPointer = UnsafeMutablePointer<RecordedThread<M>>

  let interpreter: InterpreterAddresses
  let memory: M
  private let sequences: RestartableSequences?
  private let own: OwnCode
  let scope: RecordedScope
  /// The thread that started the recording; its samples come first.
  let starter: ThreadPointer

  /// Threads that are looked at, and those that have ended.
  private(set) var threads = Column<ThreadPointer>(minimumCapacity: 64)
  private(set) var ended = Column<ThreadPointer>(minimumCapacity: 64)
  /// Where a thread is among those that have ended, by the kernel's number.
  private var endedIndex = AddressIndex(minimumCapacity: 32)
  /// What threads that have ended have left.
  private var idleReaders = Column<UnsafeMutablePointer<ThreadReader>>(minimumCapacity: 16)
  /// A holder of the GIL that isn't recorded, such as a subinterpreter's thread: where it runs matters.
  private(set) var stranger: ThreadPointer?
  /// What the list of threads holds, and the threads that it makes.
  private var listedStates = Column<ThreadIdentity>(minimumCapacity: 64)
  private var newList = Column<ThreadPointer>(minimumCapacity: 64)
  /// The newest thread's state when the threads were listed.
  private var listedHead: UInt64 = 0
  /// Whether some thread was listed that has yet to begin, or one may have ended.
  var isListIncomplete = true

  var recording = Recording()
  /// What is known of the interpreter's code objects; the maker's, who frees it.
  let cache: UnsafeMutablePointer<CodeCache>
  private var names = NameTranslation()
  private var checker: CodeChecker
  private let stateBytes: UnsafeMutableRawPointer

  var deadline: Deadline
  /// Attempts of the beat that is under way.
  var attempts = 0
  /// Times on the monotonic clock, in nanoseconds.
  private(set) var startTime: Int64
  private(set) var lastBeat: Int64
  /// The GIL at the last beat: how often it had changed hands, and who had it last.
  private var lastSwitchNumber: UInt64 = 0
  private var lastHolder: UInt64 = 0

  /// More threads than any process has: a longer list is broken.
  private static var threadLimit: Int { 1 << 16 }

  init(
    scope: RecordedScope, starter identity: ThreadIdentity, interpreter: InterpreterAddresses,
    cache: UnsafeMutablePointer<CodeCache>, memory: M,
    sequences: RestartableSequences?, interval: Int64, own: OwnCode
  ) {
    let now = monotonicNow()
    self.scope = scope
    self.interpreter = interpreter
    self.memory = memory
    self.sequences = sequences
    self.own = own
    self.cache = cache
    checker = CodeChecker(layout: interpreter.layout)
    stateBytes = .allocate(byteCount: interpreter.layout.threadReadSize, alignment: 16)
    deadline = Deadline(interval: interval, now: now)
    startTime = now
    lastBeat = now
    let reader = ThreadReader.make(layout: interpreter.layout, own: own)
    starter = .allocate(capacity: 1)
    starter.initialize(
      to: RecordedThread(
        identity, reader: reader, layout: interpreter.layout, memory: memory, sequences: sequences, at: now))
    threads.append(starter)
  }

  /// Frees what isn't freed by itself, the threads included.
  mutating func releaseBuffers() {
    for index in 0..<threads.count { Self.free(threads[index]) }
    for index in 0..<ended.count { Self.free(ended[index]) }
    if let stranger { Self.free(stranger) }
    for index in 0..<idleReaders.count { Self.free(idleReaders[index]) }
    threads.removeAll()
    ended.removeAll()
    stranger = nil
    idleReaders.removeAll()
    stateBytes.deallocate()
  }

  private static func free(_ reader: UnsafeMutablePointer<ThreadReader>) {
    reader.deinitialize(count: 1)
    reader.deallocate()
  }

  private static func free(_ thread: ThreadPointer) {
    if let reader = thread.pointee.reader { free(reader) }
    thread.deinitialize(count: 1)
    thread.deallocate()
  }

  // MARK: - The threads

  /// The thread with this state among those that are looked at.
  func thread(withState address: UInt64) -> ThreadPointer? { index(ofState: address).map { threads[$0] } }

  private func index(ofState address: UInt64) -> Int? {
    for index in 0..<threads.count where threads[index].pointee.identity.address == address { return index }
    return nil
  }

  /// The GIL as it is now; nil where it isn't known.
  var gilState: GILState? { interpreter.gil.map { GILState($0) } }

  /// Whether the threads have to be listed before the next look.
  var needsList: Bool {
    guard scope == .all else { return false }
    return isListIncomplete || memory.lastingWord(interpreter.threadsHead) != listedHead
  }

  /// Lists the interpreter's threads. False if the list was in no order just then.
  ///
  /// Threads come and go in this list without the GIL (`PyThreadState_New`, `PyThreadState_Delete` in Python/pystate.c), so
  /// each entry is checked.
  mutating func listThreads(at now: Int64) -> Bool {
    guard scope == .all else { return true }
    guard let head = memory.lastingWord(interpreter.threadsHead) else { return false }
    listedStates.removeAll()
    var address = head
    while address != 0 {
      guard listedStates.count < Self.threadLimit, address & 7 == 0,
        memory.read(address, interpreter.layout.threadReadSize, into: stateBytes)
      else { return false }
      let state = ThreadState(stateBytes, at: address, layout: interpreter.layout)
      guard state.interpreter == interpreter.mainInterpreter else { return false }
      listedStates.append(state.identity)
      address = state.next
    }
    guard memory.lastingWord(interpreter.threadsHead) == head else { return false }
    takeListedStates(at: now)
    listedHead = head
    return true
  }

  /// Makes the threads those of `listedStates`, which is in order.
  private mutating func takeListedStates(at now: Int64) {
    newList.removeAll()
    isListIncomplete = false
    // Between two lists, most threads stay, and in their order.
    var expected = 0
    for index in 0..<listedStates.count {
      let identity = listedStates[index]
      if expected >= threads.count || threads[expected].pointee.identity != identity {
        expected = self.index(ofState: identity.address) ?? expected
      }
      if expected < threads.count, threads[expected].pointee.identity == identity {
        newList.append(threads[expected])
        expected += 1
      } else if let thread = newlyListed(identity, at: now) {
        newList.append(thread)
      } else {
        isListIncomplete = true
      }
    }
    endThreadsThatAreNotListed(at: now)
    threads.assign(newList)
  }

  /// The thread of a state that isn't among those looked at: one that had gone, or a new one; nil if it has yet to begin.
  private mutating func newlyListed(_ identity: ThreadIdentity, at now: Int64) -> ThreadPointer? {
    guard identity.thread != 0, identity.nativeIdentifier != 0 else { return nil }
    // A state that was just made still names its maker (`init_threadstate`, 3.11), which is in the list too.
    for index in 0..<threads.count where threads[index].pointee.isThread(of: identity) {
      if threads[index].pointee.identity.address != identity.address { return nil }
    }
    for index in 0..<newList.count where newList[index].pointee.isThread(of: identity) { return nil }
    if let index = endedIndex[identity.nativeIdentifier], index < ended.count,
      ended[index].pointee.isThread(of: identity)
    {
      let thread = ended[index]
      ended.swapRemove(at: index)
      if index < ended.count { endedIndex.set(ended[index].pointee.identity.nativeIdentifier, row: index) }
      thread.pointee.revive(identity, reader: takeReader(), at: now)
      return thread
    }
    return makeThread(identity, at: now)
  }

  /// A thread that the command didn't start.
  private mutating func makeThread(_ identity: ThreadIdentity, at now: Int64) -> ThreadPointer {
    let thread = ThreadPointer.allocate(capacity: 1)
    thread.initialize(
      to: RecordedThread(
        identity, reader: takeReader(), layout: interpreter.layout, memory: memory, sequences: sequences,
        at: now))
    return thread
  }

  /// What it takes to read a thread that the command didn't start.
  private mutating func takeReader() -> UnsafeMutablePointer<ThreadReader> {
    if let reader = idleReaders.last {
      idleReaders.truncate(to: idleReaders.count - 1)
      reader.pointee.forget()
      return reader
    }
    return ThreadReader.make(layout: interpreter.layout, own: own.withoutStem)
  }

  /// Puts a thread among those that have ended.
  private mutating func putAside(_ thread: ThreadPointer, at now: Int64) {
    thread.pointee.close(at: now, hasEnded: true)
    endedIndex.set(thread.pointee.identity.nativeIdentifier, row: ended.count)
    ended.append(thread)
    // The starting thread's leaves out other frames.
    guard thread != starter, let reader = thread.pointee.takeReader() else { return }
    idleReaders.append(reader)
  }

  private mutating func endThreadsThatAreNotListed(at now: Int64) {
    for index in 0..<threads.count { threads[index].pointee.isListed = false }
    for index in 0..<newList.count { newList[index].pointee.isListed = true }
    for index in 0..<threads.count where !threads[index].pointee.isListed {
      putAside(threads[index], at: now)
    }
  }

  /// Ends the recording of one thread.
  mutating func end(_ thread: ThreadPointer, at now: Int64) {
    for index in 0..<threads.count where threads[index] == thread {
      threads.swapRemove(at: index)
      putAside(thread, at: now)
      isListIncomplete = true
      return
    }
  }

  /// Takes a thread that holds the GIL but isn't recorded for the target. Nil if its state can't be read.
  mutating func meetStranger(_ address: UInt64, at now: Int64) -> ThreadPointer? {
    guard memory.read(address, interpreter.layout.threadReadSize, into: stateBytes) else { return nil }
    let identity = ThreadState(stateBytes, at: address, layout: interpreter.layout).identity
    if let stranger, stranger.pointee.identity == identity { return stranger }
    guard identity.nativeIdentifier != 0 else { return nil }
    if let stranger { Self.free(stranger) }
    let thread = makeThread(identity, at: now)
    stranger = thread
    return thread
  }

  // MARK: - Looking

  /// Marks the threads whose stacks may have changed since the last beat: those that may have held the GIL. Gives
  /// their number.
  mutating func markNeeded(_ gil: GILState?) -> Int {
    var count = 0
    for index in 0..<threads.count {
      let thread = threads[index]
      thread.pointee.isNeeded = !thread.pointee.isValid || mayHaveRun(thread.pointee.identity.address, gil)
      if thread.pointee.isNeeded { count += 1 }
    }
    return count
  }

  private func mayHaveRun(_ address: UInt64, _ gil: GILState?) -> Bool {
    guard let gil else { return true }
    // With two changes or more somebody had it in between.
    return gil.switchNumber &- lastSwitchNumber >= 2 || address == gil.holder || address == gil.lastHolder
      || address == lastHolder
  }

  /// Says that the stacks of the threads that were read aren't those of the last samples any more.
  func invalidateNeeded() {
    for index in 0..<threads.count where threads[index].pointee.isNeeded {
      threads[index].pointee.isValid = false
    }
  }

  /// Begins a look.
  func beginLook() { cache.pointee.beginLook() }

  /// Walks a thread's frames.
  mutating func walk(_ thread: ThreadPointer) -> FrameChain.Fault? {
    thread.pointee.walk(cache: &cache.pointee, checker: &checker)
  }

  /// The stack of a thread's last walk.
  mutating func currentStack(_ thread: ThreadPointer) -> StackID {
    thread.pointee.currentStack(cache: cache.pointee, names: &names, recording: &recording)
  }

  /// Reads a thread's stack while it stands still anyway: the calling thread's own.
  mutating func readAtRest(_ thread: ThreadPointer, _ batch: inout ReadBatch) -> FrameChain.Fault? {
    batch.removeAll()
    thread.pointee.prepare(&batch, owner: 0)
    let isWhole = batch.read(from: memory)
    guard thread.pointee.finishBatch(hasFailed: !isWhole) else { return .unreadable }
    beginLook()
    return walk(thread)
  }

  // MARK: - Recording

  /// Opens the recording with the starting thread's stack.
  mutating func open(at now: Int64) {
    startTime = now
    lastBeat = now
    let stack = currentStack(starter)
    recording.startStack = stack
    starter.pointee.open(stack, at: now)
  }

  /// Records the walks of this beat.
  mutating func record(_ gil: GILState?, _ state: SampleState, at now: Int64) {
    for index in 0..<threads.count where threads[index].pointee.isNeeded {
      let thread = threads[index]
      var state = state
      let isHolder = gil?.holder == thread.pointee.identity.address
      if isHolder { state.insert(.heldGIL) }
      if !thread.pointee.isSound {
        state.insert(.truncated)
      } else if state.contains(.truncated) {
        state = state.subtracting(.truncated).union(.unfollowed)
      }
      let stack = currentStack(thread)
      thread.pointee.record(stack, state, at: now, previousBeat: lastBeat)
      // A thread without frames may be at its end, which it comes to without the GIL.
      let mayEnd = scope == .current && thread.pointee.frameCount == 0
      thread.pointee.isValid = state.isDisjoint(with: [.truncated, .unfollowed]) && !mayEnd
    }
    lastBeat = now
    if let gil {
      lastSwitchNumber = gil.switchNumber
      lastHolder = gil.lastHolder
    }
  }

  /// Closes the recordings of all threads that are still there, but for the starting one where that was read.
  mutating func close(at now: Int64, starterIsRead: Bool) {
    if starterIsRead {
      let stack = currentStack(starter)
      // Where nothing of the program is on it any more, the time belongs to the last sample's stack.
      if stack != .empty { starter.pointee.record(stack, .heldGIL, at: now, previousBeat: lastBeat) }
    }
    for index in 0..<threads.count { threads[index].pointee.close(at: now, hasEnded: false) }
    lastBeat = max(now, lastBeat)
  }

  /// From start to stop, or to the end of the only recorded thread, in nanoseconds.
  var duration: Int64 {
    (scope == .current ? starter.pointee.lastSampleTime : lastBeat) - startTime
  }

  /// The session of what was recorded; nothing is left behind. `name` gives a thread's name by the kernel's number.
  mutating func finish(_ metadata: SessionMetadata, name: (UInt64) -> String) -> Session {
    for index in 0..<ended.count { threads.append(ended[index]) }
    ended.removeAll()
    // In order of appearance, the starting thread first.
    let sorted = (0..<threads.count).map { threads[$0] }.filter { $0 != starter }
      .sorted {
        ($0.pointee.startTime, $0.pointee.identity.nativeIdentifier) < (
          $1.pointee.startTime, $1.pointee.identity.nativeIdentifier
        )
      }
    let samples = ([starter] + sorted).map { thread in
      thread.pointee.takeSamples(
        name: name(thread.pointee.identity.nativeIdentifier), sessionStart: startTime)
    }
    var finished = Recording()
    swap(&finished, &recording)
    return Session(finished, threads: samples.filter { $0.samples.count > 0 }, metadata: metadata)
  }
}

/// The GIL at one time.
struct GILState: BitwiseCopyable, Equatable {
  /// The state of the thread that holds it; 0 if nobody does.
  var holder: UInt64
  /// The state of the thread that has it or had it last.
  var lastHolder: UInt64
  /// How often it went from one thread to another.
  var switchNumber: UInt64

  init(_ gil: GIL) {
    holder = gil.holder()
    lastHolder = gil.lastHolder()
    switchNumber = gil.switchNumber()
  }
}
