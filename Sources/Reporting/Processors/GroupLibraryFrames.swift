extension CallTree {
  /// Groups connected frames of library code, so that a report can show a group as one line.
  ///
  /// A group begins at a hidden frame that is in no group yet and has another hidden one below it. Hidden are frames of
  /// a library and synthetic ones, unless the user's patterns say otherwise. The root is never in a group.
  ///
  /// - Parameter visibility: See `ProcessorOptions.visibility`.
  public mutating func groupLibraryFrames(visibility: [ProcessorOptions.Visibility] = []) {
    guard let root else { return }
    let application = applicationCode()
    let isHidden = { (tree: CallTree, node: NodeID) -> Bool in
      if !visibility.isEmpty {
        let file = tree.fileNumber(of: node)
        switch file < visibility.count ? visibility[file] : .automatic {
        case .hide: return true
        case .show: return false
        case .automatic: break
        }
      }
      return !application[node.index]
    }
    let firstNew = Int32(truncatingIfNeeded: grouping.groups.count)
    var node = nextInPreorder(after: root)
    while node != .null {
      if isHidden(self, node) {
        let group = groupIndex(of: parent(of: node))
        if group >= firstNew, parent(of: node) != root {
          grouping.join(node, group)
        } else if groupIndex(of: node) < 0, hasChild(of: node, where: { isHidden(self, $0) }) {
          _ = grouping.add(root: node)
        }
      }
      node = nextInPreorder(after: node)
    }
    tidyGroups()
  }

  /// True if a child of `node` is as `condition` says.
  func hasChild(of node: NodeID, where condition: (NodeID) -> Bool) -> Bool {
    var child = firstChild(of: node)
    while child != .null {
      if condition(child) { return true }
      child = nextSibling(of: child)
    }
    return false
  }
}
