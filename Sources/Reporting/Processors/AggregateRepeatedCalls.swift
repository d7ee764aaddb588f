extension CallTree {
  /// Makes all calls of one function from one node a single node, the most expensive first.
  ///
  /// The order in time is lost. Nodes of equal time stay in the order of their first calls.
  public mutating func aggregateRepeatedCalls() {
    var distinct = DistinctChildren()
    var node = root ?? .null
    while node != .null {
      guard firstChild(of: node) != lastChild(of: node) else {
        node = nextInPreorder(after: node)
        continue
      }
      distinct.removeAll()
      var child = firstChild(of: node)
      while child != .null {
        let next = nextSibling(of: child)
        let first = distinct.first(identity(of: child), orAdd: child)
        if first != child { merge(child, into: first) }
        child = next
      }
      let children = distinct.nodes
      if !isSorted(children) {
        // Equal times go by place: the order of `sort` itself isn't promised to be stable.
        let places = children.indices.sorted {
          let (a, b) = (time(of: children[$0]), time(of: children[$1]))
          return a != b ? a > b : $0 < $1
        }
        reorderChildren(of: node, places.map { children[$0] })
      }
      node = nextInPreorder(after: node)
    }
  }

  private func isSorted(_ nodes: [NodeID]) -> Bool {
    for index in nodes.indices.dropFirst() where time(of: nodes[index - 1]) < time(of: nodes[index]) {
      return false
    }
    return true
  }
}

/// The first child of each identity.
private struct DistinctChildren {
  /// Up to so many are looked through one by one, which is quicker than hashing.
  private static let fewCount = 12

  private(set) var nodes: [NodeID] = []
  private var identities: [NodeIdentity] = []
  private var index: [NodeIdentity: NodeID] = [:]

  mutating func removeAll() {
    nodes.removeAll(keepingCapacity: true)
    identities.removeAll(keepingCapacity: true)
    if !index.isEmpty { index.removeAll(keepingCapacity: index.count < 64) }
  }

  /// The first child with this identity; `child` becomes it if there is none.
  mutating func first(_ identity: NodeIdentity, orAdd child: NodeID) -> NodeID {
    if nodes.count <= Self.fewCount {
      for place in identities.indices where identities[place] == identity { return nodes[place] }
      if nodes.count == Self.fewCount {
        for (place, known) in identities.enumerated() { index[known] = nodes[place] }
        index[identity] = child
      }
      identities.append(identity)
    } else if let known = index[identity] {
      return known
    } else {
      index[identity] = child
    }
    nodes.append(child)
    return child
  }
}
