import Profile

/// A thread's calls and returns, as a speedscope file holds them.
struct SpeedscopeEvents {
  private let tree: CallTree
  private let start: Int64
  private let frames: SpeedscopeFrames

  /// - Parameters:
  ///   - tree: Calls in the order of time.
  ///   - start: When the thread's recording began, in nanoseconds after the session's start.
  init(_ tree: CallTree, start: Int64, frames: SpeedscopeFrames) {
    self.tree = tree
    self.start = start
    self.frames = frames
  }

  /// Adds the fields that are special to a profile of this form.
  func write(to buffer: inout TextBuffer) {
    buffer.append(", \"type\": \"evented\", \"events\": [")
    var clock = start
    var isFirst = true
    func event(_ type: StaticString, _ node: NodeID) {
      guard let frame = frames.number(of: node, in: tree) else { return }
      buffer.append(isFirst ? "{\"type\": \"" : ", {\"type\": \"")
      isFirst = false
      buffer.append("\(type)\", \"at\": ")
      buffer.append(exactSeconds: clock)
      buffer.append(", \"frame\": ")
      buffer.append(decimal: frame)
      buffer.append("}")
    }
    // A function's time beside its callees, where it isn't known when it was, comes last.
    func leave(_ node: NodeID) {
      clock &+= tree.identity(of: node).isSyntheticLeaf ? tree.time(of: node) : tree.absorbedTime(of: node)
      event("C", node)
    }
    var node = tree.root ?? .null
    while node != .null {
      event("O", node)
      let child = tree.firstChild(of: node)
      if child != .null {
        node = child
        continue
      }
      leave(node)
      while node != tree.root, tree.nextSibling(of: node) == .null {
        node = tree.parent(of: node)
        leave(node)
      }
      node = node == tree.root ? .null : tree.nextSibling(of: node)
    }
    buffer.append("]")
  }
}
