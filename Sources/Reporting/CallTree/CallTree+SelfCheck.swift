extension CallTree {
  /// What is wrong with the tree, in words: sums of times and links that don't fit. Nil if all is well.
  public func selfCheck() -> String? {
    guard let root else { return nil }
    if parent(of: root) != .null { return "the root has a parent" }
    return selfCheck(below: root)
  }

  /// The same for `node` and everything below it.
  ///
  /// - Parameters:
  ///   - isRecursive: False looks at `node` alone.
  ///   - tolerance: How far a sum may be off for each of the times in it, in nanoseconds: times that were set by hand
  ///     have been rounded.
  public func selfCheck(below node: NodeID, isRecursive: Bool = true, tolerance: Int64 = 0) -> String? {
    let end = nextInPreorder(after: node, skippingChildren: isRecursive)
    var visited = 0
    var node = node
    while node != end, node != .null {
      visited += 1
      if visited > nodeCapacity { return "the links form a cycle" }
      if let problem = problem(of: node, tolerance: tolerance) {
        return "node \(node.rawValue), \(name(of: node)): \(problem)"
      }
      if !isRecursive { break }
      node = nextInPreorder(after: node)
    }
    return nil
  }

  private func problem(of node: NodeID, tolerance: Int64) -> String? {
    var count: Int64 = 1
    var sum = absorbedTime(of: node)
    var previous = NodeID.null
    var child = firstChild(of: node)
    while child != .null {
      if parent(of: child) != node { return "child \(child.rawValue) has another parent" }
      if previousSiblings[child.index] != previous { return "child \(child.rawValue) has a wrong sibling" }
      sum &+= time(of: child)
      previous = child
      count += 1
      child = nextSibling(of: child)
    }
    if lastChild(of: node) != previous { return "the last child is another one" }
    if identity(of: node).isSyntheticLeaf { return previous == .null ? nil : "a leaf has children" }
    let difference = (sum &- time(of: node)).magnitude
    return difference <= (tolerance &* count).magnitude
      ? nil : "the time is \(time(of: node)), children and absorbed time make \(sum)"
  }
}
