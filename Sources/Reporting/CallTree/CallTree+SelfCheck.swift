extension CallTree {
  /// What is wrong with the tree, in words: sums of times and links that don't fit. Nil if all is well.
  public func selfCheck() -> String? {
    guard let root else { return nil }
    if parent(of: root) != .null { return "the root has a parent" }
    var visited = 0
    var node = root
    while node != .null {
      visited += 1
      if visited > nodeCapacity { return "the links form a cycle" }
      if let problem = problem(of: node) { return "node \(node.rawValue), \(name(of: node)): \(problem)" }
      node = nextInPreorder(after: node)
    }
    return nil
  }

  private func problem(of node: NodeID) -> String? {
    var sum = absorbedTime(of: node)
    var previous = NodeID.null
    var child = firstChild(of: node)
    while child != .null {
      if parent(of: child) != node { return "child \(child.rawValue) has another parent" }
      if previousSiblings[child.index] != previous { return "child \(child.rawValue) has a wrong sibling" }
      sum &+= time(of: child)
      previous = child
      child = nextSibling(of: child)
    }
    if lastChild(of: node) != previous { return "the last child is another one" }
    if identity(of: node).isSyntheticLeaf { return previous == .null ? nil : "a leaf has children" }
    return sum == time(of: node)
      ? nil : "the time is \(time(of: node)), children and absorbed time make \(sum)"
  }
}
