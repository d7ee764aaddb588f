/// Reads the values of a column one after the other, and checks each.
struct ColumnDecoder {
  private let entry: ColumnEntry
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var last: Int64 = 0

  /// `body` holds all columns and must stay as long as the decoder is used. `entry` must be within it.
  init(_ entry: ColumnEntry, body: UnsafeBufferPointer<UInt8>) {
    self.entry = entry
    bytes = UnsafeBufferPointer(rebasing: body[entry.offset..<entry.offset + entry.length])
  }

  /// The number of values.
  var count: Int { entry.count }

  /// The next value, signed. What a `varint` has beyond the largest one is an error.
  @inline(__always)
  mutating func next() throws(SessionFileError) -> Int64 {
    switch entry.encoding {
    case .u8:
      guard position < bytes.count else { throw wrong }
      position += 1
      return Int64(bytes[position - 1])
    case .varint:
      guard let value = Int64(exactly: try varint()) else { throw wrong }
      return value
    case .zigzagDelta:
      let folded = try varint()
      last &+= Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
      return last
    }
  }

  /// The next value as an unsigned number of 64 bits.
  mutating func nextUnsigned() throws(SessionFileError) -> UInt64 {
    entry.encoding == .varint ? try varint() : UInt64(bitPattern: try next())
  }

  /// The next value, which must be below `limit`: a row of a table, or a number with 32 bits.
  @inline(__always)
  mutating func next(below limit: Int) throws(SessionFileError) -> Int {
    let value = try next()
    guard value >= 0, value < limit else {
      throw .damaged("a value of \(entry.table).\(entry.name) is \(value), and has to be below \(limit)")
    }
    return Int(value)
  }

  /// Makes sure that the column ends with its last value.
  func end() throws(SessionFileError) {
    guard position == bytes.count else { throw wrong }
  }

  @inline(__always)
  private mutating func varint() throws(SessionFileError) -> UInt64 {
    guard position < bytes.count else { throw wrong }
    let first = bytes[position]
    position += 1
    return first < 0x80 ? UInt64(first) : try rest(after: first)
  }

  private mutating func rest(after first: UInt8) throws(SessionFileError) -> UInt64 {
    var value = UInt64(first & 0x7F)
    for shift in stride(from: 7 as UInt64, through: 63, by: 7) {
      guard position < bytes.count else { throw wrong }
      let byte = bytes[position]
      position += 1
      // The tenth byte has one bit left.
      if shift == 63, byte > 1 { throw wrong }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw wrong
  }

  private var wrong: SessionFileError {
    .damaged("the values of \(entry.table).\(entry.name) don't fit what its header says")
  }
}
