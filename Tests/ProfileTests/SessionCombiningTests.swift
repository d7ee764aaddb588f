import Profile
import TestSupport
import Testing

struct SessionCombiningTests {
  /// All samples of a thread as text, such as "a;b 5".
  private func samples(_ session: Session, thread: Int = 0) -> [String] {
    let thread = session.threads[thread]
    return (0..<thread.samples.count).map { row in
      let sample = thread.samples[row]
      let path = session.stacks.path(of: sample.stack).map { id in
        let frame = session.frames[id]
        let className = session.strings[frame.className]
        let function = session.functions[frame.function]
        let name = session.strings[function.name] + "@" + session.strings[function.file]
        return (className.isEmpty ? "" : className + ".") + name + (frame.flags.contains(.hidden) ? "!" : "")
      }
      return "\(path.joined(separator: ";")) \(sample.wallTime / 1.ms)"
    }
  }

  private func early() -> Session {
    var profile = ProfileBuilder()
    profile.defaultFile = "/a.py"
    profile.startStack = "main"
    profile.metadata.startTime = 10
    profile.metadata.duration = 1.5
    profile.metadata.cpuTime = 1
    profile.metadata.minInterval = 0.001
    profile.metadata.maxInterval = 0.002
    profile.metadata.targetDescription = "early"
    profile.metadata.engine = "setprofile"
    profile.metadata.engineReason = "the interpreter is CPython 3.9"
    profile.metadata.sysPath = ["/a", "/lib"]
    profile.metadata.sysPrefixes = ["/usr", "/venv"]
    profile.statistics.beats = 3
    profile.statistics.followed = 2
    profile.add("main;X.f", 1.ms)
    profile.add("main;g!", 2.ms)
    return profile.session()
  }

  private func late(thread: UInt64 = 1) -> Session {
    var profile = ProfileBuilder(identifier: thread)
    profile.defaultFile = "/a.py"
    profile.startStack = "other"
    profile.metadata.startTime = 20
    profile.metadata.duration = 0.5
    profile.metadata.cpuTime = 0.25
    profile.metadata.minInterval = 0.0005
    profile.metadata.maxInterval = 0.001
    profile.metadata.targetDescription = "late"
    profile.metadata.engineReason = "another one"
    profile.metadata.sysPath = ["/lib", "/b"]
    profile.metadata.sysPrefixes = ["/opt", "/usr"]
    profile.statistics.beats = 4
    profile.statistics.late = 1
    profile.add("g!", 3.ms)
    profile.add("main;X.f", 4.ms)
    profile.add("", 5.ms)
    return profile.session()
  }

  @Test func theEarlierSessionComesFirst() {
    let expected = [
      "main@/a.py;X.f@/a.py 1", "main@/a.py;g@/a.py! 2", "g@/a.py! 3", "main@/a.py;X.f@/a.py 4", " 5",
    ]
    for combined in [Session.combining(early(), late()), Session.combining(late(), early())] {
      #expect(samples(combined) == expected)
      #expect(combined.threads.count == 1)
      #expect(combined.sampleCount == 5)
      #expect(combined.functions.count == 4)
    }
  }

  @Test func factsAreUnited() {
    let combined = Session.combining(late(), early())
    let metadata = combined.metadata
    #expect(metadata.startTime == 10)
    #expect(metadata.duration == 2)
    #expect(metadata.cpuTime == 1.25)
    #expect(metadata.minInterval == 0.0005)
    #expect(metadata.maxInterval == 0.002)
    #expect(metadata.targetDescription == "early")
    #expect(metadata.engine == "setprofile")
    #expect(metadata.engineReason == "the interpreter is CPython 3.9")
    #expect(metadata.sysPath == ["/a", "/lib", "/b"])
    #expect(metadata.sysPrefixes == ["/usr", "/venv", "/opt"])
    #expect(combined.statistics.beats == 7)
    #expect(combined.statistics.followed == 2)
    #expect(combined.statistics.late == 1)
    let start = combined.stacks.path(of: combined.startStack)
    #expect(start.map { combined.strings[combined.functions[combined.frames[$0].function].name] } == ["main"])
  }

  @Test func equalStartsKeepTheOrder() {
    #expect(samples(Session.combining(early(), early())).count == 4)
    let a = ProfileBuilder.session([("a", 1.ms)])
    let b = ProfileBuilder.session([("b", 1.ms)])
    #expect(samples(Session.combining(a, b)) == ["a@/app/program.py 1", "b@/app/program.py 1"])
    #expect(samples(Session.combining(b, a)) == ["b@/app/program.py 1", "a@/app/program.py 1"])
  }

  @Test func otherThreadsStayApart() {
    let combined = Session.combining(early(), late(thread: 2))
    #expect(combined.threads.map(\.identifier) == [1, 2])
    #expect(samples(combined).count == 2)
    #expect(samples(combined, thread: 1).count == 3)
  }

  @Test func threadsOfTheLaterSessionBeginAfterTheEarlierOne() {
    var metadata = SessionMetadata()
    metadata.duration = 1.5
    func session(_ start: Double, _ threads: [ThreadSamples]) -> Session {
      metadata.startTime = start
      return Session(Recording(), threads: threads, metadata: metadata)
    }
    let first = session(1, [ThreadSamples(name: "a", identifier: 1, start: 5.ms)])
    let second = session(
      2, [ThreadSamples(name: "a", identifier: 1), ThreadSamples(name: "b", identifier: 1, start: 7.ms)])
    let combined = Session.combining(second, first)
    #expect(combined.threads.map(\.name) == ["a", "b"])
    #expect(combined.threads.map(\.start) == [5.ms, 1507.ms])
  }

  @Test func toldCountsOfSamplesAreAdded() {
    var told = ProfileBuilder()
    told.metadata.sampleCount = 10
    told.add("a", 1.ms)
    #expect(Session.combining(told.session(), early()).sampleCount == 12)
    #expect(Session.combining(early(), early()).metadata.sampleCount == nil)
  }

  @Test func theSourcesAreUntouched() {
    let first = early()
    _ = Session.combining(first, late())
    #expect(samples(first).count == 2)
  }

  @Test func aBuilderStackHasWhatItsTextSays() {
    let session = ProfileBuilder.session([("a;K.m@/x/y.py:12*15!", 2.ms)])
    let frame = session.stacks.path(of: session.threads[0].samples[0].stack).last.map { session.frames[$0] }
    #expect(frame?.line == 15)
    #expect(frame.map { session.functions[$0.function].firstLine } == 12)
    #expect(samples(session) == ["a@/app/program.py;K.m@/x/y.py! 2"])
  }
}
