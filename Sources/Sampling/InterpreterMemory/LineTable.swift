/// The location table of a code object (PEP 657; Objects/locations.md, CPython 3.11 and later).
enum LineTable {
  /// Decodes `bytes` into runs: `body` is called with a code unit and the line that holds from there on, 0 meaning
  /// that there is none. Damaged bytes end the table early.
  static func decode(
    _ bytes: UnsafeRawBufferPointer, firstLine: Int, _ body: (_ unit: UInt32, _ line: UInt32) -> Void
  ) {
    var reader = Reader(bytes: bytes)
    var line = firstLine
    var unit = 0
    var lastLine = -1
    while let head = reader.next() {
      guard head & 0x80 != 0 else { return }
      let code = Int(head >> 3) & 15
      var hasLine = true
      switch code {
      case 0...9:
        reader.skip(1)
      case 10...12:
        line &+= code - 10
        reader.skip(2)
      case 13:
        line &+= reader.signedVarint()
      case 14:
        line &+= reader.signedVarint()
        _ = reader.varint()
        _ = reader.varint()
        _ = reader.varint()
      default:
        hasLine = false
      }
      let shown = hasLine && line > 0 && line <= Int(Int32.max) ? line : 0
      if shown != lastLine {
        body(UInt32(truncatingIfNeeded: unit), UInt32(shown))
        lastLine = shown
      }
      unit += Int(head & 7) + 1
    }
  }

  private struct Reader {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    mutating func next() -> UInt8? {
      guard position < bytes.count else { return nil }
      position += 1
      return bytes[position - 1]
    }

    mutating func skip(_ count: Int) { position += count }

    /// Six bits a byte, least significant first; bit 6 says that more follow.
    mutating func varint() -> Int {
      var value = 0
      var shift = 0
      while let byte = next() {
        if shift < 60 { value |= Int(byte & 63) << shift }
        shift += 6
        if byte & 64 == 0 { break }
      }
      return value
    }

    /// The sign is in bit 0.
    mutating func signedVarint() -> Int {
      let value = varint()
      return value & 1 != 0 ? -(value >> 1) : value >> 1
    }
  }
}
