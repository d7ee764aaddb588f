import Profile

/// What a node stands for. Siblings with the same identity may become one node.
public struct NodeIdentity: BitwiseCopyable, Hashable, Sendable {
  /// The sorts of nodes.
  public enum Kind: UInt8, BitwiseCopyable, Hashable, Sendable {
    /// A function of the program.
    case function
    /// The pseudo frame at the bottom of a thread's stacks.
    case thread
    /// What joins the trees of several threads.
    case root
    /// The time that the parent spent outside of other functions.
    case selfTime
    /// The time that the parent waited in `await`.
    case await
    /// The time that other code ran than what was recorded.
    case outOfContext
  }

  public let kind: Kind
  /// The function's row or the thread's number in the session; 0 for other kinds.
  public let row: UInt32

  private init(kind: Kind, row: UInt32) {
    self.kind = kind
    self.row = row
  }

  /// A call of `function`.
  public static func function(_ function: FunctionID) -> NodeIdentity {
    NodeIdentity(kind: .function, row: function.rawValue)
  }

  /// The session's thread number `index`.
  public static func thread(_ index: Int) -> NodeIdentity {
    NodeIdentity(kind: .thread, row: UInt32(truncatingIfNeeded: index))
  }

  public static let root = NodeIdentity(kind: .root, row: 0)
  public static let selfTime = NodeIdentity(kind: .selfTime, row: 0)
  static let await = NodeIdentity(kind: .await, row: 0)
  static let outOfContext = NodeIdentity(kind: .outOfContext, row: 0)

  /// What `frame` stands for.
  static func frame(_ frame: Frame) -> NodeIdentity {
    switch frame.syntheticLeaf {
    case nil: return .function(frame.function)
    case .await: return .await
    case .outOfContext: return .outOfContext
    }
  }

  /// The name, and the identifier, of a synthetic node, such as "[self]"; empty for others.
  var syntheticName: String {
    switch kind {
    case .function, .thread: return ""
    case .root: return "[root]"
    case .selfTime: return "[self]"
    case .await: return SyntheticLeaf.await.rawValue
    case .outOfContext: return SyntheticLeaf.outOfContext.rawValue
    }
  }

  /// The function, if the node stands for one.
  public var function: FunctionID? { kind == .function ? FunctionID(rawValue: row) : nil }

  /// True for nodes that no frame of the program corresponds to.
  public var isSynthetic: Bool {
    switch kind {
    case .function, .thread: return false
    case .root, .selfTime, .await, .outOfContext: return true
    }
  }

  /// True for synthetic nodes that have no children: their time is what samples gave them.
  public var isSyntheticLeaf: Bool { isSynthetic && kind != .root }
}
