/// A profile in the making: tables that one thread at a time writes.
///
/// `Session(recording, …)` closes it.
public struct Recording: ~Copyable {
  public internal(set) var strings = StringTable()
  public internal(set) var functions = FunctionTable()
  public internal(set) var frames = FrameTable()
  public internal(set) var stacks = StackTable()
  /// How well the sampler could look.
  public var statistics = SamplerStatistics()
  /// The recorded thread's name and identifier: for now the thread is the one that started the recording.
  public let threadName: String
  public let threadIdentifier: UInt64
  /// The thread's samples so far.
  public internal(set) var samples = SampleColumns()
  /// The stack at the start.
  public var startStack = StackID.empty

  public init(threadName: String, threadIdentifier: UInt64) {
    self.threadName = threadName
    self.threadIdentifier = threadIdentifier
  }

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

  /// Adds a sample of the recorded thread.
  public mutating func append(_ sample: Sample) { samples.append(sample) }
}
