import Testing

@testable import Sampling

/// Expected lines are those that `code.co_positions()` gives for the same bytes.
struct LineTableTests {
  private func lines(_ bytes: [UInt8], firstLine: Int) -> [[UInt32]] {
    var runs: [[UInt32]] = []
    bytes.withUnsafeBytes { LineTable.decode($0, firstLine: firstLine) { runs.append([$0, $1]) } }
    return runs
  }

  @Test func aFunctionOfThreeLines() {
    // CPython 3.11.7 compiled `def f(a):`, `b = a + 1`, `return b` to this.
    let bytes: [UInt8] = [
      0x80, 0x00, 0xD8, 0x08, 0x09, 0x88, 0x41, 0x89, 0x05, 0x80, 0x41, 0xD8, 0x0B, 0x0C, 0x80, 0x48,
    ]
    #expect(lines(bytes, firstLine: 1) == [[0, 1], [1, 2], [6, 3]])
  }

  @Test func lineDeltasOfAnySizeAndSign() {
    // Code 13: only a line, +5 (zigzag 10), one unit; then −3 (zigzag 7), two units; then code 14 with +200.
    let bytes: [UInt8] = [0xE8, 0x0A, 0xE9, 0x07, 0xF0, 0x50, 0x06, 0x00, 0x01, 0x02]
    #expect(lines(bytes, firstLine: 10) == [[0, 15], [1, 12], [3, 212]])
  }

  @Test func noLineAtAll() {
    // Code 15 over eight units, then line 1 again.
    #expect(lines([0xFF, 0x80, 0x00], firstLine: 1) == [[0, 0], [8, 1]])
  }

  @Test func damagedTablesEnd() {
    #expect(lines([0x00, 0x80], firstLine: 1) == [])
    #expect(lines([0xE8], firstLine: 1) == [[0, 1]])
    let endless = [UInt8](repeating: 0xFF, count: 9) + [UInt8](repeating: 0x7F, count: 64)
    #expect(lines(endless, firstLine: 1).count <= 2)
    #expect(lines([0xE8] + [UInt8](repeating: 0x7F, count: 40), firstLine: 1).count == 1)
  }
}
