import Testing

@testable import Sampling

/// The tables that 3.13 and later begin `_PyRuntime` with.
@Suite struct DebugOffsetsTests {
  /// The words of CPython 3.13.0, 3.14.10 and 3.15.2 behind the mark, the version and the kind of build.
  private static let words: [Int: [UInt64]] = [
    13: [
      283320, 608, 632, 194968, 7272, 7264, 7344, 7400, 7656, 7640, 7648, 16, 7752, 0, 7768, 7760, 304, 0,
      8, 16, 72, 152, 160, 232, 32, 80, 8, 0, 56, 72, 70, 208, 112, 120, 128, 136, 68, 52, 96, 104, 200, 16,
      8, 416, 24, 88, 168, 32, 24, 16, 40, 24, 16, 48, 32, 40, 24, 16, 32, 16, 24, 40, 16, 32, 64, 32, 16,
      40, 240, 200,
    ],
    14: [
      316616, 784, 808, 225864, 7280, 7272, 7344, 7360, 7408, 7688, 7672, 7680, 16, 7784, 0, 7800, 7792,
      7992, 0, 832, 0, 8, 16, 72, 152, 160, 232, 32, 88, 8, 0, 56, 80, 74, 64, 0, 216, 112, 120, 128, 136,
      68, 52, 96, 104, 208, 0, 16, 8, 416, 24, 88, 168, 40, 32, 16, 40, 24, 16, 200, 24, 40, 32, 48, 32, 40,
      24, 16, 32, 16, 24, 40, 16, 32, 64, 32, 16, 40, 264, 192, 160, 24, 72, 67, 0, 8, 24, 304, 8076, 0, 4,
      512,
    ],
    15: [
      346568, 912, 936, 226240, 7272, 7264, 7336, 7352, 7400, 7592, 7576, 7584, 16, 7736, 0, 7752, 7744,
      7944, 0, 888, 0, 8, 16, 72, 80, 88, 96, 176, 184, 256, 32, 36, 40, 136, 288, 0, 88, 8, 0, 56, 80, 74,
      64, 0, 216, 112, 120, 128, 136, 68, 52, 96, 104, 208, 0, 16, 8, 424, 24, 88, 168, 32, 288, 944, 888,
      40, 32, 16, 40, 24, 16, 200, 24, 40, 32, 48, 32, 40, 24, 16, 32, 16, 24, 40, 16, 32, 64, 32, 16, 40,
      56, 176, 112, 120, 1120, 104, 160, 24, 72, 67, 0, 8, 24, 344, 8028, 0, 4, 512,
    ],
  ]

  private func table(_ minor: Int, _ change: (inout [UInt64]) -> Void = { _ in }) -> [UInt64] {
    // "xdebugpy", and a release of that minor version.
    var words = [UInt64(littleEndian: 0x7970_6775_6265_6478), 0x0300_00F0 | UInt64(minor) << 16, 0]
    words += Self.words[minor] ?? []
    words += [UInt64](repeating: 0, count: 128 - words.count)
    change(&words)
    return words
  }

  private func layout(_ words: [UInt64], minor: Int) -> Layout? {
    words.withUnsafeBytes { Layout.of(minor: minor, runtime: $0) }
  }

  @Test func everyTable() {
    #expect(layout(table(13), minor: 13) == .made313)
    #expect(layout(table(14), minor: 14) == .made314)
    #expect(layout(table(15), minor: 15) == .made315)
  }

  @Test(arguments: [13, 14, 15]) func anythingElseIsRefused(_ minor: Int) {
    #expect(layout(table(minor) { $0[0] = 0 }, minor: minor) == nil)
    #expect(layout(table(minor) { $0[1] = 0x0310_00F0 }, minor: minor) == nil)
    #expect(layout(table(minor) { $0[1] = 0x0400_00F0 | UInt64(minor) << 16 }, minor: minor) == nil)
    #expect(layout(table(minor) { $0[2] = 1 }, minor: minor) == nil)
    #expect(layout(table(minor) { $0[9] = 1 << 40 }, minor: minor) == nil)
    #expect(layout(Array(table(minor).prefix(40)), minor: minor) == nil)
  }

  /// A table of another version differs in some word that is used, whatever its version number says.
  @Test func oneVersionsTableIsNoOthers() {
    for minor in [13, 14, 15] {
      for other in [13, 14, 15] where other != minor {
        let words = table(other) { $0[1] = 0x0300_00F0 | UInt64(minor) << 16 }
        #expect(layout(words, minor: minor) == nil)
      }
    }
  }

  @Test func versionsWithoutATableDontReadIt() {
    #expect(layout([], minor: 11) == .cpython311)
    #expect(layout([], minor: 12) == .cpython312)
    #expect(layout(table(13), minor: 10) == nil)
    #expect(layout(table(13), minor: 16) == nil)
  }
}
