extension CallTree {
  /// Groups connected frames of library code, so that a report can show a group as one line.
  ///
  /// A group begins at a frame of a library that has another one, or a synthetic frame, below it. The root is
  /// never in a group. This comes last: a tree with groups isn't reshaped further.
  public mutating func groupLibraryFrames() {
    let application = applicationCode()
    groups.removeAll()
    groupIndexes = [Int32](repeating: -1, count: nodeCapacity)
    guard let root else { return }
    var node = nextInPreorder(after: root)
    while node != .null {
      if !application[node.index] {
        let group = groupIndexes[parent(of: node).index]
        if group >= 0 {
          groups[Int(group)].members.append(node)
          groupIndexes[node.index] = group
        } else if hasChild(of: node, where: { !application[$0.index] }) {
          groupIndexes[node.index] = Int32(truncatingIfNeeded: groups.count)
          groups.append(FrameGroup(root: node, members: [node]))
        }
      }
      node = nextInPreorder(after: node)
    }
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
