import Profile

/// A node of a `CallTree`.
public struct NodeID: TableHandle {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// No node: the parent of the root, the child of a leaf.
  public static let null = NodeID(rawValue: .max)
}
