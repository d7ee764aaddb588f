/// The tables of a profile in the making, which one thread at a time writes. The samples, which refer to them, are
/// kept apart for each thread.
///
/// `Session(recording, …)` closes it.
public struct Recording: ~Copyable {
  public internal(set) var strings = StringTable()
  public internal(set) var functions = FunctionTable()
  public internal(set) var frames = FrameTable()
  public internal(set) var stacks = StackTable()
  /// How well the sampler could look.
  public var statistics = SamplerStatistics()
  /// The starting thread's stack at the start.
  public var startStack = StackID.empty

  public init() {}

  /// The handle of the string with these UTF-8 bytes.
  public mutating func intern(_ utf8: UnsafeBufferPointer<UInt8>) -> StringID { strings.intern(utf8) }

  /// The handle of `string`.
  public mutating func intern(_ string: String) -> StringID { strings.intern(string) }

  /// The handle of `function`.
  public mutating func intern(_ function: Function) -> FunctionID { functions.intern(function) }

  /// The handle of `frame`.
  public mutating func intern(_ frame: Frame) -> FrameID { frames.intern(frame) }

  /// The handle of the stack that has `frame` on top of `parent`.
  public mutating func intern(parent: StackID, frame: FrameID) -> StackID {
    stacks.intern(parent: parent, frame: frame)
  }
}
