extension CallTree {
  /// Takes out `[self]` nodes that are an only child: they say no more than their parent.
  public mutating func removeUnnecessarySelfTimeNodes() {
    var node = root ?? .null
    while node != .null {
      let child = firstChild(of: node)
      if child != .null, child == lastChild(of: node), identity(of: child).kind == .selfTime {
        delete(child, replacingWith: .nothing)
      }
      node = nextInPreorder(after: node)
    }
  }
}
