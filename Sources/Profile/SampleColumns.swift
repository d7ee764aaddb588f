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
  /// The part of the thread's CPU time that belongs to this stack, in nanoseconds. Zero where it isn't known.
  public var cpuTime: Int64
  public var state: SampleState

  public init(stack: StackID, wallTime: Int64, cpuTime: Int64 = 0, state: SampleState = []) {
    self.stack = stack
    self.wallTime = wallTime
    self.cpuTime = cpuTime
    self.state = state
  }

  /// The time by one of the clocks, in nanoseconds.
  @inlinable @inline(__always)
  public func time(by clock: SampleClock) -> Int64 {
    switch clock {
    case .wall: wallTime
    case .cpu: cpuTime
    }
  }
}

/// By which time a profile is read.
@frozen
public enum SampleClock: String, CaseIterable, Sendable {
  /// Time as it passes.
  case wall
  /// Time that a thread was on a CPU.
  case cpu
}

/// The samples of one thread in time order, as columns.
///
/// They stand in blocks that never move, 21 bytes a sample: appending allocates once in `blockSize` samples.
public struct SampleColumns: ~Copyable {
  /// Samples a block. A block is large enough for the system to give its pages one by one as they are written.
  public static let blockSize = 1 << blockShift
  private static let blockShift = 15

  /// The columns of a block, one after the other.
  private enum Offset {
    static let wallTimes = 0
    static let cpuTimes = blockSize * 8
    static let stacks = blockSize * 16
    static let states = blockSize * 20
    static let end = blockSize * 21
  }

  private var blocks = Column<UnsafeMutableRawPointer>(minimumCapacity: 128)

  /// The number of samples.
  public private(set) var count = 0

  public init() {}

  /// The bytes that the samples take.
  public var memorySize: Int { blocks.count * Offset.end }

  deinit {
    for index in 0..<blocks.count { blocks[index].deallocate() }
  }

  /// The sample at `index`, which must be below `count`.
  public subscript(index: Int) -> Sample {
    @inline(__always)
    get {
      precondition(index >= 0 && index < count)
      let block = blocks[index >> Self.blockShift]
      let row = index & (Self.blockSize - 1)
      return Sample(
        stack: block.load(fromByteOffset: Offset.stacks + row * 4, as: StackID.self),
        wallTime: block.load(fromByteOffset: Offset.wallTimes + row * 8, as: Int64.self),
        cpuTime: block.load(fromByteOffset: Offset.cpuTimes + row * 8, as: Int64.self),
        state: block.load(fromByteOffset: Offset.states + row, as: SampleState.self))
    }
    set {
      precondition(index >= 0 && index < count)
      store(newValue, at: index)
    }
  }

  /// Adds a sample at the end.
  @inline(__always)
  public mutating func append(_ sample: Sample) {
    if count >> Self.blockShift == blocks.count { addBlock() }
    store(sample, at: count)
    count += 1
  }

  @inline(__always)
  private func store(_ sample: Sample, at index: Int) {
    let block = blocks[index >> Self.blockShift]
    let row = index & (Self.blockSize - 1)
    block.storeBytes(of: sample.stack, toByteOffset: Offset.stacks + row * 4, as: StackID.self)
    block.storeBytes(of: sample.wallTime, toByteOffset: Offset.wallTimes + row * 8, as: Int64.self)
    block.storeBytes(of: sample.cpuTime, toByteOffset: Offset.cpuTimes + row * 8, as: Int64.self)
    block.storeBytes(of: sample.state, toByteOffset: Offset.states + row, as: SampleState.self)
  }

  @inline(never)
  private mutating func addBlock() {
    blocks.append(.allocate(byteCount: Offset.end, alignment: 16))
  }
}
