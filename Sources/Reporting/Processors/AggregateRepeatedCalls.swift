extension CallTree {
  /// Makes all calls of one function from one node a single node, the most expensive first.
  ///
  /// The order in time is lost. Nodes of equal time stay in the order of their first calls.
  public mutating func aggregateRepeatedCalls() {
    var firstWithIdentity: [NodeIdentity: NodeID] = [:]
    var children: [NodeID] = []
    var node = root ?? .null
    while node != .null {
      guard firstChild(of: node) != lastChild(of: node) else {
        node = nextInPreorder(after: node)
        continue
      }
      firstWithIdentity.removeAll(keepingCapacity: firstWithIdentity.count < 64)
      children.removeAll(keepingCapacity: true)
      var child = firstChild(of: node)
      while child != .null {
        let next = nextSibling(of: child)
        let identity = identity(of: child)
        if let first = firstWithIdentity[identity] {
          merge(child, into: first)
        } else {
          firstWithIdentity[identity] = child
          children.append(child)
        }
        child = next
      }
      // Equal times go by place: the order of `sort` itself isn't promised to be stable.
      let places = children.indices.sorted {
        let (a, b) = (time(of: children[$0]), time(of: children[$1]))
        return a != b ? a > b : $0 < $1
      }
      reorderChildren(of: node, places.map { children[$0] })
      node = nextInPreorder(after: node)
    }
  }
}
