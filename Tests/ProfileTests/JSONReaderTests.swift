import Testing

@testable import Profile

struct JSONReaderTests {
  private func read<Value>(
    _ text: String, _ body: (inout JSONReader) throws(SessionFileError) -> Value
  ) throws -> Value {
    try Array(text.utf8).withUnsafeBufferPointer { bytes in
      var reader = JSONReader(bytes)
      let value = try body(&reader)
      try reader.end()
      return value
    }
  }

  private func number(_ text: String) throws -> Double {
    try read(text) { (reader) throws(SessionFileError) in try reader.number().value }
  }

  private func string(_ text: String) throws -> [UInt8] {
    try Array(text.utf8).withUnsafeBufferPointer { bytes in
      var reader = JSONReader(bytes)
      var decoded = Column<UInt8>()
      try reader.decode(try reader.rawString(), into: &decoded)
      try reader.end()
      return decoded.withElements { Array($0) }
    }
  }

  private func skip(_ text: String) throws {
    try read(text) { (reader) throws(SessionFileError) in try reader.skip() }
  }

  @Test(arguments: [
    "0", "-0", "1", "12345678901234567", "18446744073709551615", "18446744073709551616", "0.1", "-2.5e-3",
    "1e22", "1e23", "123456789.123456789", "0.000123", "1E+5", "1.7976931348623157e308", "5e-324", "1e-400",
    "1e400", "9007199254740993", "0.30000000000000004", "1795517485.1058347", "1e99999999999999999999",
  ])
  func numbersAreTheNearestDouble(_ text: String) throws {
    let expected = try #require(Double(text))
    let value = try number(text)
    #expect(value == expected)
    #expect(value.sign == expected.sign)
  }

  @Test func numbersThatPythonWritesAreRead() throws {
    #expect(try number("NaN").isNaN)
    #expect(try number("Infinity") == .infinity)
    #expect(try number("-Infinity") == -.infinity)
  }

  @Test(arguments: ["", "-", "+1", ".5", "1.", "01", "1e", "1e+", "0x10", "--1", "-NaN", "Inf", "1_000", "１"])
  func whatIsNoNumberIsRefused(_ text: String) {
    #expect(throws: SessionFileError.self) { try number(text) }
  }

  @Test func wholeNumbersAreExact() throws {
    func count(_ text: String) throws -> UInt64? {
      try read(text) { (reader) throws(SessionFileError) in try reader.number().count }
    }
    #expect(try count("18446744073709551615") == .max)
    #expect(try count("3.0") == 3)
    #expect(try count("-0") == 0)
    for text in ["-1", "1.5", "1e300", "NaN", "18446744073709551616"] { #expect(try count(text) == nil) }
  }

  @Test func stringsAreDecoded() throws {
    #expect(try string(#""plain text, longer than a word""#) == Array("plain text, longer than a word".utf8))
    #expect(
      try string(#""a\"\\\/\b\f\n\r\t\u0041\u00e9\u0000é€😀""#) == Array("a\"\\/\u{8}\u{C}\n\r\tAé\0é€😀".utf8))
    #expect(try string(#""\ud83d\ude00""#) == Array("😀".utf8))
  }

  @Test func loneSurrogatesKeepTheirThreeBytes() throws {
    #expect(try string(#""\udc80""#) == [0xED, 0xB2, 0x80])
    #expect(try string(#""\ud800x""#) == [0xED, 0xA0, 0x80, UInt8(ascii: "x")])
    #expect(try string(#""\ud800\ud800""#) == [0xED, 0xA0, 0x80, 0xED, 0xA0, 0x80])
    #expect(try string(#""\ud800\n""#) == [0xED, 0xA0, 0x80, 10])
    #expect(
      try read(#""\udc80""#) { (reader) throws(SessionFileError) in try reader.string() }
        == "\u{FFFD}\u{FFFD}\u{FFFD}")
  }

  @Test func bytesThatAreNoUTF8BecomeReplacements() throws {
    for bytes in [[0xFF], [0xC3], [0xC0, 0x80], [0xE0, 0x80], [0xF5], [0x80], [0xF4, 0x90, 0x80, 0x80]]
      as [[UInt8]]
    {
      let text = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "x"), UInt8(ascii: "\"")]
      let decoded = try text.withUnsafeBufferPointer { buffer in
        var reader = JSONReader(buffer)
        var decoded = Column<UInt8>()
        try reader.decode(try reader.rawString(), into: &decoded)
        return decoded.withElements { String(decoding: $0, as: UTF8.self) }
      }
      #expect(decoded == String(repeating: "\u{FFFD}", count: bytes.count) + "x")
    }
  }

  @Test(arguments: [
    "\"", "\"abc", "\"abc\\", "\"abc\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\uD83D\\u\"",
    "\"a\nb\"", "\"12345678\u{1}\"", "abc",
    "'a'",
  ])
  func whatIsNoStringIsRefused(_ text: String) {
    #expect(throws: SessionFileError.self) { try string(text) }
  }

  @Test(arguments: [
    "{}", "[]", " [ ] ", "[1, [2, {\"a\": [], \"b\": {}}], \"x\", true, false, null, -1.5e3]",
    "{\"a\": 1, \"a\": 2}",
    "\t\r\n 1 ",
  ])
  func valuesAreSkipped(_ text: String) throws {
    try skip(text)
  }

  @Test(arguments: [
    "", "{", "[", "[1", "[1,", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "[1 2]", "[}",
    "{]", "tru", "nul",
    "[1]]", "{} {}", "\u{FEFF}{}",
  ])
  func whatIsNoValueIsRefused(_ text: String) {
    #expect(throws: SessionFileError.self) { try skip(text) }
  }

  @Test func nestingHasAnEnd() throws {
    let depth = JSONReader.maximumDepth
    try skip(String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
    #expect(throws: SessionFileError.self) { try skip(String(repeating: "[", count: 1_000_000)) }
    #expect(throws: SessionFileError.self) { try skip(String(repeating: "{\"a\":", count: 1_000_000)) }
  }

  @Test func containersAreEnteredAndLeft() throws {
    let keys = try read(#"{"a": [1, [2], []], "b": {"c": 3}}"#) { (reader) throws(SessionFileError) in
      var found: [String] = []
      try reader.beginObject()
      while let key = try reader.nextKey() {
        found.append(key)
        if key == "a" {
          try reader.beginArray()
          while try reader.nextElement() {
            found.append(try reader.kind() == .array ? "array" : "number")
            try reader.skip()
          }
        } else {
          try reader.skip()
        }
      }
      return found
    }
    #expect(keys == ["a", "number", "array", "array", "b"])
  }

  @Test func whatIsWrittenReadsBack() throws {
    let texts = [
      "", "a\"b\\c/", "\0\u{1}\u{1F}\u{7F}", "é€😀\u{202E}", "</script>",
      String(repeating: "x", count: 10_000),
    ]
    for text in texts {
      var writer = JSONWriter()
      writer.string(text)
      let json = writer.bytes.withElements { Array($0) }
      #expect(json.allSatisfy { $0 < 0x80 })
      #expect(try string(String(decoding: json, as: UTF8.self)) == Array(text.utf8))
    }
  }

  @Test func whatIsWrittenLooksLikePythons() {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("a")
    writer.beginArray()
    writer.number(1)
    writer.number(0.5)
    writer.number(1e-7)
    [0x61, 0xED, 0xB2, 0x80, 0xFF, 0x22].withUnsafeBufferPointer { writer.string($0) }
    writer.beginArray()
    writer.endArray()
    writer.endArray()
    writer.key("b")
    writer.beginObject()
    writer.endObject()
    writer.endObject()
    let text = writer.bytes.withElements { String(decoding: $0, as: UTF8.self) }
    #expect(text == #"{"a": [1, 0.5, 1e-07, "a\udc80\ufffd\"", []], "b": {}}"#)
  }
}
