import Profile

/// Call trees as reports need them: one a thread.
extension CallTree {
  /// The calls of each thread that has samples, in the session's order.
  ///
  /// Where the session has one thread, the tree begins at the frame that started the recording. Of several threads,
  /// each has its pseudo frame as the root, so that it can be named, and what was trimmed is missing below that.
  public static func ofThreads(
    in session: Session, merging: Merging = .consecutiveCalls, clock: SampleClock = .wall,
    withAttributes: Bool = false
  ) -> [CallTree] {
    // What is the same for all threads is worked out once: a copy of the builder shares it.
    let fresh = CallTreeBuilder(
      session, merging: merging, clock: clock, detail: withAttributes ? .attributes : .classes)
    var trees: [CallTree] = []
    for thread in session.threads.indices {
      var builder = fresh
      builder.add(thread: thread)
      var tree = builder.finish()
      tree.trimStem()
      if session.threads.count > 1 { tree.restoreThreadFrame() }
      if tree.root != nil { trees.append(tree) }
    }
    return trees
  }

  /// The calls of each thread after `processors` have changed them.
  static func ofThreads(
    in session: Session, merging: Merging, clock: SampleClock = .wall, processors: [Processor],
    options: ProcessorOptions = ProcessorOptions()
  ) -> [CallTree] {
    var trees = ofThreads(in: session, merging: merging, clock: clock)
    for index in trees.indices {
      for processor in processors { processor.process(&trees[index], options: options) }
    }
    return trees
  }

  /// The tree below `node`, as it is: times are still parts of the whole thread's.
  public func rooted(at node: NodeID) -> CallTree {
    var tree = self
    tree.root = node.index < nodeCapacity ? node : nil
    return tree
  }

  /// The thread's number in the session, if the tree is of one thread.
  var threadNumber: Int? {
    var number: UInt32?
    for row in 0..<nodeCapacity {
      let identity = identity(of: NodeID(index: row))
      guard identity.kind == .thread else { continue }
      if number != nil { return nil }
      number = identity.row
    }
    return number.map { Int($0) }
  }

  /// Puts the thread's pseudo frame above the root again, where `trimStem` took it away.
  mutating func restoreThreadFrame() {
    guard let first = root, identities[first.index].kind != .thread else { return }
    guard let row = identities.firstIndex(where: { $0.kind == .thread }) else { return }
    let frame = NodeID(index: row)
    times[row] = times[first.index]
    absorbedTimes[row] = 0
    firstChildren[row] = first
    lastChildren[row] = first
    parents[first.index] = frame
    makeRoot(frame)
  }

  /// The handles of a function's name and file, which `withBytes(of:)` knows; nil for nodes that are no functions.
  func functionNames(of node: NodeID) -> (name: StringID, file: StringID)? {
    guard let function = identity(of: node).function else { return nil }
    if let added = addedNames.function(function) { return (added.name, added.file) }
    guard function.index < session.functions.count else { return nil }
    let row = session.functions[function]
    return (row.name, row.file)
  }

  /// Calls `body` with the UTF-8 bytes of the node's name. See `name(of:)`.
  func withName<Result>(of node: NodeID, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let names = functionNames(of: node) { return withBytes(of: names.name, body) }
    var name = name(of: node)
    return name.withUTF8(body)
  }

  /// Calls `body` with the UTF-8 bytes of the full path of the node's source file. See `file(of:)`.
  func withFile<Result>(of node: NodeID, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let names = functionNames(of: node) { return withBytes(of: names.file, body) }
    var file = file(of: node)
    return file.withUTF8(body)
  }

  /// Calls `body` with the UTF-8 bytes of the name of the node's class, if it has one.
  func withClassName(of node: NodeID, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    let name = className(of: node)
    if name != .empty { withBytes(of: name, body) }
  }

  /// The group of the node as a number; nil if it is in none.
  func groupNumber(of node: NodeID) -> Int32? {
    let index = groupIndex(of: node)
    return index < 0 ? nil : index
  }
}

extension Session {
  /// Whether any sample has CPU time: some engines don't record it, nor do imported sessions.
  public var hasCPUTime: Bool {
    threads.contains { thread in
      (0..<thread.samples.count).contains { thread.samples[$0].cpuTime != 0 }
    }
  }
}
