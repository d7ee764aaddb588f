/// Writes columns one after the other.
struct ColumnEncoder: ~Copyable {
  private(set) var bytes = Column<UInt8>(minimumCapacity: 1 << 16)
  private(set) var entries: [ColumnEntry] = []

  /// Adds a column of `count` values. Those of a `varint` column are taken for unsigned numbers of 64 bits.
  mutating func add(
    _ table: String, _ name: String, _ encoding: ColumnEncoding, count: Int, _ value: (Int) -> Int64
  ) {
    let start = bytes.count
    switch encoding {
    case .u8:
      for row in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value(row))) }
    case .varint:
      for row in 0..<count { append(varint: UInt64(bitPattern: value(row))) }
    case .zigzagDelta:
      var last: Int64 = 0
      for row in 0..<count {
        let value = value(row)
        let difference = value &- last
        append(varint: UInt64(bitPattern: (difference << 1) ^ (difference >> 63)))
        last = value
      }
    }
    entries.append(
      ColumnEntry(
        table: table, name: name, encoding: encoding, count: count, offset: start,
        length: bytes.count - start))
  }

  @inline(__always)
  private mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }
}
