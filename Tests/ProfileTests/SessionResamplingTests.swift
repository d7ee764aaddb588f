import TestSupport
import Testing

@testable import Profile

struct SessionResamplingTests {
  @Test func timeIsConserved() {
    let session = ProfileBuilder.session((0..<100).map { ("f\($0)", 700.ms) })
    let resampled = session.resampled(interval: 1000.ms)
    #expect(resampled.threads[0].totalWallTime == 70_000.ms)
    #expect(resampled.sampleCount == 50)
    #expect(resampled.contents.dropFirst().first?.hasPrefix("f1|") == true)
    #expect(resampled.metadata.minInterval == 1)
    #expect(resampled.metadata.maxInterval == 1)
  }

  @Test func whatIsLeftAtTheEndIsASample() {
    let session = ProfileBuilder.session([("a", 700.ms), ("b", 700.ms), ("c", 100.ms)])
    let resampled = session.resampled(interval: 1000.ms)
    let samples = (0..<2).map { resampled.threads[0].samples[$0] }
    #expect(samples.map(\.wallTime) == [1400.ms, 100.ms])
    #expect(samples.map { resampled.text(of: $0.stack).first } == ["b", "c"])
    #expect(resampled.sampleCount == 2)
  }

  @Test func eachThreadAndClockHasItsOwnTime() {
    var profile = ProfileBuilder(thread: "a", identifier: 1)
    for _ in 0..<7 { profile.add("x", 3.ms, cpu: 2.ms) }
    profile.begin(thread: "b", identifier: 2)
    for _ in 0..<5 { profile.add("y", 4.ms, cpu: 1.ms) }
    let resampled = profile.session().resampled(interval: 10.ms)
    #expect(resampled.threads.map(\.name) == ["a", "b"])
    #expect(resampled.threads.map(\.totalWallTime) == [21.ms, 20.ms])
    #expect(resampled.threads.map(\.totalCPUTime) == [14.ms, 5.ms])
    #expect(resampled.threads.map { $0.samples.count } == [2, 2])
  }

  @Test func emptySessionsStayEmpty() {
    let session = Session(Recording(), threads: [], metadata: SessionMetadata())
    #expect(session.resampled(interval: 1).sampleCount == 0)
  }
}
