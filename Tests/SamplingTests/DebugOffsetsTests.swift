import Testing

@testable import Sampling

/// The table that 3.13 begins `_PyRuntime` with. The words are those of CPython 3.13.0.
@Suite struct DebugOffsetsTests {
  private func table(_ change: (inout [UInt64]) -> Void = { _ in }) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: 96)
    words[0] = UInt64(littleEndian: 0x7970_6775_6265_6478)  // "xdebugpy"
    words[1] = 0x030D_00F0
    let values: [Int: UInt64] = [
      5: 632, 9: 7344, 14: 16, 21: 8, 22: 16, 23: 72, 24: 152, 25: 160, 26: 232, 29: 8, 30: 0, 31: 56, 33: 70,
      35: 112, 36: 120, 37: 128, 38: 136, 39: 68, 43: 200, 70: 40,
    ]
    for (index, value) in values { words[index] = value }
    change(&words)
    return words
  }

  private func layout(_ words: [UInt64], minor: Int = 13) -> Layout? {
    words.withUnsafeBytes { Layout.of(minor: minor, runtime: $0) }
  }

  @Test func theTableOf313() {
    #expect(layout(table()) == .made313)
  }

  @Test func anythingElseIsRefused() {
    #expect(layout(table { $0[0] = 0 }) == nil)
    #expect(layout(table { $0[1] = 0x030E_00F0 }) == nil)
    #expect(layout(table { $0[2] = 1 }) == nil)
    #expect(layout(table { $0[31] = 1 << 40 }) == nil)
    #expect(layout(table { $0[43] = .max }) == nil)
    #expect(layout(Array(table().prefix(40))) == nil)
  }

  @Test func versionsWithoutATableDontReadIt() {
    #expect(layout([], minor: 11) == .cpython311)
    #expect(layout([], minor: 12) == .cpython312)
    #expect(layout(table(), minor: 10) == nil)
    #expect(layout(table(), minor: 14) == nil)
  }
}
