import Testing

@testable import Sampling

struct DeadlineTests {
  @Test func beatsKeepTheIntervalOnAverageAndJitter() {
    var deadline = Deadline(interval: 1_000_000, now: 5_000)
    var gaps: [Int64] = []
    for _ in 0..<10_000 {
      let before = deadline.time
      #expect(deadline.advance(now: before) == 0)
      gaps.append(deadline.time - before)
    }
    #expect(gaps.min() ?? 0 >= 750_000)
    #expect(gaps.max() ?? 0 <= 1_250_000)
    let mean = gaps.reduce(0, +) / Int64(gaps.count)
    #expect(abs(mean - 1_000_000) < 10_000)
    #expect(Set(gaps).count > 9_000)
  }

  @Test func pastBeatsAreSkippedAndCounted() {
    var deadline = Deadline(interval: 1_000_000, now: 0)
    let before = deadline.time
    let skipped = deadline.advance(now: before + 10_500_000)
    #expect(skipped == 9 || skipped == 10)
    #expect(deadline.time <= before + 10_500_000)
    #expect(deadline.time > before + 9_500_000)
  }
}
