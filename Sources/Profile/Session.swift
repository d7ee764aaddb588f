/// A finished profile. Immutable, so any thread may read it.
public final class Session: @unchecked Sendable {
  // Unchecked: the tables are raw memory that nobody writes after `init`.

  public let metadata: SessionMetadata
  public let statistics: SamplerStatistics
  public let strings: StringTable
  public let functions: FunctionTable
  public let frames: FrameTable
  public let stacks: StackTable
  /// The recorded threads.
  public let threads: [ThreadSamples]
  /// The stack of the recorded thread when the recording started.
  public let startStack: StackID

  /// Closes `recording`.
  public init(_ recording: consuming Recording, metadata: SessionMetadata) {
    self.metadata = metadata
    statistics = recording.statistics
    threads = [recording.thread]
    startStack = recording.startStack
    strings = recording.strings
    functions = recording.functions
    frames = recording.frames
    stacks = recording.stacks
  }

  /// The number of samples over all threads.
  public var sampleCount: Int { threads.reduce(0) { $0 + $1.samples.count } }
}
