/// The few changes that processors are made of. Each keeps the tree's times exact.
extension CallTree {
  /// What takes the place of a node that is taken away.
  public enum Replacement: String, Sendable {
    /// Its children, in its place.
    case children
    /// A `[self]` node with its time.
    case selfTime = "self_time"
    /// Nothing: its parent absorbs the time.
    case nothing
  }

  /// Takes `node` out of the tree. The root stays where it is.
  ///
  /// Going through a tree from callers to callees, all deletions together take time in proportion to its
  /// size.
  public mutating func delete(_ node: NodeID, replacingWith replacement: Replacement) {
    let parent = parents[node.index]
    guard node != root, parent != .null else { return }
    switch replacement {
    case .nothing:
      absorbedTimes[parent.index] &+= times[node.index]
      leaveGroups(below: node)
      unlink(node, first: .null, last: .null)
    case .selfTime:
      let leaf = append(.selfTime, to: .null)
      times[leaf.index] = times[node.index]
      attach(leaf, to: parent, after: node)
      leaveGroups(below: node)
      unlink(node, first: .null, last: .null)
    case .children:
      // What its children don't account for; the time of a leaf, which has none.
      var rest = times[node.index]
      let first = firstChildren[node.index]
      var child = first
      while child != .null {
        parents[child.index] = parent
        rest &-= times[child.index]
        child = nextSiblings[child.index]
      }
      absorbedTimes[parent.index] &+= rest
      grouping.leave(node)
      unlink(node, first: first, last: lastChildren[node.index])
      firstChildren[node.index] = .null
      lastChildren[node.index] = .null
    }
  }

  /// Adds the time and the children of `node` to its sibling `target`, and takes `node` out of the tree.
  public mutating func merge(_ node: NodeID, into target: NodeID) {
    grouping.leave(node)
    unlink(node, first: .null, last: .null)
    mergeObservations(of: node, into: target)
    times[target.index] &+= times[node.index]
    absorbedTimes[target.index] &+= absorbedTimes[node.index]
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

  /// Makes `node`, which must not be below anything, a child of `parent`: the last one, or the one after `sibling`.
  ///
  /// Times stay as they are.
  public mutating func attach(_ node: NodeID, to parent: NodeID, after sibling: NodeID = .null) {
    let previous = sibling == .null ? lastChildren[parent.index] : sibling
    let next = previous == .null ? .null : nextSiblings[previous.index]
    parents[node.index] = parent
    previousSiblings[node.index] = previous
    nextSiblings[node.index] = next
    if previous == .null {
      firstChildren[parent.index] = node
    } else {
      nextSiblings[previous.index] = node
    }
    if next == .null { lastChildren[parent.index] = node } else { previousSiblings[next.index] = node }
    guard node == root else { return }
    var top = parent
    while parents[top.index] != .null { top = parents[top.index] }
    root = top
  }

  /// Takes `node` with all that is below it away from its parent. Times stay as they are.
  public mutating func detach(_ node: NodeID) {
    if parents[node.index] != .null { unlink(node, first: .null, last: .null) }
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
    detach(node)
    root = node
  }

  /// Calls `body` with `node` as the root, which it may change, and gives the root as it is then. Afterwards the tree
  /// has the root that it had.
  public mutating func withRoot(_ node: NodeID, _ body: (inout CallTree) -> Void) -> NodeID {
    let old = root
    root = node
    body(&self)
    let new = root ?? .null
    root = old
    return new
  }

  /// Goes down from the thread's pseudo frame to the frame where the recording was started, as long as
  /// nothing else happened on the way: no self time, and a single callee.
  mutating func trimStem() {
    guard let top = root else { return }
    var path = session.stacks.path(of: session.startStack)[...]
    if identities[top.index] != .thread(0) {
      // Without a pseudo frame it is the first frame itself that has to fit.
      guard session.threads.first?.isUnknown == true, let first = path.popFirst(),
        first.index < session.frames.count,
        identities[top.index] == .function(session.frames[first].function)
      else { return }
    }
    var node = top
    for frame in path {
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
  /// is left is the time before the program's first frame and after its last. The callee absorbs it.
  ///
  /// - Parameter threshold: The part of the time that counts as little.
  mutating func trimThreadFrame(threshold: Double) {
    guard let top = root, identities[top.index].kind == .thread else { return }
    var callee = NodeID.null
    var child = firstChildren[top.index]
    while child != .null {
      if !identities[child.index].isSynthetic {
        guard callee == .null else { return }
        callee = child
      }
      child = nextSiblings[child.index]
    }
    guard callee != .null else { return }
    let rest = times[top.index] &- times[callee.index]
    guard Double(rest) <= threshold * Double(times[top.index]) else { return }
    makeRoot(callee)
    times[callee.index] &+= rest
    absorbedTimes[callee.index] &+= rest
  }

  /// Leaves out the frames with which threading begins every thread, where nothing else happened in them: what they call
  /// is then the thread's own.
  mutating func trimThreadBootstrap() {
    guard let top = root, identities[top.index].kind == .thread else { return }
    for name in ["_bootstrap", "_bootstrap_inner", "run"] {
      guard let callee = onlyCallee(of: top), self.name(of: callee) == name,
        file(of: callee).hasSuffix("/threading.py"), firstChildren[callee.index] != .null
      else { return }
      delete(callee, replacingWith: .children)
    }
    tidyGroups()
  }

  /// The only child that is no synthetic leaf; nil if there are more, or none.
  private func onlyCallee(of node: NodeID) -> NodeID? {
    var callee: NodeID?
    var child = firstChildren[node.index]
    while child != .null {
      if !identities[child.index].isSynthetic {
        guard callee == nil else { return nil }
        callee = child
      }
      child = nextSiblings[child.index]
    }
    return callee
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
    guard parent != .null else { return }
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
