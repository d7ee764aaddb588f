import Profile

/// What a node's identity says, looked up in the session.
extension CallTree {
  /// The file name of a thread's pseudo frame.
  static let threadFile = "<thread>"

  /// The name of the function or thread, or of the synthetic frame, such as "[self]".
  public func name(of node: NodeID) -> String {
    let identity = identity(of: node)
    switch identity.kind {
    case .function: return functionRow(identity).map { session.strings[$0.name] } ?? ""
    case .thread: return thread(identity)?.name ?? ""
    case .root: return "[root]"
    case .selfTime: return "[self]"
    case .await: return SyntheticLeaf.await.rawValue
    case .outOfContext: return SyntheticLeaf.outOfContext.rawValue
    }
  }

  /// The class that the frames were mostly seen with; empty if none.
  public func className(of node: NodeID) -> StringID {
    guard let function = identity(of: node).function, function.index < session.functions.count else {
      return .empty
    }
    return classes.isMixed(function)
      ? classObservations.mostObserved(of: node) : classes.soleClass(of: function)
  }

  /// The full path of the source file; empty for synthetic frames.
  public func file(of node: NodeID) -> String {
    let identity = identity(of: node)
    switch identity.kind {
    case .function: return functionRow(identity).map { session.strings[$0.file] } ?? ""
    case .thread: return Self.threadFile
    case .root, .selfTime, .await, .outOfContext: return ""
    }
  }

  /// The path of the source file relative to `sys.path`; synthetic frames have their parent's.
  public func shortPath(of node: NodeID) -> String {
    var node = node
    while node != .null, identity(of: node).isSynthetic { node = parent(of: node) }
    guard node != .null else { return "" }
    guard let function = functionRow(identity(of: node)) else { return file(of: node) }
    return files.shortPath(of: function.file)
  }

  /// The line that the function begins at, or a thread's identifier; 0 if unknown.
  public func line(of node: NodeID) -> UInt64 {
    let identity = identity(of: node)
    switch identity.kind {
    case .function: return functionRow(identity).map { UInt64($0.firstLine) } ?? 0
    case .thread: return thread(identity)?.identifier ?? 0
    case .root, .selfTime, .await, .outOfContext: return 0
    }
  }

  /// The time in the function itself, waiting included: all but the time of the functions that it called, in
  /// nanoseconds.
  public func selfTime(of node: NodeID) -> Int64 {
    var time = time(of: node)
    var child = firstChild(of: node)
    while child != .null {
      if !identity(of: child).isSynthetic { time &-= self.time(of: child) }
      child = nextSibling(of: child)
    }
    return time
  }

  /// The part of the time that was spent waiting in `await`, in `node` and everything below it, in nanoseconds.
  ///
  /// This goes through all that is below `node`; `awaitTimes()` knows all nodes after going through the tree
  /// once.
  public func awaitTime(of node: NodeID) -> Int64 {
    var time: Int64 = 0
    let end = nextInPreorder(after: node, skippingChildren: true)
    var current = node
    while current != end, current != .null {
      if identity(of: current).kind == .await { time &+= self.time(of: current) }
      current = nextInPreorder(after: current)
    }
    return time
  }

  /// The `awaitTime(of:)` of each node, by number.
  public func awaitTimes() -> [Int64] {
    var order: [NodeID] = []
    var node = root ?? .null
    while node != .null {
      order.append(node)
      node = nextInPreorder(after: node)
    }
    var times = [Int64](repeating: 0, count: nodeCapacity)
    for node in order.reversed() {
      if identity(of: node).kind == .await { times[node.index] = time(of: node) }
      let parent = parent(of: node)
      if parent != .null { times[parent.index] &+= times[node.index] }
    }
    return times
  }

  /// For each node, whether it is code of the application rather than of a library.
  ///
  /// Code without a file of its own, such as `<string>`, is what its caller is. Of a program that is itself
  /// installed as a library the part that took at least a third of the time counts as the application.
  public func applicationCode() -> [Bool] {
    var answers = [Bool](repeating: false, count: nodeCapacity)
    let rootTime = root.map { times[$0.index] } ?? 0
    var node = root ?? .null
    while node != .null {
      if let function = functionRow(identity(of: node)) {
        switch files.origin(of: function.file) {
        case .application: answers[node.index] = true
        case .library:
          answers[node.index] =
            files.isInstalledProgram(function.file) && times[node.index] >= rootTime / 3
        case .caller:
          // A thread or the joining root calls nothing: code right above them is at the bottom.
          let caller = parent(of: node)
          let isAtBottom = caller == .null || identity(of: caller).kind != .function
          answers[node.index] = isAtBottom || answers[caller.index]
        }
      }
      node = nextInPreorder(after: node)
    }
    return answers
  }

  func functionRow(_ identity: NodeIdentity) -> Function? {
    guard let function = identity.function, function.index < session.functions.count else { return nil }
    return session.functions[function]
  }

  private func thread(_ identity: NodeIdentity) -> ThreadSamples? {
    identity.row < session.threads.count ? session.threads[Int(identity.row)] : nil
  }
}
