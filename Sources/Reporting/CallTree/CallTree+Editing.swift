/// The few changes that processors are made of. Each keeps the tree's times exact.
extension CallTree {
  /// What takes the place of a node that is taken away.
  enum Replacement {
    /// Its children, in its place.
    case children
    /// Nothing: its parent absorbs the time.
    case nothing
  }

  /// Takes `node` out of the tree. The root stays where it is.
  ///
  /// Going through a tree from callers to callees, all deletions together take time in proportion to its
  /// size.
  mutating func delete(_ node: NodeID, replacingWith replacement: Replacement) {
    let parent = parents[node.index]
    guard node != root, parent != .null else { return }
    switch replacement {
    case .nothing:
      absorbedTimes[parent.index] &+= times[node.index]
      unlink(node, first: .null, last: .null)
    case .children:
      absorbedTimes[parent.index] &+= absorbedTimes[node.index]
      let first = firstChildren[node.index]
      adopt(from: first, parent: parent)
      unlink(node, first: first, last: lastChildren[node.index])
      firstChildren[node.index] = .null
      lastChildren[node.index] = .null
    }
  }

  /// Adds the time and the children of `node` to its sibling `target`, and takes `node` out of the tree.
  mutating func merge(_ node: NodeID, into target: NodeID) {
    unlink(node, first: .null, last: .null)
    times[target.index] &+= times[node.index]
    absorbedTimes[target.index] &+= absorbedTimes[node.index]
    classObservations.merge(node, into: target)
    let first = firstChildren[node.index]
    guard first != .null else { return }
    adopt(from: first, parent: target)
    let last = lastChildren[target.index]
    if last == .null { firstChildren[target.index] = first } else { nextSiblings[last.index] = first }
    previousSiblings[first.index] = last
    lastChildren[target.index] = lastChildren[node.index]
    firstChildren[node.index] = .null
    lastChildren[node.index] = .null
  }

  /// Puts the children of `node` into the order of `ordered`, which holds each of them once.
  mutating func reorderChildren(of node: NodeID, _ ordered: [NodeID]) {
    var previous = NodeID.null
    for child in ordered {
      previousSiblings[child.index] = previous
      nextSiblings[child.index] = .null
      if previous != .null { nextSiblings[previous.index] = child }
      previous = child
    }
    firstChildren[node.index] = ordered.first ?? .null
    lastChildren[node.index] = previous
  }

  /// Makes `node` the root. What isn't below it is no longer part of the tree.
  mutating func makeRoot(_ node: NodeID) {
    parents[node.index] = .null
    previousSiblings[node.index] = .null
    nextSiblings[node.index] = .null
    root = node
  }

  /// Goes down from the thread's pseudo frame to the frame where the recording was started, as long as
  /// nothing else happened on the way: no self time, and a single callee.
  mutating func trimStem() {
    guard let top = root, identities[top.index] == .thread(0) else { return }
    var node = top
    for frame in session.stacks.path(of: session.startStack) {
      let child = firstChildren[node.index]
      guard child != .null, child == lastChildren[node.index], absorbedTimes[node.index] == 0,
        frame.index < session.frames.count,
        identities[child.index] == .function(session.frames[frame].function)
      else { break }
      node = child
    }
    makeRoot(node)
  }

  /// Goes down from a thread's pseudo frame to its only callee if all but a little of the time was spent there: what
  /// is left is the time before the program's first frame and after its last.
  ///
  /// - Parameter threshold: The part of the time that counts as little.
  mutating func trimThreadFrame(threshold: Double) {
    guard let top = root, identities[top.index].kind == .thread else { return }
    let callees = children(of: top).filter { !identities[$0.index].isSynthetic }
    guard callees.count == 1, let callee = callees.first,
      Double(times[top.index] - times[callee.index]) <= threshold * Double(times[top.index])
    else { return }
    makeRoot(callee)
  }

  /// Sets the parent of `first` and of all siblings after it.
  private mutating func adopt(from first: NodeID, parent: NodeID) {
    var child = first
    while child != .null {
      parents[child.index] = parent
      child = nextSiblings[child.index]
    }
  }

  /// Puts the chain from `first` to `last`, which may be empty, where `node` is in its parent's list.
  private mutating func unlink(_ node: NodeID, first: NodeID, last: NodeID) {
    let parent = parents[node.index]
    let previous = previousSiblings[node.index]
    let next = nextSiblings[node.index]
    let afterPrevious = first == .null ? next : first
    let beforeNext = last == .null ? previous : last
    if first != .null { previousSiblings[first.index] = previous }
    if last != .null { nextSiblings[last.index] = next }
    if previous == .null {
      firstChildren[parent.index] = afterPrevious
    } else {
      nextSiblings[previous.index] = afterPrevious
    }
    if next == .null {
      lastChildren[parent.index] = beforeNext
    } else {
      previousSiblings[next.index] = beforeNext
    }
    parents[node.index] = .null
    previousSiblings[node.index] = .null
    nextSiblings[node.index] = .null
  }
}
