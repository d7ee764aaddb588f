/// Every string of a profile, once each, as UTF-8 bytes.
public struct StringTable: ~Copyable {
  private var bytes = Column<UInt8>(minimumCapacity: 4096)
  /// Where each string ends in `bytes`; it begins where the one before it ends.
  private var ends = Column<Int>(minimumCapacity: 256)
  private var index = HashIndex()

  /// Makes a table that holds the empty string only.
  public init() {
    _ = intern(UnsafeBufferPointer<UInt8>(start: nil, count: 0))
  }

  /// The number of strings.
  public var count: Int { ends.count }

  /// The handle of the string with these UTF-8 bytes; added if it is new.
  public mutating func intern(_ utf8: UnsafeBufferPointer<UInt8>) -> StringID {
    let hash = Self.hash(utf8)
    if let row = index.row(hash: hash, where: { isEqual(row: $0, utf8) }) { return StringID(index: row) }
    bytes.append(contentsOf: utf8)
    ends.append(bytes.count)
    let row = ends.count - 1
    index.insert(row: row, hash: hash)
    return StringID(index: row)
  }

  /// The handle of `string`; added if it is new.
  public mutating func intern(_ string: String) -> StringID {
    var string = string
    return string.withUTF8 { intern($0) }
  }

  /// The string of a handle; bytes that aren't UTF-8 show as U+FFFD.
  public subscript(id: StringID) -> String {
    withBytes(id) { String(decoding: $0, as: UTF8.self) }
  }

  /// Calls `body` with the string's UTF-8 bytes, which are valid only during the call; none if it isn't here.
  public borrowing func withBytes<Result>(
    _ id: StringID, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    guard id.index < ends.count else { return try body(UnsafeBufferPointer(start: nil, count: 0)) }
    let start = id.index == 0 ? 0 : ends[id.index - 1]
    let end = ends[id.index]
    return try bytes.withElements { try body(UnsafeBufferPointer(rebasing: $0[start..<end])) }
  }

  private func isEqual(row: Int, _ utf8: UnsafeBufferPointer<UInt8>) -> Bool {
    withBytes(StringID(index: row)) { $0.isEqual(to: utf8) }
  }

  /// FNV-1a over 64 bits, mixed once more since the index uses the upper half.
  private static func hash(_ utf8: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return mixed(hash, UInt64(utf8.count))
  }
}
