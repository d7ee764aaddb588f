extension CallTree {
  /// Takes out nodes with less than `filterThreshold` of the root's time. Their callers absorb the time.
  public mutating func removeIrrelevantNodes(filterThreshold: Double = 0.01) {
    guard let root = root else { return }
    let total = Double(max(time(of: root), 0))
    var node = nextInPreorder(after: root)
    while node != .null {
      let time = Double(time(of: node))
      // Without any time, all is irrelevant, unless everything is wanted.
      let isIrrelevant = total > 0 ? time / total < filterThreshold : filterThreshold > 0
      let next = nextInPreorder(after: node, skippingChildren: isIrrelevant)
      if isIrrelevant { delete(node, replacingWith: .nothing) }
      node = next
    }
  }
}
