/// Which nodes of a tree are in which group.
///
/// While a tree is reshaped, only what each node says of itself is kept up; `CallTree.tidyGroups()` then makes the
/// lists of members agree, in one pass over the groups that changed.
struct Grouping {
  static let none: Int32 = -1
  /// All groups ever made; those that were given up have no members.
  var groups: [FrameGroup] = []
  /// The groups with members that left.
  var changed: Set<Int32> = []
  private var indexes: [Int32] = []

  /// The group of `node` as an index, or `none`.
  func index(of node: NodeID) -> Int32 { node.index < indexes.count ? indexes[node.index] : Self.none }

  /// Makes a group with this root alone.
  mutating func add(root: NodeID) -> Int32 {
    groups.append(FrameGroup(root: root, members: []))
    let group = Int32(truncatingIfNeeded: groups.count - 1)
    join(root, group)
    return group
  }

  /// Puts `node` into a group, and out of the one that it is in.
  mutating func join(_ node: NodeID, _ group: Int32) {
    if index(of: node) == group { return }
    leave(node)
    // Who comes back must not be counted twice.
    if changed.contains(group) { groups[Int(group)].members.removeAll { $0 == node } }
    groups[Int(group)].members.append(node)
    set(node, group)
  }

  /// Takes `node` out of the group that it is in, if any.
  mutating func leave(_ node: NodeID) {
    let group = index(of: node)
    guard group != Self.none else { return }
    changed.insert(group)
    indexes[node.index] = Self.none
  }

  private mutating func set(_ node: NodeID, _ group: Int32) {
    if node.index >= indexes.count {
      indexes.append(contentsOf: repeatElement(Self.none, count: node.index - indexes.count + 1))
    }
    indexes[node.index] = group
  }
}
