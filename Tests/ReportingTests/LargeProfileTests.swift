import Profile
import Reporting
import TestSupport
import Testing

/// Profiles that would exhaust stack, memory or patience if the work weren't linear.
struct LargeProfileTests {
  /// A session with one sample of a stack that is so deep.
  private func deepSession(depth: Int, alternating: Bool = false) -> Session {
    var recording = Recording()
    let thread = ThreadSamples(name: "MainThread", identifier: 1)
    let file = recording.intern(alternating ? "<string>" : "/app/deep.py")
    var stack = StackID.empty
    for level in 0..<depth {
      let name = recording.intern(alternating && level % 2 == 0 ? "even" : "down")
      let function = recording.intern(Function(name: name, qualifiedName: name, file: file, firstLine: 1))
      stack = recording.intern(parent: stack, frame: recording.intern(Frame(function: function, line: 1)))
    }
    thread.append(Sample(stack: stack, wallTime: 5.ms))
    return Session(recording, threads: [thread], metadata: SessionMetadata())
  }

  @Test func aDeepStackHasALineForEachFrame() {
    let report = TextRenderer().render(deepSession(depth: 50_000), version: "1")
    let lines = report.split(separator: "\n")
    #expect(lines.suffix(50_000).allSatisfy { $0.contains("0.005 down  /app/deep.py:1") })
    let last = String(repeating: " ", count: 99 * 3) + "`- [level 49999] 0.005 down  /app/deep.py:1"
    #expect(lines.last.map(String.init) == last)
    #expect(!report.contains("[level 100]"))
    #expect(report.contains("[level 101]"))
  }

  @Test func allProcessorsEndOnADeepStack() {
    var tree = CallTree(deepSession(depth: 50_000, alternating: true))
    for processor in Processor.standard() { processor.process(&tree) }
    #expect(tree.selfCheck() == nil)
    #expect(tree.root.map { tree.time(of: $0) } == 5.ms)
  }

  @Test func aMillionSamplesMakeATree() throws {
    var random = RandomWalk(seed: 7)
    let session = random.session(samples: 1_000_000, depth: 30, churn: 3)
    let tree = CallTree(session, merging: .repeatedCalls)
    #expect(tree.time(of: try #require(tree.root)) == session.threads[0].totalWallTime)
    #expect(tree.selfCheck() == nil)
  }

  @Test func aWideNodeIsAggregated() {
    var recording = Recording()
    let thread = ThreadSamples(name: "MainThread", identifier: 1)
    let file = recording.intern("/app/wide.py")
    var stacks: [StackID] = []
    for line in 1...20_000 as ClosedRange<UInt32> {
      let name = recording.intern("f")
      let function = recording.intern(Function(name: name, qualifiedName: name, file: file, firstLine: line))
      let frame = recording.intern(Frame(function: function, line: line))
      stacks.append(recording.intern(parent: .empty, frame: frame))
    }
    for _ in 0..<3 {
      for stack in stacks { thread.append(Sample(stack: stack, wallTime: 1.ms)) }
    }
    var tree = CallTree(Session(recording, threads: [thread], metadata: SessionMetadata()))
    tree.aggregateRepeatedCalls()
    #expect(tree.selfCheck() == nil)
    #expect(tree.root.map { tree.children(of: $0).count } == 20_000)
    #expect(tree.root.map { tree.children(of: $0).allSatisfy { tree.time(of: $0) == 3.ms } } == true)
  }
}
