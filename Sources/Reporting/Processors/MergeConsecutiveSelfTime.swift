extension CallTree {
  /// Joins `[self]` nodes that stand side by side.
  public mutating func mergeConsecutiveSelfTime() {
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
      node = nextInPreorder(after: node)
    }
  }
}
