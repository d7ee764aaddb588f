import Profile
import TestSupport
import Testing

@testable import Reporting

/// Reports on several threads, and by CPU time.
struct TextThreadsTests {
  /// A pool of two workers, one of which has nothing to do, and a main thread that waits for them.
  private func pool(idle: Int = 1, worksInMain: Bool = false) -> ProfileBuilder {
    var profile = ProfileBuilder()
    profile.metadata.sysPath = ["/app"]
    profile.metadata.targetDescription = "Program: pool.py"
    for _ in 0..<10 { profile.add("main;wait", 100.ms, cpu: worksInMain ? 90.ms : 0) }
    profile.begin(thread: "Worker", identifier: 77)
    for _ in 0..<8 { profile.add("job;compute", 100.ms, cpu: 75.ms) }
    profile.add("job;read", 200.ms, cpu: 0)
    for number in 0..<idle {
      profile.begin(thread: "Idle-\(number)", identifier: UInt64(100 + number))
      for _ in 0..<10 { profile.add("loop;get", 100.ms, cpu: 100_000) }
    }
    return profile
  }

  private func trees(_ session: Session, _ change: (inout TextRenderer) -> Void = { _ in }) -> String {
    var renderer = TextRenderer()
    change(&renderer)
    let report = renderer.render(session, version: "1")
    let marker = "Program: pool.py\n\n"
    guard let start = report.firstRange(of: marker) else { return "no header" }
    return String(report[start.upperBound...])
  }

  @Test func eachThreadIsATree() {
    #expect(
      trees(pool(idle: 0).session()) == """
        1.000 Worker  CPU time: 0.600
        `- 1.000 job  program.py:1
           |- 0.800 compute  program.py:1
           `- 0.200 read  program.py:1

        1.000 MainThread  CPU time: 0.000
        `- 1.000 main  program.py:1
           `- 1.000 wait  program.py:1


        """)
  }

  /// As `Thread._bootstrap` calls it in Lib/threading.py.
  @Test func whatThreadingCallsFirstIsLeftOut() {
    var profile = pool(idle: 0)
    let stem = "_bootstrap@/lib/threading.py:1;_bootstrap_inner@/lib/threading.py:2;run@/lib/threading.py:3"
    profile.begin(thread: "Plain", identifier: 78)
    profile.add(stem + ";job;compute", 900.ms, cpu: 900.ms)
    profile.add(stem + ";job", 80.ms, cpu: 80.ms)
    profile.add("", 20.ms)
    profile.begin(thread: "Subclass", identifier: 79)
    profile.add(
      "_bootstrap@/lib/threading.py:1;_bootstrap_inner@/lib/threading.py:2;run", 1000.ms, cpu: 700.ms)
    let session = profile.session()
    let report = trees(session)
    #expect(
      report.contains(
        """
        1.000 Plain  CPU time: 0.980
        |- 0.980 job  program.py:1
        |  |- 0.900 compute  program.py:1
        |  `- 0.080 [self]  program.py
        `- 0.020 [self]  <thread>
        """))
    #expect(
      report.contains(
        """
        1.000 Subclass  CPU time: 0.700
        `- 1.000 run  program.py:1
        """))
    let everything = trees(session) { $0.showAll = true }
    #expect(everything.contains("_bootstrap_inner"))
  }

  @Test func theMostBusyThreadComesFirst() {
    let report = trees(pool(idle: 0, worksInMain: true).session())
    #expect(report.hasPrefix("1.000 MainThread  CPU time: 0.900\n"))
    let timeline = trees(pool(idle: 0).session()) { $0.timeline = true }
    #expect(timeline.hasPrefix("1.000 MainThread  CPU time: 0.000\n"))
  }

  @Test func withoutCPUTimesThreadsStandInTheirOrder() {
    var profile = ProfileBuilder()
    profile.metadata.targetDescription = "Program: pool.py"
    profile.startStack = "main"
    profile.add("main;work", 10.ms)
    profile.begin(thread: "Worker", identifier: 77)
    profile.add("job", 20.ms)
    #expect(
      trees(profile.session()) == """
        0.010 MainThread  <thread>:1
        `- 0.010 main  /app/program.py:1
           `- 0.010 work  /app/program.py:1

        0.020 Worker  <thread>:77
        `- 0.020 job  /app/program.py:1


        """)
  }

  @Test func threadsThatOnlyWaitedAreOneLine() {
    let report = trees(pool(idle: 2).session())
    #expect(report.hasSuffix("\n\n2 threads only waited: Idle-0, Idle-1\n\n"))
    #expect(!report.contains("loop"))
    #expect(trees(pool(idle: 1).session()).hasSuffix("\n\n1 thread only waited: Idle-0\n\n"))
    #expect(
      trees(pool(idle: 11).session()).contains("11 threads only waited: Idle-0, Idle-1,"))
    #expect(trees(pool(idle: 11).session()).contains("Idle-7 and 3 more\n"))
    let all = trees(pool(idle: 2).session()) { $0.showAll = true }
    #expect(!all.contains("only waited"))
    #expect(all.contains("1.000 Idle-1  CPU time: 0.001\n`- 1.000 loop"))
  }

  @Test func aThreadThatRanPythonCodeIsNoWaitingOne() {
    let waiting = ThreadSamples(name: "Busy", identifier: 3)
    let first = ThreadSamples(name: "MainThread", identifier: 1)
    first.append(Sample(stack: .empty, wallTime: 10.ms, cpuTime: 5.ms))
    for row in 0..<1000 {
      waiting.append(Sample(stack: .empty, wallTime: 1.ms, cpuTime: 0, state: row < 6 ? .heldGIL : []))
    }
    let session = Session(Recording(), threads: [first, waiting], metadata: SessionMetadata())
    #expect(!ThreadActivity(session, thread: 1).onlyWaited)
    #expect(ReportedThreads(session, showsAll: false, inOrderOfTime: false).shown.count == 2)
    waiting.append(Sample(stack: .empty, wallTime: 1000.ms))
    for _ in 0..<300 { waiting.append(Sample(stack: .empty, wallTime: 1.ms)) }
    #expect(ThreadActivity(session, thread: 1).onlyWaited)
    #expect(ReportedThreads(session, showsAll: false, inOrderOfTime: false).shown.count == 1)
  }

  @Test func theOnlyThreadAndTheFirstOneAreShownWhateverTheyDid() {
    var profile = ProfileBuilder()
    profile.metadata.targetDescription = "Program: pool.py"
    profile.add("main;sleep", 1000.ms, cpu: 1.ms)
    #expect(trees(profile.session()).hasPrefix("1.000 main"))
    #expect(trees(pool(idle: 1).session()).contains("MainThread  CPU time: 0.000"))
  }

  @Test func partsOfTheTotalAreThoseOfTheThread() {
    let report = trees(pool(idle: 0).session()) { $0.unit = .percentOfTotal }
    #expect(report.hasPrefix("100.0% Worker  Duration: 1.000  CPU time: 0.600\n`- 100.0% job  "))
  }

  @Test func aFlatListHasThreadsToo() {
    let report = trees(pool(idle: 1).session()) { $0.flat = .own }
    #expect(
      report == """
        1.000 Worker  CPU time: 0.600
        0.800 compute  program.py:1
        0.200 read  program.py:1

        1.000 MainThread  CPU time: 0.000
        1.000 wait  program.py:1

        1 thread only waited: Idle-0


        """)
  }

  @Test func cpuTimeOfTheSameRecording() {
    let session = pool(idle: 1).session()
    var renderer = TextRenderer()
    renderer.clock = .cpu
    let report = renderer.render(session, version: "1")
    #expect(report.contains("\n\nTimes are CPU time: waiting isn't counted.\n\nProgram: pool.py\n\n"))
    let body = trees(session) { $0.clock = .cpu }
    #expect(
      body.hasPrefix("0.600 Worker  Duration: 1.000\n`- 0.600 job  program.py:1\n   `- 0.600 compute"))
    #expect(body.contains("0.000 MainThread  Duration: 1.000\n"))
  }

  @Test func cpuTimeThatIsntRecordedIsALine() {
    var profile = ProfileBuilder()
    profile.metadata.targetDescription = "Program: pool.py"
    profile.add("main", 10.ms)
    #expect(
      trees(profile.session()) { $0.clock = .cpu }
        == "CPU time isn't recorded in this session: look at wall time instead.\n\n")
  }

  @Test func namesOfThreadsCanNotBreakTheReport() {
    var profile = pool(idle: 0)
    profile.begin(thread: "a\nb\u{1B}[2J", identifier: 9)
    profile.add("job", 1.ms, cpu: 1.ms)
    #expect(trees(profile.session()).contains(#"0.001 a\x0ab\x1b[2J  CPU time: 0.001"#))
  }
}
