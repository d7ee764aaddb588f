import Glibc
import Sampling

/// Memory made of recorded or made-up bytes. Reading counts calls, and a script may change the bytes between two calls.
public final class RecordedMemory: @unchecked Sendable {
  // Unchecked: a test uses one from one thread.

  /// In order of addresses; they don't overlap.
  private var segments: [(start: UInt64, bytes: [UInt8])] = []
  /// How many calls have read.
  public private(set) var readCount = 0
  /// Called before each read with the number of reads before it.
  public var beforeRead: ((RecordedMemory, Int) -> Void)?

  public init() {}

  /// A value that reads this memory.
  public var reader: Reader { Reader(memory: self) }

  /// Maps `size` zero bytes at `start`.
  public func map(_ start: UInt64, _ size: Int) {
    let place = segments.firstIndex { $0.start > start } ?? segments.count
    segments.insert((start, Array(repeating: 0, count: size)), at: place)
  }

  /// Takes the segment that begins at `start` away.
  public func unmap(_ start: UInt64) { segments.removeAll { $0.start == start } }

  /// Puts a value into mapped memory; does nothing where there is none.
  public func store<Value: BitwiseCopyable>(_ value: Value, at address: UInt64) {
    withUnsafeBytes(of: value) { store(Array($0), at: address) }
  }

  /// Puts bytes into mapped memory; does nothing where there is none.
  public func store(_ bytes: [UInt8], at address: UInt64) {
    guard let index = segment(address, bytes.count) else { return }
    let offset = Int(address - segments[index].start)
    segments[index].bytes.replaceSubrange(offset..<offset + bytes.count, with: bytes)
  }

  /// The address of some mapped byte, given by a number that may be anything.
  public func address(number: Int) -> UInt64 {
    let total = segments.reduce(0) { $0 + $1.bytes.count }
    var offset = abs(number % max(total, 1))
    for segment in segments {
      if offset < segment.bytes.count { return segment.start + UInt64(offset) }
      offset -= segment.bytes.count
    }
    return 0
  }

  /// Changes one byte, given by a number that may be anything: for damage at random.
  public func damage(byte number: UInt64, with value: UInt8) {
    let total = segments.reduce(0) { $0 + $1.bytes.count }
    var offset = Int(number % UInt64(max(total, 1)))
    for index in segments.indices {
      if offset < segments[index].bytes.count {
        segments[index].bytes[offset] = value
        return
      }
      offset -= segments[index].bytes.count
    }
  }

  /// A copy that can be damaged by itself.
  public func copy() -> RecordedMemory {
    let copy = RecordedMemory()
    copy.segments = segments
    return copy
  }

  /// A copy of the bytes as they are now, which can be read without an allocation.
  public func flat() -> FlatMemory { FlatMemory(segments) }

  private func segment(_ address: UInt64, _ size: Int) -> Int? {
    // The last segment that begins at or before the address: they are in order.
    var low = 0
    var high = segments.count
    while low < high {
      let middle = (low + high) / 2
      if segments[middle].start <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0, size >= 0 else { return nil }
    let offset = address - segments[low - 1].start
    let count = UInt64(segments[low - 1].bytes.count)
    return offset <= count && UInt64(size) <= count - offset ? low - 1 : nil
  }

  /// See `RecordedMemory.reader`.
  public struct Reader: Memory {
    let memory: RecordedMemory

    public func read(
      _ sources: UnsafePointer<iovec>, into destinations: UnsafePointer<iovec>, count: Int
    ) -> Int {
      memory.beforeRead?(memory, memory.readCount)
      memory.readCount += 1
      var total = 0
      for index in 0..<count {
        let address = UInt64(UInt(bitPattern: sources[index].iov_base))
        let size = sources[index].iov_len
        guard let segment = memory.segment(address, size) else { return total }
        let offset = Int(address - memory.segments[segment].start)
        let target = UnsafeMutableRawBufferPointer(start: destinations[index].iov_base, count: size)
        target.copyBytes(from: memory.segments[segment].bytes[offset..<offset + size])
        total += size
      }
      return total
    }
  }
}
