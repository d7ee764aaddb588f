import Profile

extension CallTree {
  /// The calls of a session's thread, or of all its threads joined under `[root]`.
  ///
  /// - Parameters:
  ///   - thread: The thread's number in the session; nil for all.
  ///   - merging: Which calls become one node.
  ///   - clock: Whose time the nodes have.
  ///   - withAttributes: Whether all attributes are counted that frames were seen with: lines too, not only classes.
  ///   - trimmingStem: Whether the frames below the one that started the recording are left out where
  ///     nothing happened in them.
  public init(
    _ session: Session, thread: Int? = nil, merging: Merging = .consecutiveCalls, clock: SampleClock = .wall,
    withAttributes: Bool = false, trimmingStem: Bool = true
  ) {
    var builder = CallTreeBuilder(
      session, merging: merging, clock: clock, detail: withAttributes ? .attributes : .classes)
    for index in session.threads.indices where thread == nil || thread == index {
      builder.add(thread: index)
    }
    self = builder.finish()
    if trimmingStem { trimStem() }
  }
}

extension ThreadSamples {
  /// True for samples of which it isn't known what thread they are of: they have no pseudo frame.
  var isUnknown: Bool { name.isEmpty && identifier == 0 }
}

/// Builds a call tree from samples in time order.
///
/// The work is in proportion to the number of samples, of distinct stacks and of frames in which a sample
/// differs from the one before it; frames that stay the same cost nothing. A sample adds its time to one
/// synthetic leaf only, and the leaves' times are added up from the callees to the callers at the end.
struct CallTreeBuilder {
  private let session: Session
  private let merging: CallTree.Merging
  private let sampleClock: SampleClock
  private let paths: FunctionPaths
  private var tree: CallTree
  private let root: NodeID

  /// The current path, the synthetic leaf that takes its time, and the sum of all times so far.
  private var current: UInt32 = 0
  private var leaf = NodeID.null
  private var clock: Int64 = 0
  /// The node of each path. Up to date for the current path and the ones below it.
  private var nodes: [NodeID]
  /// The nodes of the current thread and their `[self]` children, by number of the path's functions; used
  /// where repeated calls are merged.
  private var nodesOfFunctions: [NodeID] = []
  private var selfNodesOfFunctions: [NodeID] = []
  /// The clock when a path of a mixed function became part of the current path.
  private var enteredAt: [Int64]
  /// Scratch: the paths that are left and entered, innermost first.
  private var left: [UInt32] = []
  private var entered: [UInt32] = []

  init(
    _ session: Session, merging: CallTree.Merging, clock: SampleClock, detail: FunctionVariants.Detail
  ) {
    self.session = session
    self.merging = merging
    sampleClock = clock
    let variants = FunctionVariants(session, detail: detail)
    paths = FunctionPaths(session, variants: variants)
    tree = CallTree(session: session, variants: variants)
    root = tree.append(.root, to: .null)
    nodes = [NodeID](repeating: .null, count: paths.count)
    enteredAt = [Int64](repeating: 0, count: paths.count)
  }

  /// Adds the samples of thread number `index`.
  ///
  /// Samples without time, such as the one that is taken at the start, are left out: they say nothing
  /// about where time went. Where no sample has time, all are kept, so that the stacks can be seen.
  mutating func add(thread index: Int) {
    let thread = session.threads[index]
    let count = thread.samples.count
    guard count > 0 else { return }
    let clock = sampleClock
    let keepsAll = !(0..<count).contains { thread.samples[$0].time(by: clock) != 0 }
    begin(thread: index)
    switch merging {
    case .consecutiveCalls:
      for row in 0..<count {
        let sample = thread.samples[row]
        let time = sample.time(by: clock)
        guard time != 0 || keepsAll else { continue }
        spend(time, at: paths.path(of: sample.stack))
      }
    case .repeatedCalls:
      // Where calls are merged anyhow, each distinct path is walked once, in the order of its first sample.
      var totals = [Int64](repeating: 0, count: paths.count)
      var isSeen = [Bool](repeating: false, count: paths.count)
      var seen: [UInt32] = []
      for row in 0..<count {
        let sample = thread.samples[row]
        let time = sample.time(by: clock)
        guard time != 0 || keepsAll else { continue }
        let path = paths.path(of: sample.stack)
        totals[Int(path)] &+= time
        if !isSeen[Int(path)] {
          isSeen[Int(path)] = true
          seen.append(path)
        }
      }
      for path in seen { spend(totals[Int(path)], at: path) }
    }
    move(to: 0)
  }

  /// Adds up the times and gives the tree.
  consuming func finish() -> CallTree {
    // A child always has a higher number than its parent.
    for row in tree.times.indices.reversed() {
      let parent = tree.parents[row]
      if parent != .null { tree.times[parent.index] &+= tree.times[row] }
    }
    let first = tree.firstChildren[root.index]
    if first == .null {
      tree.root = nil
    } else if first == tree.lastChildren[root.index] {
      tree.makeRoot(first)
    } else {
      tree.root = root
    }
    return tree
  }

  private mutating func begin(thread index: Int) {
    current = 0
    leaf = .null
    // Samples from elsewhere may have come without a thread.
    nodes[0] = session.threads[index].isUnknown ? root : tree.append(.thread(index), to: root)
    guard merging == .repeatedCalls else { return }
    nodesOfFunctions = [NodeID](repeating: .null, count: paths.mergedCount)
    selfNodesOfFunctions = nodesOfFunctions
    nodesOfFunctions[0] = nodes[0]
  }

  /// Adds `time` to the top function of `path`.
  private mutating func spend(_ time: Int64, at path: UInt32) {
    if path != current || leaf == .null {
      move(to: path)
      leaf = findLeaf()
    }
    tree.times[leaf.index] &+= time
    clock &+= time
  }

  /// Makes `path` the current one: leaves the frames that it doesn't have and enters those that are new.
  private mutating func move(to path: UInt32) {
    left.removeAll(keepingCapacity: true)
    entered.removeAll(keepingCapacity: true)
    var old = current
    var new = path
    while old != new {
      if old > new {
        left.append(old)
        old = paths.parents[Int(old)]
      } else {
        entered.append(new)
        new = paths.parents[Int(new)]
      }
    }
    for path in left.reversed() where paths.isMixed[Int(path)] {
      observe(Int(path), time: clock &- enteredAt[Int(path)])
    }
    enter(from: old)
    current = path
  }

  /// Finds or adds the nodes of the entered paths, the outermost of which is called from `base`.
  private mutating func enter(from base: UInt32) {
    var node = nodes[Int(base)]
    var leftRow = left.count - 1
    for path in entered.reversed() {
      let row = Int(path)
      let functions = Int(paths.merged[row])
      if leftRow >= 0, paths.merged[Int(left[leftRow])] == paths.merged[row] {
        // The same functions: only a class changed, here or further out.
        node = nodes[Int(left[leftRow])]
        leftRow -= 1
      } else if merging == .repeatedCalls, nodesOfFunctions[functions] != .null {
        node = nodesOfFunctions[functions]
      } else {
        node = tree.append(paths.identities[row], to: node)
        if merging == .repeatedCalls { nodesOfFunctions[functions] = node }
      }
      nodes[row] = node
      if paths.isMixed[row] {
        enteredAt[row] = clock
        // Known from now on, so that the first class seen wins if times are equal.
        observe(row, time: 0)
      }
    }
  }

  /// Adds `time` to the time that a path's node was seen with the attributes of its frame.
  private mutating func observe(_ row: Int, time: Int64) {
    let frame = session.frames[paths.frames[row]]
    switch tree.variants.detail {
    case .classes:
      if frame.className != .empty {
        tree.observations.record(.className(frame.className), of: nodes[row], time: time)
      }
    case .attributes:
      for attribute in FrameAttribute.all(of: frame) {
        tree.observations.record(attribute, of: nodes[row], time: time)
      }
    }
  }

  /// The leaf that takes the time of samples: the current node itself if it is one, else its `[self]` child.
  private mutating func findLeaf() -> NodeID {
    let node = nodes[Int(current)]
    if tree.identity(of: node).isSyntheticLeaf { return node }
    switch merging {
    case .consecutiveCalls:
      let last = tree.lastChildren[node.index]
      if last != .null, tree.identity(of: last).kind == .selfTime { return last }
      return tree.append(.selfTime, to: node)
    case .repeatedCalls:
      let functions = Int(paths.merged[Int(current)])
      if selfNodesOfFunctions[functions] == .null {
        selfNodesOfFunctions[functions] = tree.append(.selfTime, to: node)
      }
      return selfNodesOfFunctions[functions]
    }
  }
}
