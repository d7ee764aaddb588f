import Profile

/// Which node of a thread's tree stands for each stack of the session.
///
/// Frames that processors took out are passed over: what they called is looked for in their callers. So is all that is
/// below the frame that the tree begins with. To be right, the tree must not leave out calls for their little time.
struct StackNodes {
  private var nodes: [NodeID]

  /// - Parameter tree: The calls of one thread, made with repeated calls merged.
  init(_ tree: CallTree) {
    let session = tree.session
    nodes = [NodeID](repeating: .null, count: session.stacks.count)
    guard let root = tree.root else { return }
    let functions = FunctionNumbers(session)
    var children = PairIndex(expectedCount: tree.nodeCapacity)
    var node = tree.nextInPreorder(after: root)
    while node != .null {
      let identity = tree.identity(of: node)
      if identity.kind != .selfTime {
        let number = Self.number(of: identity, functions)
        _ = children.value(of: tree.parent(of: node).rawValue, number, orInsert: node.rawValue)
      }
      node = tree.nextInPreorder(after: node)
    }

    let rootIdentity = tree.identity(of: root)
    let rootNumber = rootIdentity.kind == .function ? Self.number(of: rootIdentity, functions) : nil
    // A parent's row comes before its children's.
    var hasRoot = [Bool](repeating: rootNumber == nil, count: session.stacks.count)
    if !nodes.isEmpty { nodes[0] = root }
    for row in 1..<max(session.stacks.count, 1) {
      let stack = StackID(index: row)
      let parent = session.stacks.parent(of: stack)
      nodes[row] = root
      guard parent.index < row, let frame = session.stacks.frame(of: stack),
        frame.index < session.frames.count
      else { continue }
      nodes[row] = nodes[parent.index]
      let number = Self.number(of: .frame(session.frames[frame]), functions)
      guard hasRoot[parent.index] else {
        hasRoot[row] = number == rootNumber
        continue
      }
      hasRoot[row] = true
      let found = children.value(of: nodes[parent.index].rawValue, number, orInsert: NodeID.null.rawValue)
      if found != NodeID.null.rawValue { nodes[row] = NodeID(rawValue: found) }
    }
  }

  /// The node of `stack`; the root where there is none.
  func node(of stack: StackID) -> NodeID {
    stack.index < nodes.count ? nodes[stack.index] : nodes.first ?? .null
  }

  private static func number(of identity: NodeIdentity, _ functions: FunctionNumbers) -> UInt32 {
    // Above all functions and threads: a leaf has no children, so that the two need no telling apart by more.
    switch identity.kind {
    case .await: return .max - 1
    case .outOfContext: return .max - 2
    default: return UInt32(truncatingIfNeeded: functions.number(of: identity))
    }
  }
}
