/// Settings of the processors.
public struct ProcessorOptions: Sendable {
  /// What a user's patterns say of a source file.
  public enum Visibility: UInt8, Sendable {
    /// Nothing: library code is hidden, application code shown.
    case automatic
    case hide
    case show
  }

  /// Nodes with less than this part of the whole time are irrelevant.
  public var filterThreshold = 0.01
  /// The whole time in nanoseconds; nil for the root's.
  public var totalTime: Int64?
  /// What a user's patterns say of each source file, by its number in `CallTree.filePaths`. Files beyond the end are
  /// `automatic`.
  public var visibility: [Visibility] = []
  /// Whether `[self]` nodes are merged everywhere, not only right below the root.
  public var isRecursive = true

  public init() {}
}
