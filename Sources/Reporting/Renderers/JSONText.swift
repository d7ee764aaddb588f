/// JSON as text. Numbers never depend on the locale.
extension TextBuffer {
  /// Adds a string of UTF-8 bytes, in quotes.
  ///
  /// Characters stay as they are but for control characters and lone surrogates in their three-byte form, which are
  /// written as escapes; bytes that aren't UTF-8 become U+FFFD.
  mutating func append(json utf8: UnsafeBufferPointer<UInt8>) {
    append(byte: UInt8(ascii: "\""))
    var index = 0
    while index < utf8.count {
      let byte = utf8[index]
      if byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        append(byte: byte)
        index += 1
      } else if byte < 0x80 {
        append(jsonEscaping: byte)
        index += 1
      } else if byte == 0xED, index + 2 < utf8.count, utf8[index + 1] >= 0xA0, utf8[index + 1] <= 0xBF,
        Self.isContinuation(utf8[index + 2])
      {
        append("\\u")
        let unit = 0xD000 | UInt32(utf8[index + 1] & 0x3F) << 6 | UInt32(utf8[index + 2] & 0x3F)
        append(String(unit, radix: 16))
        index += 3
      } else {
        let length = Self.characterLength(utf8, at: index)
        if length == 0 {
          append("\u{FFFD}")
          index += 1
        } else {
          append(utf8[index..<(index + length)])
          index += length
        }
      }
    }
    append(byte: UInt8(ascii: "\""))
  }

  /// Adds a string, in quotes.
  mutating func append(json text: String) {
    var text = text
    text.withUTF8 { append(json: $0) }
  }

  /// Adds a time in seconds with six decimals.
  mutating func append(jsonSeconds nanoseconds: Int64) { append(seconds: nanoseconds, decimals: 6) }

  /// Adds a number with six decimals; 0 for what is no number that JSON has, or too large to be a time.
  mutating func append(jsonNumber number: Double) {
    let whole = number.rounded(.down)
    guard let units = Int64(exactly: whole), units.magnitude < 1 << 53 else {
      append("0.000000")
      return
    }
    // The parts one by one: their product would lose digits.
    var seconds = units
    var millionths = Int64(((number - whole) * 1e6).rounded())
    if millionths >= 1_000_000 {
      seconds += 1
      millionths -= 1_000_000
    }
    if seconds < 0, millionths > 0 {
      seconds += 1
      millionths = 1_000_000 - millionths
      if seconds == 0 { append("-") }
    }
    append("\(seconds).")
    let digits = String(millionths)
    append(repeatElement(UInt8(ascii: "0"), count: 6 - digits.utf8.count))
    append(digits)
  }

  private mutating func append(jsonEscaping byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): append("\\\"")
    case UInt8(ascii: "\\"): append("\\\\")
    case UInt8(ascii: "\n"): append("\\n")
    case UInt8(ascii: "\r"): append("\\r")
    case UInt8(ascii: "\t"): append("\\t")
    case 0x7F: append(byte: byte)
    default: append(byte < 0x10 ? "\\u000\(String(byte, radix: 16))" : "\\u00\(String(byte, radix: 16))")
    }
  }

  private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  /// How many bytes the character of several bytes at `index` has; 0 if there is none.
  private static func characterLength(_ utf8: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    let length: Int
    let seconds: ClosedRange<UInt8>
    // Table 3-7 of the Unicode standard.
    switch utf8[index] {
    case 0xC2...0xDF: (length, seconds) = (2, 0x80...0xBF)
    case 0xE0: (length, seconds) = (3, 0xA0...0xBF)
    case 0xE1...0xEC, 0xEE...0xEF: (length, seconds) = (3, 0x80...0xBF)
    case 0xED: (length, seconds) = (3, 0x80...0x9F)
    case 0xF0: (length, seconds) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, seconds) = (4, 0x80...0xBF)
    case 0xF4: (length, seconds) = (4, 0x80...0x8F)
    default: return 0
    }
    guard index + length <= utf8.count, seconds.contains(utf8[index + 1]) else { return 0 }
    for offset in 2..<max(length, 2) where !isContinuation(utf8[index + offset]) { return 0 }
    return length
  }
}
