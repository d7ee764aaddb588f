/// What a frame asks of its readers.
public struct FrameFlags: OptionSet, BitwiseCopyable, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// The function has a local `__tracebackhide__`.
  public static let hidden = FrameFlags(rawValue: 1)
  /// No frame of the program: the task waited for something. See `SyntheticLeaf.await`.
  public static let await = FrameFlags(rawValue: 2)
  /// No frame of the program: other code than the recorded ran. See `SyntheticLeaf.outOfContext`.
  public static let outOfContext = FrameFlags(rawValue: 4)
}
