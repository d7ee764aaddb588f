extension CallTree {
  /// Takes out the frames of functions with a local `__tracebackhide__`: they ask not to be shown.
  public mutating func removeTracebackHide() {
    guard variants.hasHidden || observations.hasHidden else { return }
    replaceWithChildren { tree, node in tree.isHidden(node) }
  }

  /// Puts the children of each chosen node below the root in the node's place.
  mutating func replaceWithChildren(where isChosen: (CallTree, NodeID) -> Bool) {
    var node = root ?? .null
    while node != .null {
      let next = nextInPreorder(after: node)
      if node != root, isChosen(self, node) { delete(node, replacingWith: .children) }
      node = next
    }
  }
}
