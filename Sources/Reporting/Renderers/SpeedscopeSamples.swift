import Profile

/// A thread's stacks one after the other, as a speedscope file holds them. Equal ones that follow each other are one.
struct SpeedscopeSamples {
  private let tree: CallTree
  private let frames: SpeedscopeFrames
  private var nodes: [NodeID] = []
  private var times: [Int64] = []
  /// The text of the frames down to each node that was sampled, and where it is in `texts`.
  private var texts = TextBuffer()
  private var ranges: [Range<Int>?]

  init(_ tree: CallTree, frames: SpeedscopeFrames) {
    self.tree = tree
    self.frames = frames
    ranges = [Range<Int>?](repeating: nil, count: tree.nodeCapacity)
  }

  /// Adds the samples of `thread`.
  mutating func add(_ thread: ThreadSamples, clock: SampleClock) {
    let stackNodes = StackNodes(tree)
    for row in 0..<thread.samples.count {
      let sample = thread.samples[row]
      let time = sample.time(by: clock)
      if time != 0 { add(stackNodes.node(of: sample.stack), time) }
    }
  }

  /// Adds what the tree says, which must be in the order of time.
  mutating func addLeaves() {
    guard let root = tree.root else { return }
    var node = root
    while node != .null {
      let child = tree.firstChild(of: node)
      if child != .null {
        node = child
        continue
      }
      addOwnTime(of: node)
      while node != root, tree.nextSibling(of: node) == .null {
        node = tree.parent(of: node)
        addOwnTime(of: node)
      }
      node = node == root ? .null : tree.nextSibling(of: node)
    }
  }

  private mutating func addOwnTime(of node: NodeID) {
    let identity = tree.identity(of: node)
    let time = identity.isSyntheticLeaf ? tree.time(of: node) : tree.absorbedTime(of: node)
    guard time != 0 else { return }
    add(identity.kind == .selfTime && node != tree.root ? tree.parent(of: node) : node, time)
  }

  private mutating func add(_ node: NodeID, _ time: Int64) {
    if let last = nodes.last, last == node {
      times[times.count - 1] &+= time
    } else {
      nodes.append(node)
      times.append(time)
    }
  }

  /// Adds the fields that are special to a profile of this form.
  mutating func write(to buffer: inout TextBuffer) {
    buffer.append(", \"type\": \"sampled\", \"samples\": [")
    // At once, since a large text that grows bit by bit is in memory twice for a while.
    buffer.reserve(nodes.reduce(0) { $0 + range(of: $1).count + 1 + Self.weightSize })
    var isFirst = true
    for node in nodes {
      if !isFirst { buffer.append(byte: UInt8(ascii: ",")) }
      isFirst = false
      buffer.append(texts.bytes[range(of: node)])
    }
    buffer.append("], \"weights\": [")
    isFirst = true
    for time in times {
      if !isFirst { buffer.append(byte: UInt8(ascii: ",")) }
      isFirst = false
      buffer.append(exactSeconds: time)
    }
    buffer.append("]")
  }

  /// How many bytes a weight takes, about.
  private static let weightSize = 12

  /// Where the text of the frames down to `node` is.
  private mutating func range(of node: NodeID) -> Range<Int> {
    if let known = ranges[node.index] { return known }
    var path: [NodeID] = []
    var current = node
    while current != .null {
      path.append(current)
      current = current == tree.root ? .null : tree.parent(of: current)
    }
    let start = texts.bytes.count
    texts.append(byte: UInt8(ascii: "["))
    var isFirst = true
    // From the outermost on: what is in every sample gets the short numbers.
    for place in path.reversed() {
      guard let frame = frames.number(of: place, in: tree) else { continue }
      if !isFirst { texts.append(byte: UInt8(ascii: ",")) }
      isFirst = false
      texts.append(decimal: frame)
    }
    texts.append(byte: UInt8(ascii: "]"))
    ranges[node.index] = start..<texts.bytes.count
    return start..<texts.bytes.count
  }
}
