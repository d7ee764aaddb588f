/// Every stack of a profile as a calling context tree: a stack is its caller's stack and one more frame.
///
/// Rows stand in the order in which they were made, so a parent always comes before its children.
public struct StackTable: ~Copyable {
  private var parents = Column<StackID>(minimumCapacity: 1024)
  private var frames = Column<FrameID>(minimumCapacity: 1024)
  private var index = HashIndex()

  /// Makes a table that holds the empty stack only.
  public init() {
    parents.append(.empty)
    frames.append(FrameID(rawValue: .max))
  }

  /// The number of stacks, the empty one included.
  public var count: Int { parents.count }

  /// The stack without its top frame. The empty stack is its own parent.
  public func parent(of stack: StackID) -> StackID { parents[stack.index] }

  /// The top (innermost) frame; nil for the empty stack.
  public func frame(of stack: StackID) -> FrameID? {
    stack == .empty ? nil : frames[stack.index]
  }

  /// The stack that has `frame` on top of `parent`; added if it is new.
  public mutating func intern(parent: StackID, frame: FrameID) -> StackID {
    let hash = Self.hash(parent, frame)
    if let row = index.row(hash: hash, where: { parents[$0] == parent && frames[$0] == frame }) {
      return StackID(index: row)
    }
    parents.append(parent)
    frames.append(frame)
    index.insert(row: parents.count - 1, hash: hash)
    return StackID(index: parents.count - 1)
  }

  /// The frames of `stack`, outermost first.
  public func path(of stack: StackID) -> [FrameID] {
    var path: [FrameID] = []
    var current = stack
    while let frame = frame(of: current) {
      path.append(frame)
      current = parent(of: current)
    }
    path.reverse()
    return path
  }

  private static func hash(_ parent: StackID, _ frame: FrameID) -> UInt64 {
    mixed(0, UInt64(parent.rawValue) << 32 | UInt64(frame.rawValue))
  }
}
