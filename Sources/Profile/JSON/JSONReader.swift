/// Reads JSON piece by piece, as the caller asks for it: nothing is built that isn't wanted.
///
/// It takes what Python's `json` takes, `NaN` and `Infinity` included, and checks the text as far as it is read. What is
/// skipped may be nested up to `maximumDepth`.
struct JSONReader {
  /// How deep a skipped value may be nested.
  static let maximumDepth = 1000

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  /// Whether a container has just been entered.
  private var isFirst = false

  /// `bytes` must stay as long as the reader is used.
  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// What a value is, by its first byte.
  enum Kind {
    case object
    case array
    case string
    case number
    case bool
    case null
  }

  /// A string as it stands in the text: its bytes between the quotes.
  struct RawString {
    let range: Range<Int>
    /// Without escapes and bytes beyond ASCII, the raw bytes are the string.
    let isPlain: Bool
  }

  /// What the next value is.
  mutating func kind() throws(SessionFileError) -> Kind {
    skipSpace()
    switch byte {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "-"), UInt8(ascii: "N"), UInt8(ascii: "I"): return .number
    default:
      guard let byte, Self.isDigit(byte) else { throw unexpected("a value") }
      return .number
    }
  }

  /// Enters an object. `nextKey` then gives each key, and the caller reads the value behind it.
  mutating func beginObject() throws(SessionFileError) {
    try expect(UInt8(ascii: "{"), "an object")
    isFirst = true
  }

  /// The next key of the object; nil, and the object is left, after the last one.
  mutating func nextKey() throws(SessionFileError) -> String? {
    guard try goesOn(until: UInt8(ascii: "}")) else { return nil }
    let key = try string()
    try expect(UInt8(ascii: ":"), "a colon")
    return key
  }

  /// Enters an array. `nextElement` then says before each element whether there is one.
  mutating func beginArray() throws(SessionFileError) {
    try expect(UInt8(ascii: "["), "an array")
    isFirst = true
  }

  /// Whether the array has another element, which the caller then reads; the array is left if not.
  mutating func nextElement() throws(SessionFileError) -> Bool { try goesOn(until: UInt8(ascii: "]")) }

  @inline(__always)
  private mutating func goesOn(until end: UInt8) throws(SessionFileError) -> Bool {
    skipSpace()
    defer { isFirst = false }
    if byte == end {
      position += 1
      return false
    }
    if !isFirst {
      try expect(UInt8(ascii: ","), "a comma")
      skipSpace()
    }
    return true
  }

  /// Reads a string. Lone surrogates and bytes that aren't UTF-8 become U+FFFD.
  mutating func string() throws(SessionFileError) -> String {
    let raw = try rawString()
    if raw.isPlain { return String(decoding: UnsafeBufferPointer(rebasing: bytes[raw.range]), as: UTF8.self) }
    var text = Column<UInt8>(minimumCapacity: raw.range.count + 4)
    try decode(raw, into: &text)
    return text.withElements { String(decoding: $0, as: UTF8.self) }
  }

  /// Reads a string without decoding it.
  @inline(__always)
  mutating func rawString() throws(SessionFileError) -> RawString {
    try expect(UInt8(ascii: "\""), "a string")
    let start = position
    var isPlain = true
    while true {
      skipPlainWords()
      guard position < bytes.count else { throw SessionFileError.truncated }
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { return RawString(range: start..<position - 1, isPlain: isPlain) }
      if byte == UInt8(ascii: "\\") {
        isPlain = false
        position += 1
      } else if byte < 0x20 {
        throw error("a string has a control character", at: position - 1)
      } else if byte >= 0x80 {
        isPlain = false
      }
    }
  }

  /// Moves over eight bytes at a time that need no look: printable ASCII but quotes and backslashes.
  @inline(__always)
  private mutating func skipPlainWords() {
    guard let base = UnsafeRawPointer(bytes.baseAddress) else { return }
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    while position + 8 <= bytes.count {
      let word = base.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      // A byte minus something larger borrows into its top bit: exact for the lowest such byte, which is all that counts.
      let quotes = word ^ (ones &* 0x22)
      let backslashes = word ^ (ones &* 0x5C)
      let special = (quotes &- ones) | (backslashes &- ones) | (word &- ones &* 0x20) | word
      if special & tops != 0 { return }
      position += 8
    }
  }

  /// The bytes of a raw string between the quotes, as they stand in the text.
  @inline(__always)
  func rawBytes(_ raw: RawString) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[raw.range])
  }

  /// Adds the string that `raw` stands for: UTF-8 in which lone surrogates have their three-byte form, and bytes that
  /// aren't UTF-8 became U+FFFD.
  func decode(_ raw: RawString, into text: inout Column<UInt8>) throws(SessionFileError) {
    let source = rawBytes(raw)
    if raw.isPlain {
      text.append(contentsOf: source)
      return
    }
    var index = 0
    while index < source.count {
      if source[index] == UInt8(ascii: "\\") {
        UTF8Text.append(try escaped(source, &index, offset: raw.range.lowerBound), to: &text)
      } else {
        UTF8Text.append(UTF8Text.next(source, &index) ?? 0xFFFD, to: &text)
      }
    }
  }

  private func escaped(
    _ source: UnsafeBufferPointer<UInt8>, _ index: inout Int, offset: Int
  ) throws(SessionFileError) -> UInt32 {
    let place = offset + index
    var wrong: SessionFileError { error("a string has an escape that doesn't exist", at: place) }
    guard index + 1 < source.count else { throw wrong }
    let letter = source[index + 1]
    index += 2
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UInt32(letter)
    case UInt8(ascii: "b"): return 8
    case UInt8(ascii: "f"): return 12
    case UInt8(ascii: "n"): return 10
    case UInt8(ascii: "r"): return 13
    case UInt8(ascii: "t"): return 9
    case UInt8(ascii: "u"): break
    default: throw wrong
    }
    guard let unit = Self.hexadecimal(source, index) else { throw wrong }
    index += 4
    guard 0xD800...0xDBFF ~= unit, index + 6 <= source.count, source[index] == UInt8(ascii: "\\"),
      source[index + 1] == UInt8(ascii: "u"), let second = Self.hexadecimal(source, index + 2),
      0xDC00...0xDFFF ~= second
    else { return unit }
    index += 6
    return 0x1_0000 + (unit - 0xD800) << 10 + (second - 0xDC00)
  }

  private static func hexadecimal(_ source: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt32? {
    guard index + 4 <= source.count else { return nil }
    var value: UInt32 = 0
    for place in index..<index + 4 {
      let digit: UInt8
      switch source[place] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = source[place] - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = source[place] - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = source[place] - UInt8(ascii: "A") + 10
      default: return nil
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  /// Reads `true` or `false`.
  mutating func bool() throws(SessionFileError) -> Bool {
    skipSpace()
    if byte == UInt8(ascii: "t") {
      try literal("true")
      return true
    }
    try literal("false")
    return false
  }

  /// Reads `null`.
  mutating func null() throws(SessionFileError) { try literal("null") }

  private mutating func literal(_ word: StaticString) throws(SessionFileError) {
    skipSpace()
    let wanted = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard bytes.count - position >= wanted.count,
      bytes[position..<position + wanted.count].elementsEqual(wanted)
    else { throw unexpected("a value") }
    position += wanted.count
  }

  /// Reads a number.
  mutating func number() throws(SessionFileError) -> JSONNumber {
    skipSpace()
    let start = position
    let isNegative = byte == UInt8(ascii: "-")
    if isNegative { position += 1 }
    if byte == UInt8(ascii: "N"), !isNegative {
      try literal("NaN")
      return JSONNumber(value: .nan, integer: nil)
    }
    if byte == UInt8(ascii: "I") {
      try literal("Infinity")
      return JSONNumber(value: isNegative ? -.infinity : .infinity, integer: nil)
    }
    guard let digit = byte, Self.isDigit(digit) else { throw unexpected("a number") }
    // What fits is exact: up to 19 digits, and a power of ten that a Double holds.
    var mantissa: UInt64 = 0
    var isWhole = true
    var overflows = false
    func add(_ digit: UInt8) {
      let (product, tooLarge) = mantissa.multipliedReportingOverflow(by: 10)
      let (sum, carries) = product.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
      overflows = overflows || tooLarge || carries
      mantissa = sum
    }
    if digit == UInt8(ascii: "0") {
      position += 1
    } else {
      while let digit = byte, Self.isDigit(digit) {
        add(digit)
        position += 1
      }
    }
    var exponent = 0
    if byte == UInt8(ascii: "."), position + 1 < bytes.count, Self.isDigit(bytes[position + 1]) {
      isWhole = false
      position += 1
      while let digit = byte, Self.isDigit(digit) {
        add(digit)
        exponent -= 1
        position += 1
      }
    }
    if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      isWhole = false
      overflows = overflows || !skipExponent(into: &exponent)
    }
    if !overflows, isWhole || (mantissa <= 1 << 53 && abs(exponent) <= 22) {
      var value = Double(mantissa)
      if exponent < 0 { value /= Self.powers[-exponent] } else { value *= Self.powers[exponent] }
      return JSONNumber(
        value: isNegative ? -value : value,
        integer: isWhole ? JSONNumber.Integer(magnitude: mantissa, isNegative: isNegative) : nil)
    }
    // Swift's own conversion doesn't depend on the locale.
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
    guard let value = Double(text) else { throw error("a number is malformed", at: start) }
    return JSONNumber(value: value, integer: nil)
  }

  /// Moves over an exponent and adds it. False if it is larger than any that a number without loss has.
  private mutating func skipExponent(into exponent: inout Int) -> Bool {
    var place = position + 1
    var isNegative = false
    if place < bytes.count, bytes[place] == UInt8(ascii: "-") || bytes[place] == UInt8(ascii: "+") {
      isNegative = bytes[place] == UInt8(ascii: "-")
      place += 1
    }
    // Without digits, the letter is no exponent, and whoever reads on meets it.
    guard place < bytes.count, Self.isDigit(bytes[place]) else { return true }
    var value = 0
    while place < bytes.count, Self.isDigit(bytes[place]) {
      value = min(value * 10 + Int(bytes[place] - UInt8(ascii: "0")), 1_000_000)
      place += 1
    }
    position = place
    exponent += isNegative ? -value : value
    return abs(exponent) < 1_000_000
  }

  private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

  /// The powers of ten that a Double holds exactly.
  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
  ]

  /// Moves over a value of any kind.
  mutating func skip() throws(SessionFileError) {
    // For each container that is open, whether it is an object. A recursion could exhaust the stack.
    var open: [Bool] = []
    repeat {
      if let isObject = open.last {
        guard try goesOn(until: isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
          open.removeLast()
          continue
        }
        if isObject {
          _ = try rawString()
          try expect(UInt8(ascii: ":"), "a colon")
        }
      }
      switch try kind() {
      case .object, .array:
        guard open.count < Self.maximumDepth else { throw error("values are nested too deep", at: position) }
        open.append(byte == UInt8(ascii: "{"))
        position += 1
        isFirst = true
      case .string: _ = try rawString()
      case .number: _ = try number()
      case .bool: _ = try bool()
      case .null: try null()
      }
    } while !open.isEmpty
  }

  /// Makes sure that nothing but space is left.
  mutating func end() throws(SessionFileError) {
    skipSpace()
    if position < bytes.count { throw unexpected("the end") }
  }

  /// Moves over `token` if it stands here.
  @inline(__always)
  mutating func skip(ifNextIs token: Range<Int>) -> Bool {
    skipSpace()
    guard bytes.count - position >= token.count, let base = bytes.baseAddress else { return false }
    let here = UnsafeBufferPointer(start: base + position, count: token.count)
    guard here.isEqual(to: UnsafeBufferPointer(rebasing: bytes[token])) else { return false }
    position += token.count
    return true
  }

  @inline(__always)
  private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  @inline(__always)
  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  @inline(__always)
  private mutating func expect(_ wanted: UInt8, _ what: StaticString) throws(SessionFileError) {
    skipSpace()
    guard byte == wanted else { throw unexpected(what) }
    position += 1
  }

  @inline(never)
  private func unexpected(_ wanted: StaticString) -> SessionFileError {
    position < bytes.count ? error("\(wanted) is missing", at: position) : .truncated
  }

  @inline(never)
  private func error(_ reason: String, at offset: Int) -> SessionFileError {
    .damaged("\(reason) at byte \(offset) of its JSON")
  }
}
