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
/// They stand in blocks that never move, 21 bytes a sample: a small one, since many threads live shortly, and then ones
/// for `blockSize` samples, which is how often appending allocates.
public struct SampleColumns: ~Copyable {
  /// Samples in each block but the first. A block is large enough for the system to give its pages one by one as they are
  /// written.
  public static let blockSize = 1 << blockShift
  private static let blockShift = 15
  /// Samples in the first block, unless it was compacted.
  public static let firstBlockSize = 512
  /// Bytes that a sample takes.
  private static let sampleSize = 21

  /// A sample's place.
  private struct Place {
    var block: Int
    var row: Int
    /// Samples in the block.
    var size: Int

    @inline(__always)
    init(_ index: Int, _ firstBlockSize: Int) {
      if index < firstBlockSize {
        (block, row, size) = (0, index, firstBlockSize)
      } else {
        let rest = index - firstBlockSize
        (block, row, size) = (1 + rest >> blockShift, rest & (blockSize - 1), blockSize)
      }
    }

    // The columns of a block stand one after the other.
    var wallTime: Int { row * 8 }
    var cpuTime: Int { size * 8 + row * 8 }
    var stack: Int { size * 16 + row * 4 }
    var state: Int { size * 20 + row }
  }

  private var blocks = Column<UnsafeMutableRawPointer>(minimumCapacity: 8)
  private var firstSize = Self.firstBlockSize

  /// The number of samples.
  public private(set) var count = 0

  public init() {}

  /// The bytes that the samples take.
  public var memorySize: Int {
    guard blocks.count > 0 else { return 0 }
    return (firstSize + (blocks.count - 1) * Self.blockSize) * Self.sampleSize
  }

  deinit {
    for index in 0..<blocks.count { blocks[index].deallocate() }
  }

  /// The sample at `index`, which must be below `count`.
  public subscript(index: Int) -> Sample {
    @inline(__always)
    get {
      precondition(index >= 0 && index < count)
      let place = Place(index, firstSize)
      let block = blocks[place.block]
      return Sample(
        stack: block.load(fromByteOffset: place.stack, as: StackID.self),
        wallTime: block.load(fromByteOffset: place.wallTime, as: Int64.self),
        cpuTime: block.load(fromByteOffset: place.cpuTime, as: Int64.self),
        state: block.load(fromByteOffset: place.state, as: SampleState.self))
    }
    set {
      precondition(index >= 0 && index < count)
      store(newValue, at: Place(index, firstSize))
    }
  }

  /// Adds a sample at the end.
  @inline(__always)
  public mutating func append(_ sample: Sample) {
    let place = Place(count, firstSize)
    if place.block == blocks.count { addBlock(place.size) }
    store(sample, at: place)
    count += 1
  }

  @inline(__always)
  private func store(_ sample: Sample, at place: Place) {
    let block = blocks[place.block]
    block.storeBytes(of: sample.stack, toByteOffset: place.stack, as: StackID.self)
    block.storeBytes(of: sample.wallTime, toByteOffset: place.wallTime, as: Int64.self)
    block.storeBytes(of: sample.cpuTime, toByteOffset: place.cpuTime, as: Int64.self)
    block.storeBytes(of: sample.state, toByteOffset: place.state, as: SampleState.self)
  }

  /// Gives back what isn't used, where that may matter: of a first block that isn't full.
  public mutating func compact() {
    guard blocks.count == 1, count > 0, count < firstSize else { return }
    let (old, used) = (blocks[0], count)
    var compacted = SampleColumns()
    compacted.firstSize = used
    for index in 0..<used { compacted.append(self[index]) }
    blocks[0] = compacted.blocks[0]
    compacted.blocks[0] = old
    firstSize = used
  }

  @inline(never)
  private mutating func addBlock(_ size: Int) {
    blocks.append(.allocate(byteCount: size * Self.sampleSize, alignment: 16))
  }
}
