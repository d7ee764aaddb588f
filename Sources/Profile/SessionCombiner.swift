/// Gathers sessions into one: their tables are interned anew, their samples follow each other.
struct SessionCombiner: ~Copyable {
  var strings = StringTable()
  var functions = FunctionTable()
  var frames = FrameTable()
  var stacks = StackTable()
  private(set) var threads: [ThreadSamples] = []
  /// The threads' places in `threads`.
  private var threadRows: [ThreadKey: Int] = [:]
  /// The stack at the start of the first session.
  private(set) var startStack: StackID?

  private struct ThreadKey: Hashable {
    let name: String
    let identifier: UInt64
  }

  /// Adds the stacks and samples of `session`, which begins `offset` nanoseconds after the first one, behind those that
  /// are there.
  ///
  /// A thread with the name and identifier of one that is there is taken for the same.
  mutating func append(_ session: Session, at offset: Int64) {
    let stackIDs = intern(tablesOf: session)
    for thread in session.threads {
      let target = self.thread(thread, at: offset)
      for row in 0..<thread.samples.count {
        var sample = thread.samples[row]
        sample.stack = stackIDs[sample.stack.index]
        target.samples.append(sample)
      }
    }
  }

  /// Adds all but the samples, and gives the new handle of each stack, by row.
  mutating func intern(tablesOf session: Session) -> [StackID] {
    let stackIDs = intern(stacksOf: session, frameIDs: intern(framesOf: session))
    if startStack == nil { startStack = stackIDs[session.startStack.index] }
    return stackIDs
  }

  /// The thread that takes the samples of `thread`; added if there is none.
  mutating func thread(_ thread: ThreadSamples, at offset: Int64 = 0) -> ThreadSamples {
    let key = ThreadKey(name: thread.name, identifier: thread.identifier)
    if let row = threadRows[key] { return threads[row] }
    let added = ThreadSamples(
      name: thread.name, identifier: thread.identifier, start: thread.start &+ offset)
    threadRows[key] = threads.count
    threads.append(added)
    return added
  }

  /// The new handle of each frame, by row.
  private mutating func intern(framesOf session: Session) -> [FrameID] {
    var stringIDs: [StringID] = []
    for row in 0..<session.strings.count {
      stringIDs.append(session.strings.withBytes(StringID(index: row)) { strings.intern($0) })
    }
    var functionIDs: [FunctionID] = []
    for row in 0..<session.functions.count {
      var function = session.functions[FunctionID(index: row)]
      function.name = stringIDs[function.name.index]
      function.qualifiedName = stringIDs[function.qualifiedName.index]
      function.file = stringIDs[function.file.index]
      functionIDs.append(functions.intern(function))
    }
    var frameIDs: [FrameID] = []
    for row in 0..<session.frames.count {
      var frame = session.frames[FrameID(index: row)]
      frame.function = functionIDs[frame.function.index]
      frame.className = stringIDs[frame.className.index]
      frameIDs.append(frames.intern(frame))
    }
    return frameIDs
  }

  /// The new handle of each stack, by row.
  private mutating func intern(stacksOf session: Session, frameIDs: [FrameID]) -> [StackID] {
    var stackIDs = [StackID.empty]
    for row in 1..<session.stacks.count {
      let stack = StackID(index: row)
      let parent = stackIDs[session.stacks.parent(of: stack).index]
      if let frame = session.stacks.frame(of: stack) {
        stackIDs.append(stacks.intern(parent: parent, frame: frameIDs[frame.index]))
      } else {
        stackIDs.append(parent)
      }
    }
    return stackIDs
  }
}
