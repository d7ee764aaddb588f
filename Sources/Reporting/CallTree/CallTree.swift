import Profile

/// The calls of a session with the time spent in them.
///
/// A tree of arrays: a node is a row number, and each fact about nodes is one array. Children of a node
/// form a list in both directions. A node's time is exactly the time of its children plus the time that it
/// absorbed from children that were taken away; the time of synthetic leaves such as `[self]` comes from
/// samples. Times are whole nanoseconds. Processors reshape a tree; they never change the root's time.
public struct CallTree: Sendable {
  /// Which calls become one node when a tree is built.
  public enum Merging: Sendable {
    /// Calls of one function from one node that follow each other: the tree shows the order in time.
    case consecutiveCalls
    /// All calls of one function from one node. Such a tree is no larger than the number of distinct
    /// stacks, however long the recording.
    case repeatedCalls
  }

  /// The profile that the tree was made from: names, files and threads are looked up there.
  public let session: Session
  /// The node that all others are below; nil if there are no samples.
  public internal(set) var root: NodeID?

  /// Facts about the session's source files.
  var files: SourceFiles
  let variants: FunctionVariants
  var observations = Observations()
  var addedNames: AddedNames

  private(set) var identities: [NodeIdentity] = []
  var times: [Int64] = []
  var absorbedTimes: [Int64] = []
  var parents: [NodeID] = []
  var firstChildren: [NodeID] = []
  var lastChildren: [NodeID] = []
  var nextSiblings: [NodeID] = []
  var previousSiblings: [NodeID] = []
  var grouping = Grouping()

  /// An empty tree.
  init(session: Session, variants: FunctionVariants) {
    self.session = session
    self.variants = variants
    files = SourceFiles(session)
    addedNames = AddedNames(after: session)
  }

  /// An empty tree for nodes that are added by hand; names, paths and prefixes are those of `session`.
  public init(emptyFor session: Session) {
    self.init(session: session, variants: FunctionVariants(session, detail: .attributes))
  }

  /// One more than the highest node number. Nodes that were taken away keep their numbers.
  public var nodeCapacity: Int { identities.count }

  /// What `node` stands for.
  public func identity(of node: NodeID) -> NodeIdentity { identities[node.index] }

  /// The time in `node` and everything below it, in nanoseconds.
  public func time(of node: NodeID) -> Int64 { times[node.index] }

  /// The part of the time that belonged to children that were taken away, in nanoseconds.
  public func absorbedTime(of node: NodeID) -> Int64 { absorbedTimes[node.index] }

  /// The caller; `null` for the root.
  public func parent(of node: NodeID) -> NodeID { parents[node.index] }

  /// The first child, or `null`.
  public func firstChild(of node: NodeID) -> NodeID { firstChildren[node.index] }

  /// The last child, or `null`.
  public func lastChild(of node: NodeID) -> NodeID { lastChildren[node.index] }

  /// The sibling that follows, or `null`.
  public func nextSibling(of node: NodeID) -> NodeID { nextSiblings[node.index] }

  /// The children in order.
  public func children(of node: NodeID) -> [NodeID] {
    var children: [NodeID] = []
    var child = firstChild(of: node)
    while child != .null {
      children.append(child)
      child = nextSibling(of: child)
    }
    return children
  }

  /// The node that follows `node` when callers come before callees, or `null` after the last.
  ///
  /// With `skippingChildren`, what is below `node` is passed over.
  public func nextInPreorder(after node: NodeID, skippingChildren: Bool = false) -> NodeID {
    if !skippingChildren, firstChild(of: node) != .null { return firstChild(of: node) }
    var current = node
    while current != .null, current != root {
      if nextSibling(of: current) != .null { return nextSibling(of: current) }
      current = parent(of: current)
    }
    return .null
  }

  /// Adds a node without time as the last child of `parent`, or as an unattached one if that is `null`.
  mutating func append(_ identity: NodeIdentity, to parent: NodeID) -> NodeID {
    let node = NodeID(index: identities.count)
    identities.append(identity)
    times.append(0)
    absorbedTimes.append(0)
    parents.append(parent)
    firstChildren.append(.null)
    lastChildren.append(.null)
    nextSiblings.append(.null)
    guard parent != .null else {
      previousSiblings.append(.null)
      return node
    }
    let previous = lastChildren[parent.index]
    previousSiblings.append(previous)
    lastChildren[parent.index] = node
    if previous == .null { firstChildren[parent.index] = node } else { nextSiblings[previous.index] = node }
    return node
  }
}
