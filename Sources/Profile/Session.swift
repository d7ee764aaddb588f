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
    threads = [
      ThreadSamples(
        name: recording.threadName, identifier: recording.threadIdentifier, samples: recording.samples)
    ]
    startStack = recording.startStack
    strings = recording.strings
    functions = recording.functions
    frames = recording.frames
    stacks = recording.stacks
  }

  /// Closes what `combiner` gathered.
  init(_ combiner: consuming SessionCombiner, metadata: SessionMetadata, statistics: SamplerStatistics) {
    self.metadata = metadata
    self.statistics = statistics
    threads = combiner.threads
    startStack = combiner.startStack ?? .empty
    strings = combiner.strings
    functions = combiner.functions
    frames = combiner.frames
    stacks = combiner.stacks
  }

  /// The number of samples over all threads.
  public var sampleCount: Int { threads.reduce(0) { $0 + $1.samples.count } }
}
