/// UTF-8 text in the making.
struct TextBuffer {
  private(set) var bytes: [UInt8] = []

  /// The text; bytes that aren't UTF-8 show as U+FFFD.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Adds text of our own as it is.
  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Adds bytes as they are.
  mutating func append(_ utf8: some Collection<UInt8>) { bytes.append(contentsOf: utf8) }

  /// Adds text that comes from the profiled program.
  ///
  /// Characters that could break a line, move the cursor or turn the direction of what follows are written
  /// as escapes such as `\x1b`; all others, of whatever script and width, stay as they are.
  mutating func append(escaping text: String) {
    var text = text
    text.withUTF8 { append(escaping: $0) }
  }

  /// Adds text that comes from the profiled program, given as UTF-8; see `append(escaping:)` of a string.
  mutating func append(escaping utf8: UnsafeBufferPointer<UInt8>) {
    var index = 0
    while index < utf8.count {
      let byte = utf8[index]
      if byte < 0x20 || byte == 0x7F {
        append(escape: UInt32(byte))
        index += 1
      } else if byte == 0xC2, index + 1 < utf8.count, (0x80...0x9F).contains(utf8[index + 1]) {
        append(escape: UInt32(utf8[index + 1]))
        index += 2
      } else if byte == 0xE2, index + 2 < utf8.count,
        let scalar = Self.layoutControl(utf8[index + 1], utf8[index + 2])
      {
        append(escape: scalar)
        index += 3
      } else {
        bytes.append(byte)
        index += 1
      }
    }
  }

  /// Adds a time in seconds with a fixed number of decimals, rounded to the nearest.
  mutating func append(seconds nanoseconds: Int64, decimals: Int) {
    let decimals = min(max(decimals, 0), 9)
    var scale: UInt64 = 1
    for _ in 0..<decimals { scale *= 10 }
    let unit = 1_000_000_000 / scale
    let rounded = nanoseconds.magnitude / unit + (nanoseconds.magnitude % unit * 2 >= unit ? 1 : 0)
    if nanoseconds < 0, rounded != 0 { append("-") }
    append(String(rounded / scale))
    guard decimals > 0 else { return }
    let fraction = String(rounded % scale)
    append(".")
    append(repeatElement(UInt8(ascii: "0"), count: decimals - fraction.utf8.count))
    append(fraction)
  }

  /// U+2028 and U+2029, which end lines, and U+202A to U+202E and U+2066 to U+2069, which turn directions;
  /// given the bytes after 0xE2.
  private static func layoutControl(_ second: UInt8, _ third: UInt8) -> UInt32? {
    switch (second, third) {
    case (0x80, 0xA8...0xAE): return 0x2000 | UInt32(third & 0x3F)
    case (0x81, 0xA6...0xA9): return 0x2040 | UInt32(third & 0x3F)
    default: return nil
    }
  }

  private mutating func append(escape scalar: UInt32) {
    let digits = String(scalar, radix: 16)
    append(scalar < 0x100 ? "\\x" : "\\u")
    if digits.utf8.count == 1 { append("0") }
    append(digits)
  }
}
