/// Connected frames of library code that a report may show as one line.
public struct FrameGroup: Sendable {
  /// The member that all others are below.
  public let root: NodeID
  /// All members, callers before callees.
  public internal(set) var members: [NodeID]
}
