extension CallTree {
  /// Takes out nodes with less than `filterThreshold` of the whole time. Their callers absorb the time.
  ///
  /// - Parameter totalTime: The whole time in nanoseconds; nil for the root's.
  public mutating func removeIrrelevantNodes(filterThreshold: Double = 0.01, totalTime: Int64? = nil) {
    guard let root = root else { return }
    let total = Double(max(totalTime ?? time(of: root), 0))
    let end = nextInPreorder(after: root, skippingChildren: true)
    var node = nextInPreorder(after: root)
    while node != end, node != .null {
      let time = Double(time(of: node))
      // Without any time, all is irrelevant, unless everything is wanted.
      let isIrrelevant = total > 0 ? time / total < filterThreshold : filterThreshold > 0
      let next = nextInPreorder(after: node, skippingChildren: isIrrelevant)
      if isIrrelevant { delete(node, replacingWith: .nothing) }
      node = next
    }
  }
}
