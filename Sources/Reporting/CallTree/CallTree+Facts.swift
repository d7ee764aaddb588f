import Profile

/// What a node's identity says, looked up in the session.
extension CallTree {
  /// The file name of a thread's pseudo frame.
  static let threadFile = "<thread>"

  /// The name of the function or thread, or of the synthetic frame, such as "[self]".
  public func name(of node: NodeID) -> String {
    let identity = identity(of: node)
    switch identity.kind {
    case .function: return text(functionName(of: identity))
    case .thread: return thread(identity)?.name ?? ""
    case .root, .selfTime, .await, .outOfContext: return identity.syntheticName
    }
  }

  /// The class that the frames were mostly seen with; empty if none. `withBytes(of:)` has its text: it may be one that
  /// the session doesn't know.
  public func className(of node: NodeID) -> StringID {
    guard let function = identity(of: node).function else { return .empty }
    if variants.isMixed(function) || hasOwnObservations(node) {
      return observations.mostObserved(.className, of: node).map { StringID(rawValue: $0.value) } ?? .empty
    }
    return variants.soleClass(of: function)
  }

  /// True where frames of `node` were seen with a local that asks for them not to be shown.
  public func isHidden(_ node: NodeID) -> Bool {
    if let function = identity(of: node).function, variants.isHidden(function) { return true }
    return hasOwnObservations(node) && observations.mostObserved(.hidden, of: node) != nil
  }

  /// The full path of the source file; empty for synthetic frames.
  public func file(of node: NodeID) -> String {
    let identity = identity(of: node)
    return identity.kind == .thread ? Self.threadFile : text(fileName(of: identity))
  }

  /// The path of the source file relative to `sys.path`; synthetic frames have their parent's.
  public func shortPath(of node: NodeID) -> String {
    var node = node
    while node != .null, identity(of: node).isSynthetic { node = parent(of: node) }
    guard node != .null else { return "" }
    let identity = identity(of: node)
    return identity.kind == .thread ? Self.threadFile : files.shortPath(of: fileName(of: identity))
  }

  /// The line that the function begins at, or a thread's identifier; 0 if unknown.
  public func line(of node: NodeID) -> UInt64 {
    let identity = identity(of: node)
    if identity.kind == .thread { return thread(identity)?.identifier ?? 0 }
    guard let function = identity.function else { return 0 }
    if let added = addedNames.function(function) { return added.line }
    return function.index < session.functions.count ? UInt64(session.functions[function].firstLine) : 0
  }

  /// The name of a function.
  private func functionName(of identity: NodeIdentity) -> StringID {
    guard let function = identity.function else { return .empty }
    if let added = addedNames.function(function) { return added.name }
    return function.index < session.functions.count ? session.functions[function].name : .empty
  }

  /// True if it was said of `node` itself what it was seen with.
  func hasOwnObservations(_ node: NodeID) -> Bool { !observations.isEmpty && observations.contain(node) }

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
    guard let root else { return answers }
    var top = root
    while parent(of: top) != .null { top = parent(of: top) }
    let rootTime = times[top.index]
    answers[root.index] = isApplicationCode(root)
    var node = nextInPreorder(after: root)
    while node != .null {
      answers[node.index] = isApplicationCode(node, rootTime: rootTime) { answers[$0.index] }
      node = nextInPreorder(after: node)
    }
    return answers
  }

  /// Whether `node` alone is code of the application; for many nodes, `applicationCode()` is quicker.
  public func isApplicationCode(_ node: NodeID) -> Bool {
    var top = node
    while parent(of: top) != .null { top = parent(of: top) }
    // Up to the first that doesn't depend on its caller, then down again.
    var chain = [node]
    while let last = chain.last, parent(of: last) != .null,
      files.origin(of: fileName(of: identity(of: last))) == .caller
    {
      chain.append(parent(of: last))
    }
    var answer = false
    for node in chain.reversed() {
      let callersAnswer = answer
      answer = isApplicationCode(node, rootTime: times[top.index]) { _ in callersAnswer }
    }
    return answer
  }

  private func isApplicationCode(
    _ node: NodeID, rootTime: Int64, isCallerApplication: (NodeID) -> Bool
  ) -> Bool {
    let identity = identity(of: node)
    let file = fileName(of: identity)
    guard identity.kind == .function else { return false }
    switch files.origin(of: file) {
    case .application: return true
    case .library: return files.isInstalledProgram(file) && times[node.index] >= rootTime / 3
    case .caller:
      // A thread or the joining root calls nothing: code right above them is at the bottom.
      let caller = parent(of: node)
      return caller == .null || self.identity(of: caller).kind != .function || isCallerApplication(caller)
    }
  }
}
