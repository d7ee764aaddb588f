/// Groups of nodes, and how they are kept up while the tree is reshaped.
extension CallTree {
  /// The groups of frames that a report may show as one line, each with all its members.
  ///
  /// A group whose members went away keeps its place and has none.
  public var groups: [FrameGroup] {
    if grouping.changed.isEmpty { return grouping.groups }
    var tree = self
    tree.tidyGroups()
    return tree.grouping.groups
  }

  /// The group that `node` is in, if any.
  public func group(of node: NodeID) -> FrameGroup? {
    if !grouping.changed.isEmpty {
      var tree = self
      tree.tidyGroups()
      return tree.group(of: node)
    }
    let index = groupIndex(of: node)
    return index < 0 ? nil : grouping.groups[Int(index)]
  }

  /// The group that `node` is in as an index into `groups`, or -1. It holds only once the groups are tidy.
  public func groupIndex(of node: NodeID) -> Int32 { grouping.index(of: node) }

  /// Makes a group that has `root` alone, which leaves the group that it is in; gives its index.
  public mutating func addGroup(root: NodeID) -> Int32 {
    leaveGroup(root, isDissolving: false)
    return grouping.add(root: root)
  }

  /// Puts `node` into the group with index `group`, and out of the one that it is in.
  public mutating func join(_ node: NodeID, group: Int32) {
    if groupIndex(of: node) == group { return }
    leaveGroup(node, isDissolving: false)
    grouping.join(node, group)
  }

  /// Takes `node` out of its group, if any.
  ///
  /// - Parameter isDissolving: Whether a group of which one member is left is given up.
  public mutating func leaveGroup(_ node: NodeID, isDissolving: Bool) {
    tidyGroups()
    let group = groupIndex(of: node)
    guard group >= 0 else { return }
    grouping.leave(node)
    guard !isDissolving else { return }
    grouping.groups[Int(group)].members.removeAll { $0 == node }
    grouping.changed.remove(group)
  }

  /// Makes the groups' lists of members agree with the tree.
  ///
  /// Where a group's root left it, the members that nothing of the group is above any more become roots. A group of
  /// one is given up.
  public mutating func tidyGroups() {
    guard !grouping.changed.isEmpty else { return }
    for group in grouping.changed.sorted() { tidy(group) }
    grouping.changed.removeAll()
  }

  private mutating func tidy(_ group: Int32) {
    let old = grouping.groups[Int(group)]
    let members = old.members.filter { grouping.index(of: $0) == group }
    guard grouping.index(of: old.root) != group else {
      set(group, root: old.root, members: members)
      return
    }
    // In the order of the members a caller comes before what it calls, so its part is known by then.
    var partOfMember: [NodeID: Int] = [:]
    var parts: [[NodeID]] = []
    for node in members {
      if let part = partOfMember[parent(of: node)] {
        parts[part].append(node)
        partOfMember[node] = part
      } else {
        partOfMember[node] = parts.count
        parts.append([node])
      }
    }
    set(group, root: parts.first?.first ?? old.root, members: parts.first ?? [])
    for part in parts.dropFirst() {
      for node in part { grouping.leave(node) }
      guard part.count > 1, let root = part.first else { continue }
      let added = grouping.add(root: root)
      for node in part.dropFirst() { grouping.join(node, added) }
    }
  }

  private mutating func set(_ group: Int32, root: NodeID, members: [NodeID]) {
    if members.count > 1 {
      grouping.groups[Int(group)] = FrameGroup(root: root, members: members)
    } else {
      for node in members { grouping.leave(node) }
      grouping.groups[Int(group)] = FrameGroup(root: root, members: [])
    }
  }

  /// Takes `node` and everything below it out of their groups.
  public mutating func leaveGroups(below node: NodeID) {
    if grouping.groups.isEmpty { return }
    forEach(from: node) { $0.grouping.leave($1) }
  }

  /// Calls `body` with `node` and everything below it, callers before callees; the links must stay as they are.
  mutating func forEach(from node: NodeID, _ body: (inout CallTree, NodeID) -> Void) {
    let end = nextInPreorder(after: node, skippingChildren: true)
    var current = node
    while current != end, current != .null {
      let next = nextInPreorder(after: current)
      body(&self, current)
      current = next
    }
  }
}
