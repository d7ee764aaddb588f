import TestSupport
import Testing

@testable import Profile

struct FrameInfoTests {
  private func parsed(_ text: String) -> FrameInfo {
    Array(text.utf8).withUnsafeBufferPointer { FrameInfo($0) }
  }

  private func fields(_ info: FrameInfo) -> [String] {
    [info.name, info.file, info.className].map { String(decoding: $0, as: UTF8.self) }
      + ["\(info.firstLine)", "\(info.line)", "\(info.isHidden)"]
  }

  @Test(arguments: [
    ("m\0/x/f.py\u{0}6\u{1}cInner\u{1}l7\u{1}h1", ["m", "/x/f.py", "Inner", "6", "7", "true"]),
    ("<module>\0file\u{0}1\u{1}l36", ["<module>", "file", "", "1", "36", "false"]),
    ("list.append\0<built-in>\u{0}0", ["list.append", "<built-in>", "", "0", "0", "false"]),
    (
      "MainThread\0<thread>\u{0}140527157472128",
      ["MainThread", "<thread>", "", "140527157472128", "0", "false"]
    ),
  ])
  func stringsAreReadAndWritten(_ text: String, _ expected: [String]) {
    #expect(fields(parsed(text)) == expected)
    #expect(String(decoding: parsed(text).text, as: UTF8.self) == text)
  }

  @Test(arguments: [
    ("", ["", "", "", "0", "0", "false"]), ("f", ["f", "", "", "0", "0", "false"]),
    ("f\0g", ["f", "g", "", "0", "0", "false"]),
    ("a\0b\0f\u{0}3", ["a\0b", "f", "", "3", "0", "false"]), ("f\0g\0x", ["f", "g", "", "0", "0", "false"]),
    ("f\0g\u{0}99999999999999999999999", ["f", "g", "", "0", "0", "false"]),
    ("f\0g\u{0}1\u{1}", ["f", "g", "", "1", "0", "false"]),
    ("f\0g\u{0}1\u{1}x5\u{1}h0", ["f", "g", "", "1", "0", "false"]),
    ("f\0g\u{0}1\u{1}l99999999999", ["f", "g", "", "1", "4294967295", "false"]),
    ("\0\0", ["", "", "", "0", "0", "false"]),
  ])
  func oddStringsAreFrames(_ text: String, _ expected: [String]) {
    #expect(fields(parsed(text)) == expected)
  }

  @Test func syntheticLeavesStandAlone() {
    for leaf in SyntheticLeaf.allCases {
      #expect(parsed(leaf.rawValue).syntheticLeaf == leaf)
      #expect(FrameInfo(leaf).text == Array(leaf.rawValue.utf8))
    }
    #expect(parsed("[await]\0f\u{0}1").syntheticLeaf == nil)
    #expect(parsed("[self]").syntheticLeaf == nil)
  }

  @Test func separatorsWithinNamesDontSeparate() {
    let info = FrameInfo(
      name: Array("a\0b\u{1}c".utf8), file: Array("f\u{1}".utf8), firstLine: 2, className: Array("C\0".utf8))
    #expect(
      fields(parsed(String(decoding: info.text, as: UTF8.self))) == ["a␀b␁c", "f␁", "C␀", "2", "0", "false"])
  }
}
