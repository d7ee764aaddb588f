/// What the sampler knew of a thread when it took a sample.
public struct SampleState: OptionSet, BitwiseCopyable, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// The thread held the GIL.
  public static let heldGIL = SampleState(rawValue: 1)
  /// The stack was read from another core, by two equal walks.
  public static let unfollowed = SampleState(rawValue: 2)
  /// Only the bottom (outer) part of the stack is known.
  public static let truncated = SampleState(rawValue: 4)
}

/// One sample: where a thread was, and how much time that stands for.
public struct Sample: BitwiseCopyable, Hashable, Sendable {
  public var stack: StackID
  /// Wall time since the thread's previous sample, in nanoseconds.
  public var wallTime: Int64
  public var state: SampleState

  public init(stack: StackID, wallTime: Int64, state: SampleState = []) {
    self.stack = stack
    self.wallTime = wallTime
    self.state = state
  }
}

/// The samples of one thread in time order, as columns.
public struct SampleColumns: ~Copyable {
  private var stacks = Column<StackID>(minimumCapacity: 1024)
  private var wallTimes = Column<Int64>(minimumCapacity: 1024)
  private var states = Column<SampleState>(minimumCapacity: 1024)

  public init() {}

  /// The number of samples.
  public var count: Int { stacks.count }

  /// The sample at `index`, which must be below `count`.
  public subscript(index: Int) -> Sample {
    Sample(stack: stacks[index], wallTime: wallTimes[index], state: states[index])
  }

  /// Adds a sample at the end.
  public mutating func append(_ sample: Sample) {
    stacks.append(sample.stack)
    wallTimes.append(sample.wallTime)
    states.append(sample.state)
  }
}
