import Testing

@testable import Reporting

struct TextBufferTests {
  @Test(
    arguments: [
      (0, 3, "0.000"), (1_234_567_890, 3, "1.235"), (1_234_567_890, 0, "1"), (1_500_000_000, 0, "2"),
      (999_999_999, 3, "1.000"), (1, 9, "0.000000001"), (499_999, 3, "0.000"), (500_000, 3, "0.001"),
      (12_000_000_000, 1, "12.0"), (-1_500_000, 3, "-0.002"), (-1, 3, "0.000"), (5, 42, "0.000000005"),
      (Int64.max, 3, "9223372036.855"), (Int64.min, 9, "-9223372036.854775808"),
    ] as [(Int64, Int, String)])
  func seconds(nanoseconds: Int64, decimals: Int, expected: String) {
    var buffer = TextBuffer()
    buffer.append(seconds: nanoseconds, decimals: decimals)
    #expect(buffer.text == expected)
  }

  @Test(arguments: [
    ("plain", "plain"), ("a\nb\r\t", #"a\x0ab\x0d\x09"#), ("\u{1B}[31mred", #"\x1b[31mred"#),
    ("\0\u{7F}", #"\x00\x7f"#),
    ("\u{9B}31m\u{85}", #"\x9b31m\x85"#), ("a\u{2028}b\u{202E}c\u{2066}", #"a\u2028b\u202ec\u2066"#),
    ("é שלום 漢字 🐍 “q”", "é שלום 漢字 🐍 “q”"), (#"C:\new"#, #"C:\new"#),
  ])
  func escapes(text: String, expected: String) {
    var buffer = TextBuffer()
    buffer.append(escaping: text)
    #expect(buffer.text == expected)
  }

  @Test func bytesThatAreNoTextDoNoHarm() {
    var buffer = TextBuffer()
    for bytes in [[0xC2], [0xE2, 0x80], [0xFF, 0x1B]] as [[UInt8]] {
      bytes.withUnsafeBufferPointer { buffer.append(escaping: $0) }
    }
    #expect(!buffer.bytes.contains(0x1B))
    #expect(buffer.text.hasSuffix(#"\x1b"#))
  }
}
