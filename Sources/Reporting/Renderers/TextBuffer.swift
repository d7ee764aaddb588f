/// UTF-8 text in the making.
struct TextBuffer {
  private(set) var bytes: [UInt8] = []

  /// The text; bytes that aren't UTF-8 show as U+FFFD.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Adds text of our own as it is.
  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Adds a byte as it is.
  mutating func append(byte: UInt8) { bytes.append(byte) }

  /// Makes room for so many more bytes.
  mutating func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count) }

  /// Adds a number that isn't negative.
  mutating func append(decimal number: Int) { append(number: UInt64(max(number, 0)), digits: 1) }

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
      } else if byte == 0xED, index + 2 < utf8.count, utf8[index + 1] >= 0xA0 {
        // A lone surrogate, such as Python makes of an undecodable byte in a file's name: no character.
        append(escape: 0xD000 | UInt32(utf8[index + 1] & 0x3F) << 6 | UInt32(utf8[index + 2] & 0x3F))
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
    if nanoseconds < 0, rounded != 0 { append(byte: UInt8(ascii: "-")) }
    append(number: rounded / scale, digits: 1)
    guard decimals > 0 else { return }
    append(byte: UInt8(ascii: "."))
    append(number: rounded % scale, digits: decimals)
  }

  /// Adds a number with zeros before it if it has fewer digits.
  private mutating func append(number: UInt64, digits: Int) {
    let start = bytes.count
    var rest = number
    while rest > 0 || bytes.count - start < digits {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    }
    bytes[start...].reverse()
  }

  /// Adds a time in seconds to the nanosecond, with as few decimals as that takes, one at least.
  mutating func append(exactSeconds nanoseconds: Int64) {
    append(seconds: nanoseconds, decimals: 9)
    while bytes.last == UInt8(ascii: "0"), bytes[bytes.count - 2] != UInt8(ascii: ".") { bytes.removeLast() }
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
