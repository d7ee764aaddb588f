import Glibc
import Profile

/// Copies of the memory that one thread's stack lies in, refreshed by one batched read a look.
///
/// What the last walk touched is read again all at once; what turns out to be missing is fetched one by one and
/// remembered for the next time. All frames of a chunk of the data stack are one range, and neighbouring frames
/// on the C stack or the heap grow into one.
struct StackCopy: ~Copyable {
  /// Ranges beyond this many aren't remembered (the system takes 1,024 a call).
  private static let maxRanges = 900
  /// Ranges at most this far apart become one.
  private static let mergeGap: UInt64 = 2048
  private static let maxMerged: UInt64 = 32 << 10
  /// A range that grows outwards is read this much further.
  private static let lookahead: UInt64 = 4 << 10
  /// A chunk is read this much beyond its top, since the next look may find a deeper stack.
  private static let chunkSlack: UInt64 = 512

  private struct Range: BitwiseCopyable {
    var address: UInt64
    var length: UInt64
    /// Where the copy stands in `buffer`; meaningful while `isValid`.
    var offset: Int
    var isValid: Bool
    var isUsed: Bool
    var isChunk: Bool
  }

  private var ranges = Column<Range>(minimumCapacity: 16)
  private var buffer: UnsafeMutableRawPointer
  private var capacity: Int
  private var used = 0
  /// The range of the last hit: frames of a stack lie beside one another.
  private var recent = 0
  /// How many reads were made beyond the batch.
  private(set) var extraReads = 0

  init() {
    capacity = 8 << 10
    buffer = .allocate(byteCount: capacity, alignment: 64)
  }

  deinit { buffer.deallocate() }

  /// Adds all remembered ranges to a batch, as `owner`'s.
  mutating func prepare(_ batch: inout ReadBatch, owner: Int) {
    used = 0
    extraReads = 0
    recent = 0
    var total = 0
    for index in 0..<ranges.count { total += Self.rounded(ranges[index].length) }
    reserve(total)
    for index in 0..<ranges.count {
      ranges[index].offset = used
      ranges[index].isValid = false
      ranges[index].isUsed = false
      batch.add(ranges[index].address, Int(ranges[index].length), into: buffer + used, owner: owner)
      used += Self.rounded(ranges[index].length)
    }
  }

  /// Tells that the batch was read whole, so that all remembered ranges hold.
  mutating func accept() {
    for index in 0..<ranges.count { ranges[index].isValid = true }
  }

  /// Forgets all ranges: something among them has gone.
  mutating func forget() {
    ranges.removeAll()
    used = 0
    recent = 0
  }

  /// Forgets the ranges that the last walk didn't touch.
  mutating func keepUsed() {
    var kept = 0
    for index in 0..<ranges.count where ranges[index].isUsed && kept < Self.maxRanges {
      ranges[kept] = ranges[index]
      kept += 1
    }
    ranges.truncate(to: kept)
  }

  /// The copy of `length` bytes at `address`, read now if it isn't there. The pointer holds until the next call.
  /// Nil if the memory can't be read.
  @inline(__always)
  mutating func bytes<M: Memory>(_ address: UInt64, _ length: UInt64, from memory: M) -> UnsafeRawPointer? {
    if recent < ranges.count, let found = hit(recent, address, length) { return found }
    return bytesElsewhere(address, length, from: memory)
  }

  /// Makes sure that a chunk of the data stack is copied up to `top` (an address), and gives its first bytes.
  mutating func chunk<M: Memory>(_ address: UInt64, upTo top: UInt64, from memory: M) -> UnsafeRawPointer? {
    guard top >= address, top - address < 1 << 30 else { return nil }
    let needed = max(top - address, UInt64(CPythonConstants.chunkData))
    for index in 0..<ranges.count where ranges[index].address == address && ranges[index].isChunk {
      if ranges[index].isValid && ranges[index].length >= needed {
        // A stack that has become much shallower needn't be read so far.
        if ranges[index].length > needed + 8 * Self.chunkSlack {
          ranges[index].length = needed + Self.chunkSlack
        }
        return hit(index, address, UInt64(CPythonConstants.chunkData))
      }
      guard fetch(index, length: needed + Self.chunkSlack, orExactly: needed, from: memory) else {
        return nil
      }
      return hit(index, address, UInt64(CPythonConstants.chunkData))
    }
    ranges.append(Range(address: address, length: 0, offset: 0, isValid: false, isUsed: true, isChunk: true))
    guard fetch(ranges.count - 1, length: needed + Self.chunkSlack, orExactly: needed, from: memory) else {
      ranges.truncate(to: ranges.count - 1)
      return nil
    }
    return hit(ranges.count - 1, address, UInt64(CPythonConstants.chunkData))
  }

  /// How many words of an older chunk of the data stack are in use; nil if its header can't be read.
  mutating func usedWords<M: Memory>(ofChunk address: UInt64, from memory: M) -> UInt64? {
    for index in 0..<ranges.count where ranges[index].address == address && ranges[index].isChunk {
      let header = hit(index, address, UInt64(CPythonConstants.chunkData))
      return header?.load(fromByteOffset: CPythonConstants.chunkTop, as: UInt64.self)
    }
    extraReads += 1
    return memory.word(address &+ UInt64(CPythonConstants.chunkTop))
  }

  @inline(__always)
  private mutating func hit(_ index: Int, _ address: UInt64, _ length: UInt64) -> UnsafeRawPointer? {
    let range = ranges[index]
    guard range.isValid, address >= range.address, address &+ length <= range.address &+ range.length else {
      return nil
    }
    if !range.isUsed { ranges[index].isUsed = true }
    recent = index
    return UnsafeRawPointer(buffer + range.offset + Int(address - range.address))
  }

  @inline(never)
  private mutating func bytesElsewhere<M: Memory>(
    _ address: UInt64, _ length: UInt64, from memory: M
  ) -> UnsafeRawPointer? {
    guard address >= 4096, address < 1 << 62 else { return nil }
    for index in 0..<ranges.count {
      if let found = hit(index, address, length) { return found }
    }
    // A neighbour grows to take it in.
    for index in 0..<ranges.count where !ranges[index].isChunk {
      let range = ranges[index]
      let start = min(range.address, address)
      let end = max(range.address + range.length, address + length)
      let isNear =
        address <= range.address + range.length + Self.mergeGap
        && range.address <= address + length + Self.mergeGap
      guard isNear, end - start <= Self.maxMerged else { continue }
      ranges[index].address = start
      // Frames on the C stack come one after the other, outwards: the next ones are had with this one.
      let ahead = end > range.address + range.length ? min(Self.lookahead, Self.maxMerged - (end - start)) : 0
      if fetch(index, length: end - start + ahead, orExactly: end - start, from: memory) {
        return hit(index, address, length)
      }
      ranges[index] = range
    }
    ranges.append(Range(address: address, length: 0, offset: 0, isValid: false, isUsed: true, isChunk: false))
    guard fetch(ranges.count - 1, length: length, orExactly: nil, from: memory) else {
      ranges.truncate(to: ranges.count - 1)
      return nil
    }
    return hit(ranges.count - 1, address, length)
  }

  /// Reads `length` bytes for a range (or `exact` ones where so many can't be had) into fresh room of the buffer.
  private mutating func fetch<M: Memory>(
    _ index: Int, length: UInt64, orExactly exact: UInt64?, from memory: M
  ) -> Bool {
    reserve(used + Self.rounded(length))
    var got = length
    extraReads += 1
    if !memory.read(ranges[index].address, Int(length), into: buffer + used) {
      guard let exact, memory.read(ranges[index].address, Int(exact), into: buffer + used) else {
        return false
      }
      got = exact
    }
    ranges[index].length = got
    ranges[index].offset = used
    ranges[index].isValid = true
    used += Self.rounded(got)
    return true
  }

  private mutating func reserve(_ size: Int) {
    guard size > capacity else { return }
    let larger = max(size, capacity * 2)
    let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 64)
    moved.copyMemory(from: buffer, byteCount: used)
    buffer.deallocate()
    buffer = moved
    capacity = larger
  }

  @inline(__always)
  private static func rounded(_ length: UInt64) -> Int { Int((length + 15) & ~15) }
}
