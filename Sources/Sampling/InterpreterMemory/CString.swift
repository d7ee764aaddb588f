import Profile

/// Reads C strings.
struct CString: ~Copyable {
  /// A name that is longer is no name.
  static let maxLength = 1024
  /// Reads end at these boundaries, as what follows may not be mapped.
  private static let pageSize: UInt64 = 4096
  private static let step = 64

  private let raw: UnsafeMutableRawPointer
  private(set) var count = 0

  init() { raw = .allocate(byteCount: Self.maxLength + Self.step, alignment: 8) }

  deinit { raw.deallocate() }

  /// Reads the string at `address`. False if it can't be read, is empty or has no end.
  mutating func read<M: Memory>(_ address: UInt64, from memory: M) -> Bool {
    count = 0
    while count < Self.maxLength {
      let place = address &+ UInt64(count)
      let toBoundary = Self.pageSize - place % Self.pageSize
      let length = min(Self.step, Int(toBoundary))
      guard memory.read(place, length, into: raw + count) else { return false }
      for index in count..<count + length where raw.load(fromByteOffset: index, as: UInt8.self) == 0 {
        count = index
        return count > 0
      }
      count += length
    }
    return false
  }

  /// Calls `body` with the bytes that were read last.
  borrowing func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    body(UnsafeBufferPointer(start: raw.assumingMemoryBound(to: UInt8.self), count: count))
  }
}
