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

  /// Each looks as often as it would alone.
  @Test func twoOfTheSameIntervalSoonBeatTogether() {
    for offset in stride(from: Int64(0), to: 1_000_000, by: 50_000) {
      var first = Deadline(interval: 1_000_000, now: 0)
      var second = Deadline(interval: 1_000_000, now: offset)
      var wakes = 0
      var now: Int64 = 0
      while now < 1_000_000_000 {
        now = min(first.time, second.time)
        wakes += 1
        if first.time <= now {
          _ = first.advance(now: now)
          first.join(second, now: now)
        }
        if second.time <= now {
          _ = second.advance(now: now)
          second.join(first, now: now)
        }
      }
      #expect(wakes > 950 && wakes < 1050)
    }
  }

  @Test func anotherIntervalIsNotJoined() {
    var first = Deadline(interval: 1_000_000, now: 0)
    let before = first.time
    first.join(Deadline(interval: 900_000, now: 100_000), now: 0)
    #expect(first.time == before)
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
