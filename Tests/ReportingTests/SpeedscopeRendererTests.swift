import Profile
import TestSupport
import Testing

@testable import Reporting

struct SpeedscopeRendererTests {
  private let processors = Processor.standard().filter {
    $0 != .aggregateRepeatedCalls && $0 != .groupLibraryFrames
  }

  private func trees(_ session: Session, _ merging: CallTree.Merging = .consecutiveCalls) -> [CallTree] {
    var options = ProcessorOptions()
    options.filterThreshold = 0
    return CallTree.ofThreads(in: session, merging: merging, processors: processors, options: options)
  }

  /// The file without its name, which holds the time of day.
  private func file(_ session: Session) -> String {
    let bytes = SpeedscopeRenderer().report(session, trees: trees(session))
    return afterName(String(decoding: bytes, as: UTF8.self))
  }

  private func sampledFile(_ session: Session) -> String {
    let bytes = SpeedscopeRenderer().reportOfSamples(session, trees: trees(session, .repeatedCalls))
    return afterName(String(decoding: bytes, as: UTF8.self))
  }

  private func afterName(_ text: String) -> String {
    guard let start = text.firstRange(of: "\"activeProfileIndex\"") else { return "no profile" }
    return String(text[start.lowerBound...]).replacing(
      /"name": "CPU profile [^"]*"/, with: "\"name\": \"CPU\"")
  }

  private let samples: [(String, Int64)] = [
    ("main;a;b", 2.ms), ("main;a", 1.ms), ("main;c", 500_000), ("main;a;b", 1_000_001),
  ]

  @Test func callsAndReturns() {
    #expect(
      file(ProfileBuilder.session(samples, startStack: "main"))
        == """
        "activeProfileIndex": null, "exporter": "spinetail", "profiles": [{"name": "CPU", "unit": "seconds", \
        "startValue": 0.0, "endValue": 0.004500001, "type": "evented", "events": [\
        {"type": "O", "at": 0.0, "frame": 0}, {"type": "O", "at": 0.0, "frame": 1}, \
        {"type": "O", "at": 0.0, "frame": 2}, {"type": "C", "at": 0.002, "frame": 2}, \
        {"type": "C", "at": 0.003, "frame": 1}, {"type": "O", "at": 0.003, "frame": 3}, \
        {"type": "C", "at": 0.0035, "frame": 3}, {"type": "O", "at": 0.0035, "frame": 1}, \
        {"type": "O", "at": 0.0035, "frame": 2}, {"type": "C", "at": 0.004500001, "frame": 2}, \
        {"type": "C", "at": 0.004500001, "frame": 1}, {"type": "C", "at": 0.004500001, "frame": 0}]}], \
        "shared": {"frames": [{"name": "main", "file": "/app/program.py", "line": 1}, \
        {"name": "a", "file": "/app/program.py", "line": 1}, {"name": "b", "file": "/app/program.py", "line": 1}, \
        {"name": "c", "file": "/app/program.py", "line": 1}]}}
        """)
  }

  @Test func samplesInOrder() {
    let session = ProfileBuilder.session(samples, startStack: "main")
    let expected = """
      "type": "sampled", "samples": [[0,1,2],[0,1],[0,3],[0,1,2]], "weights": [0.002,0.001,0.0005,0.001000001]}]
      """
    #expect(sampledFile(session).contains(expected))
    // The same from a tree in the order of time.
    var samples = SpeedscopeSamples(trees(session)[0], frames: SpeedscopeFrames(session))
    samples.addLeaves()
    var buffer = TextBuffer()
    samples.write(to: &buffer)
    #expect(expected.hasPrefix(buffer.text.dropFirst(2)))
  }

  @Test func bothFormsSayTheSameOfAnyProfile() {
    for seed in 1...20 as ClosedRange<UInt64> {
      var random = RandomWalk(seed: seed)
      let session = random.session(samples: 200, depth: 6, churn: 4, syntheticLeaves: true)
      var fromTree = SpeedscopeSamples(trees(session)[0], frames: SpeedscopeFrames(session))
      fromTree.addLeaves()
      var fromSamples = SpeedscopeSamples(
        trees(session, .repeatedCalls)[0], frames: SpeedscopeFrames(session))
      fromSamples.add(session.threads[0], clock: .wall)
      var (a, b) = (TextBuffer(), TextBuffer())
      fromTree.write(to: &a)
      fromSamples.write(to: &b)
      #expect(a.text == b.text)
    }
  }

  @Test func framesThatProcessorsTakeOutAreMissingInBothForms() {
    let session = ProfileBuilder.session(
      [
        ("main;load@<frozen importlib._bootstrap>;exec@<frozen importlib._bootstrap>;a", 2.ms),
        ("main;wrap!;b", 1.ms), ("main;wrap!", 1.ms),
      ], startStack: "main")
    let text = sampledFile(session)
    #expect(text.contains("\"samples\": [[0,1],[0,2],[0]], \"weights\": [0.002,0.001,0.001]"))
    #expect(!text.contains("importlib") && !text.contains("wrap"))
    #expect(file(session).contains("\"endValue\": 0.004, "))
  }

  @Test func aRecursiveRootIsEnteredOnce() {
    let session = ProfileBuilder.session(
      [("main;main;main", 2.ms), ("main;main", 1.ms), ("main", 1.ms)], startStack: "main")
    #expect(sampledFile(session).contains("\"samples\": [[0,0,0],[0,0],[0]]"))
  }

  @Test func timeOutsideOfTheRootIsTheRoots() {
    // The thread's own time, of which the tree's root takes what there is.
    let session = ProfileBuilder.session([("", 1.ms), ("main;a", 199.ms)])
    #expect(sampledFile(session).contains("\"endValue\": 0.2, "))
    #expect(sampledFile(session).contains("\"weights\": [0.001,0.199]"))
  }

  @Test func waitsAreFrames() {
    let session = ProfileBuilder.session(
      [("main;nap;[await]", 2.ms), ("main;[out-of-context]", 1.ms)], startStack: "main")
    #expect(sampledFile(session).contains("\"samples\": [[0,1,2],[0,3]]"))
    #expect(file(session).contains(#"{"name": "[await]", "file": "", "line": 0}"#))
  }

  @Test func eachThreadIsAProfile() {
    var profile = ProfileBuilder()
    profile.add("main", 10.ms)
    profile.begin(thread: "Worker \"1\"", identifier: 77)
    profile.add("main", 20.ms)
    let text = file(profile.session())
    #expect(
      text.contains(#"{"name": "MainThread", "unit": "seconds", "startValue": 0.0, "endValue": 0.01, "#))
    #expect(
      text.contains(#"{"name": "Worker \"1\"", "unit": "seconds", "startValue": 0.0, "endValue": 0.02, "#))
    #expect(text.ranges(of: #"{"name": "main", "file""#).count == 1)
  }

  @Test func anEmptySessionHasNoProfile() {
    #expect(file(ProfileBuilder.session([])).hasSuffix("\"profiles\": [], \"shared\": {\"frames\": []}}"))
  }

  @Test func manySamplesAreWrittenAsSamples() {
    var random = RandomWalk(seed: 3)
    let session = random.session(samples: SpeedscopeRenderer.eventLimit + 1, depth: 4, churn: 1, functions: 3)
    let bytes = SpeedscopeRenderer().report(session, trees: trees(session))
    #expect(String(decoding: bytes.prefix(2000), as: UTF8.self).contains("\"type\": \"sampled\""))
  }
}
