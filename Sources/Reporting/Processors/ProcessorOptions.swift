/// Settings of the processors.
public struct ProcessorOptions: Sendable {
  /// Nodes with less than this part of the whole time are irrelevant.
  public var filterThreshold = 0.01

  public init() {}
}
