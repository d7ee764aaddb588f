/// Writes JSON in ASCII, with the spaces that Python's `json.dumps` puts.
struct JSONWriter: ~Copyable {
  /// What has been written.
  private(set) var bytes = Column<UInt8>(minimumCapacity: 256)
  /// Whether the innermost open container has something in it already.
  private var needsComma = false

  init() {}

  /// Forgets what has been written, and keeps the place in it.
  mutating func removeAll() { bytes.removeAll() }

  mutating func beginObject() { begin(UInt8(ascii: "{")) }

  mutating func endObject() { end(UInt8(ascii: "}")) }

  mutating func beginArray() { begin(UInt8(ascii: "[")) }

  mutating func endArray() { end(UInt8(ascii: "]")) }

  /// A key of an object, to be followed by its value.
  mutating func key(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    bytes.append(UInt8(ascii: " "))
    needsComma = false
  }

  /// A key that isn't known beforehand, as `string` takes it.
  mutating func key(_ utf8: UnsafeBufferPointer<UInt8>) {
    string(utf8)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(UInt8(ascii: " "))
    needsComma = false
  }

  mutating func string(_ value: String) {
    var value = value
    value.withUTF8 { string($0) }
  }

  /// A string of UTF-8 bytes. Surrogates in their three-byte form are kept, other bytes become U+FFFD.
  mutating func string(_ utf8: UnsafeBufferPointer<UInt8>) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    var index = 0
    while index < utf8.count {
      let codePoint = UTF8Text.next(utf8, &index) ?? 0xFFFD
      switch codePoint {
      case 0x22, 0x5C:
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(UInt8(codePoint))
      case 0x20..<0x7F: bytes.append(UInt8(codePoint))
      case 0x1_0000...:
        escape(0xD800 + (codePoint - 0x1_0000) >> 10)
        escape(0xDC00 + (codePoint - 0x1_0000) & 0x3FF)
      default: escape(codePoint)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// A finite number.
  mutating func number(_ value: Double) {
    separate()
    // Swift's description is the shortest that reads back the same, in any locale.
    var text = value.isFinite ? value.description : "0.0"
    text.withUTF8 { bytes.append(contentsOf: $0) }
  }

  mutating func number(_ value: some FixedWidthInteger) {
    separate()
    var text = String(value)
    text.withUTF8 { bytes.append(contentsOf: $0) }
  }

  /// A value that is JSON already.
  mutating func value(_ json: UnsafeBufferPointer<UInt8>) {
    separate()
    bytes.append(contentsOf: json)
  }

  mutating func strings(_ values: [String]) {
    beginArray()
    for value in values { string(value) }
    endArray()
  }

  private mutating func begin(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func end(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  @inline(__always)
  private mutating func separate() {
    if needsComma {
      bytes.append(UInt8(ascii: ","))
      bytes.append(UInt8(ascii: " "))
    }
    needsComma = true
  }

  private mutating func escape(_ unit: UInt32) {
    let digits: StaticString = "0123456789abcdef"
    bytes.append(UInt8(ascii: "\\"))
    bytes.append(UInt8(ascii: "u"))
    for shift in [12, 8, 4, 0] as [UInt32] { bytes.append(digits.utf8Start[Int(unit >> shift & 0xF)]) }
  }
}
