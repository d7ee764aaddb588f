import Profile
import TestSupport
import Testing

@testable import Reporting

/// Lists of functions.
struct FlatListTests {
  private func list(_ samples: [(String, Int64)], _ kind: FlatTime, showAll: Bool = false) -> [String] {
    var metadata = SessionMetadata()
    metadata.sysPath = ["/app"]
    metadata.targetDescription = "Program: flat.py"
    var renderer = TextRenderer(showAll: showAll)
    renderer.flat = kind
    let report = renderer.render(ProfileBuilder.session(samples, metadata: metadata), version: "1")
    guard let start = report.firstRange(of: "Program: flat.py\n\n") else { return ["no header"] }
    return report[start.upperBound...].split(separator: "\n").map(String.init)
  }

  @Test func ownTimesAddUpToTheTotal() {
    let samples: [(String, Int64)] = [
      ("main;a;f", 30.ms), ("main;b;f", 20.ms), ("main;a", 5.ms), ("main", 45.ms),
    ]
    #expect(
      list(samples, .own) == ["0.050 f  program.py:1", "0.045 main  program.py:1", "0.005 a  program.py:1"])
  }

  @Test func aFunctionCalledInManyPlacesIsListedWithAllOfThem() {
    // Each call is less than a hundredth of the time, which a tree doesn't show.
    var samples: [(String, Int64)] = []
    for number in 0..<200 {
      samples.append(("main;caller\(number);hash", 4.ms))
      samples.append(("main;caller\(number)", 1.ms))
    }
    #expect(list(samples, .own).first == "0.800 hash  program.py:1")
    #expect(list(samples, .total).prefix(2) == ["1.000 main  program.py:1", "0.800 hash  program.py:1"])
  }

  @Test func recursionCountsOnce() {
    let samples: [(String, Int64)] = [
      ("main;fib;fib;fib", 10.ms), ("main;fib;fib", 20.ms), ("main;fib;even;fib", 5.ms), ("main;fib", 1.ms),
      ("main;other;fib", 2.ms),
    ]
    #expect(
      list(samples, .total) == [
        "0.038 main  program.py:1", "0.038 fib  program.py:1", "0.005 even  program.py:1",
        "0.002 other  program.py:1",
      ])
    #expect(list(samples, .own) == ["0.038 fib  program.py:1"])
  }

  @Test func waitingBelongsToWhoWaits() {
    let samples: [(String, Int64)] = [("main;sleep;[await]", 70.ms), ("main;work", 30.ms)]
    #expect(list(samples, .own) == ["0.070 sleep  program.py:1", "0.030 work  program.py:1"])
  }

  @Test func functionsOfLittleTimeAreLeftOut() {
    let samples: [(String, Int64)] = [("main", 1000.ms), ("main;rare", 1.ms), ("main;more", 2.ms)]
    #expect(list(samples, .own) == ["1.000 main  program.py:1", "0.002 more  program.py:1"])
    #expect(list(samples, .own, showAll: true).dropFirst(2) == ["0.001 rare  program.py:1"])
  }

  @Test func functionsThatLookTheSameAreOne() {
    var recording = Recording()
    let thread = ThreadSamples(name: "MainThread", identifier: 1)
    let name = recording.intern("<lambda>")
    let file = recording.intern("/app/program.py")
    for qualified in ["a.<lambda>", "b.<lambda>"] {
      let function = recording.intern(
        Function(name: name, qualifiedName: recording.intern(qualified), file: file, firstLine: 3))
      let frame = recording.intern(Frame(function: function, line: 3))
      thread.append(Sample(stack: recording.intern(parent: .empty, frame: frame), wallTime: 5.ms))
    }
    let session = Session(recording, threads: [thread], metadata: SessionMetadata())
    var renderer = TextRenderer()
    renderer.flat = .own
    #expect(renderer.render(session, version: "1").contains("0.010 <lambda>  /app/program.py:3\n"))
  }

  @Test func classesAreNamed() {
    let samples: [(String, Int64)] = [("main;A.go", 10.ms), ("main;x;B.go", 20.ms)]
    #expect(list(samples, .own) == ["0.030 B.go  program.py:1"])
  }

  @Test func anEmptySession() {
    #expect(list([], .own) == ["No samples were recorded."])
  }
}
