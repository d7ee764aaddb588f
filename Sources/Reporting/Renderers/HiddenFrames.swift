/// Which members of a tree's groups a text report leaves out.
///
/// A group shows its root, frames that call something outside of it, and frames with more than a fifth of
/// the whole time in themselves. A group that would leave out fewer than two frames isn't worth a line:
/// it shows all.
struct HiddenFrames {
  private var isHidden: [Bool]
  private var hidden: [NodeID: [NodeID]] = [:]

  init(_ tree: CallTree) {
    var tree = tree
    tree.tidyGroups()
    isHidden = [Bool](repeating: false, count: tree.nodeCapacity)
    guard let root = tree.root else { return }
    let significant = 0.2 * Double(tree.time(of: root))
    for group in tree.groups {
      let left = group.members.filter { node in
        let own = tree.groupIndex(of: node)
        return node != group.root && Double(tree.selfTime(of: node)) <= significant
          && !tree.hasChild(of: node) { tree.groupIndex(of: $0) != own }
      }
      guard left.count >= 2 else { continue }
      hidden[group.root] = left
      for node in left { isHidden[node.index] = true }
    }
  }

  /// True if `node` has no line of its own.
  func contains(_ node: NodeID) -> Bool { isHidden[node.index] }

  /// The frames left out of the group with this root; empty for all other nodes.
  func frames(below groupRoot: NodeID) -> [NodeID] { hidden[groupRoot] ?? [] }
}
