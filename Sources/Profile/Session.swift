/// A finished profile. Immutable, so any thread may read it.
public final class Session: @unchecked Sendable {
  // Unchecked: the tables are raw memory that nobody writes after `init`.

  public let metadata: SessionMetadata
  public let statistics: SamplerStatistics
  public let strings: StringTable
  public let functions: FunctionTable
  public let frames: FrameTable
  public let stacks: StackTable
  /// The recorded threads, the one that started the recording first.
  public let threads: [ThreadSamples]
  /// The stack of the thread that started the recording, at that time.
  public let startStack: StackID

  /// Closes `recording` with the samples of its threads, which must refer to its stacks.
  public init(_ recording: consuming Recording, threads: [ThreadSamples], metadata: SessionMetadata) {
    self.metadata = metadata
    self.threads = threads
    statistics = recording.statistics
    startStack = recording.startStack
    strings = recording.strings
    functions = recording.functions
    frames = recording.frames
    stacks = recording.stacks
  }

  /// Closes what `combiner` gathered, with other threads than its own if there are any.
  init(
    _ combiner: consuming SessionCombiner, threads: [ThreadSamples]? = nil, metadata: SessionMetadata,
    statistics: SamplerStatistics
  ) {
    self.metadata = metadata
    self.statistics = statistics
    self.threads = threads ?? combiner.threads
    startStack = combiner.startStack ?? .empty
    strings = combiner.strings
    functions = combiner.functions
    frames = combiner.frames
    stacks = combiner.stacks
  }

  /// The number of samples over all threads, as the session tells it.
  public var sampleCount: Int { metadata.sampleCount ?? threads.reduce(0) { $0 + $1.samples.count } }
}
