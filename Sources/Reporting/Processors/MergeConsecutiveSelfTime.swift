extension CallTree {
  /// Joins `[self]` nodes that stand side by side.
  ///
  /// - Parameter isRecursive: False leaves all but the root's own children alone.
  public mutating func mergeConsecutiveSelfTime(isRecursive: Bool = true) {
    var node = root ?? .null
    while node != .null {
      var child = firstChild(of: node)
      while child != .null {
        let next = nextSibling(of: child)
        if next != .null, identity(of: child).kind == .selfTime, identity(of: next).kind == .selfTime {
          merge(next, into: child)
        } else {
          child = next
        }
      }
      node = isRecursive ? nextInPreorder(after: node) : .null
    }
  }
}
