import Profile
import TestSupport
import Testing

@testable import Reporting

/// Nodes that are made by hand, and those that come from other trees.
struct TreeEditingTests {
  private func tree(_ samples: (String, Int64)...) -> CallTree {
    CallTree(ProfileBuilder.session(samples, startStack: "main"), withAttributes: true)
  }

  private func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func attributes(_ tree: CallTree, _ node: NodeID) -> [String] {
    tree.attributes(of: node).map { String(decoding: $0.text, as: UTF8.self) + " \($0.time / 1.ms)" }
  }

  @Test func aNodeMadeByHandIsWhatItsIdentifierSays() {
    var tree = tree(("main;A.run@/app/run.py:7", 5.ms))
    let known = tree.addNode(identifier: utf8("run\0/app/run.py\07"))
    #expect(tree.first(named: "run").map { tree.identity(of: $0) == tree.identity(of: known) } == true)
    let own = tree.addNode(identifier: utf8("[self]"))
    #expect(tree.identity(of: own) == .selfTime)
    let new = tree.addNode(identifier: utf8("new\0/app/lib/new.py\0123"))
    #expect(tree.name(of: new) == "new")
    #expect(tree.file(of: new) == "/app/lib/new.py")
    #expect(tree.line(of: new) == 123)
    #expect(tree.identifier(of: new) == utf8("new\0/app/lib/new.py\0123"))
    #expect(tree.isApplicationCode(new))
    let again = tree.addNode(identifier: tree.identifier(of: new))
    #expect(again != new && tree.identity(of: new) == tree.identity(of: again))
    let thread = tree.addNode(identifier: utf8("MainThread\0<thread>\01"))
    #expect(tree.identity(of: thread).kind == .thread)
  }

  @Test(arguments: [
    "", "\0", "a", "a\0", "a\0b\0", "a\0b\0x", "a\0b\01\0c", "a\0b\0-1", "a\0b\099999999999999999999999",
    "[self", "[root]",
  ])
  func oddIdentifiersAreKept(identifier: String) {
    var tree = tree(("main", 5.ms))
    let node = tree.addNode(identifier: utf8(identifier))
    #expect(tree.identifier(of: node) == utf8(identifier))
    _ = (tree.name(of: node), tree.file(of: node), tree.line(of: node), tree.shortPath(of: node))
  }

  @Test func bytesThatAreNoTextAreKept() {
    var tree = tree(("main", 5.ms))
    let identifier: [UInt8] = [0xED, 0xB3, 0xBF, 0, 0xFF, 0]
    let node = tree.addNode(identifier: identifier)
    #expect(tree.identifier(of: node) == identifier)
  }

  @Test func attachesWhereItIsTold() throws {
    var tree = tree(("main;a", 1.ms), ("main;b", 1.ms))
    let main = try #require(tree.root)
    let a = try #require(tree.first(named: "a"))
    let c = tree.addNode(identifier: utf8("c"))
    tree.attach(c, to: main, after: a)
    #expect(tree.outline == "main 2 (a 1 ([self] 1), c 0, b 1 ([self] 1))")
    tree.detach(c)
    tree.detach(c)
    tree.attach(c, to: main)
    #expect(tree.outline == "main 2 (a 1 ([self] 1), b 1 ([self] 1), c 0)")
    #expect(tree.selfCheck() == nil)
    // Whoever is put above the root becomes it.
    let top = tree.addNode(identifier: utf8("top"))
    tree.attach(main, to: top)
    #expect(tree.outline == "top 0 (main 2 (a 1 ([self] 1), b 1 ([self] 1), c 0))")
  }

  @Test func deletedLeavesKeepTheirTime() throws {
    var tree = tree(("main;a;[await]", 4.ms), ("main;a", 1.ms))
    tree.delete(try #require(tree.first(named: "[await]")), replacingWith: .children)
    #expect(tree.outline == "main 5 (a 5+4 ([self] 1))")
    #expect(tree.selfCheck() == nil)
  }

  @Test func linesAndClassesAreAttributes() throws {
    let tree = tree(
      ("main*3;A.run*8", 1.ms), ("main*4;A.run*9", 2.ms), ("main*4;B.run*9!", 4.ms), ("main*3", 8.ms))
    let run = try #require(tree.first(named: "run"))
    #expect(attributes(tree, run) == ["cA 3", "l8 1", "l9 6", "cB 4", "h1 4"])
    #expect(attributes(tree, try #require(tree.root)) == ["l3 9", "l4 6"])
    #expect(tree.session.strings[tree.className(of: run)] == "B")
    #expect(tree.isHidden(run))
    #expect(attributes(tree, try #require(tree.first(named: "[self]"))) == [])
  }

  @Test(arguments: 0..<10) func attributesDoNotDependOnTheWayOfBuilding(seed: UInt64) {
    var random = RandomWalk(seed: seed)
    let session = random.session(samples: 200, syntheticLeaves: true)
    var plain = CallTree(session)
    var detailed = CallTree(session, withAttributes: true)
    #expect(plain.outline == detailed.outline)
    plain.aggregateRepeatedCalls()
    detailed.aggregateRepeatedCalls()
    #expect(plain.outline == detailed.outline)
    var node = detailed.root ?? .null
    while node != .null {
      // Each frame has a line, so the times of lines are the node's.
      let lines = detailed.attributes(of: node).filter { $0.text.first == UInt8(ascii: "l") }
      if detailed.identity(of: node).kind == .function {
        #expect(lines.reduce(0) { $0 + $1.time } == detailed.time(of: node))
      }
      node = detailed.nextInPreorder(after: node)
    }
  }

  @Test func attributesAddUpWhereNodesMeet() throws {
    var tree = tree(("main;A.run*3", 1.ms), ("main;x", 1.ms), ("main;A.run*3", 4.ms))
    let runs = tree.children(of: try #require(tree.root)).filter { tree.name(of: $0) == "run" }
    tree.record(2.ms, of: runs[1], attributes: [utf8("l5"), utf8("cB"), utf8("zodd"), utf8("l05")])
    #expect(attributes(tree, runs[1]) == ["cA 4", "l3 4", "l5 2", "cB 2", "zodd 2", "l05 2"])
    tree.merge(runs[1], into: runs[0])
    #expect(attributes(tree, runs[0]) == ["cA 5", "l3 5", "l5 2", "cB 2", "zodd 2", "l05 2"])
    #expect(tree.time(of: runs[0]) == 7.ms)
  }

  @Test func nodesMoveWithAllThatIsKnownOfThem() throws {
    var other = tree(
      ("main;B.run@/app/x.py*4", 1.ms),
      ("main;run;l1@/usr/lib/python3.11/l1.py;l2@/usr/lib/python3.11/l2.py", 2.ms),
      ("main;[await]", 3.ms))
    other.groupLibraryFrames()
    let before = other.outline
    var tree = tree(("main;C.run", 1.ms))
    let main = try #require(other.root)
    let attributesBefore = attributes(other, try #require(other.first(named: "run")))
    let move = tree.move(main, from: &other)
    #expect(other.root == nil)
    #expect(move.nodes.first?.from == main)
    #expect(move.nodes.count == 8 && move.groups.count == 1)
    tree.attach(try #require(move.nodes.first?.to), to: try #require(tree.root))
    #expect(tree.outline == "main 1 (C.run 1 ([self] 1), \(before))")
    let moved = move.nodes.map(\.to)
    let run = try #require(moved.first { tree.name(of: $0) == "run" })
    #expect(attributes(tree, run) == attributesBefore)
    #expect(tree.groups.map { $0.members.map { tree.name(of: $0) } } == [["l1", "l2", "[self]"]])
  }

  @Test func aTreeWithoutASessionTakesAllFromElsewhere() throws {
    var other = tree(("main;A.run", 1.ms), ("main;[await]", 3.ms))
    var tree = CallTree(emptyFor: Session(Recording(), threads: [], metadata: SessionMetadata()))
    let move = tree.move(try #require(other.root), from: &other)
    let main = try #require(move.nodes.first?.to)
    let root = tree.withRoot(main) { tree in
      for processor in Processor.allCases { processor.process(&tree) }
      #expect(tree.outline == "main 4 ([await] 3, A.run 1+1)")
    }
    #expect(root == main && tree.root == nil)
    // Paths can be judged by other facts than the session's.
    #expect(tree.shortPath(of: main) == "/app/program.py")
    tree.setPaths(sysPath: ["/app"], sysPrefixes: [])
    #expect(tree.shortPath(of: main) == "program.py")
    #expect(tree.isApplicationCode(main))
  }

  @Test func processorsStayBelowTheirRoot() throws {
    var tree = tree(
      ("main;a;f;x", 1.ms), ("main;a;g", 200.ms), ("main;b;f;x", 1.ms), ("main;b;g", 200.ms))
    let b = try #require(tree.first(named: "b"))
    let root = tree.withRoot(b) { tree in
      for processor in Processor.allCases { processor.process(&tree) }
    }
    #expect(root == b)
    #expect(
      tree.outline
        == "main 402 (a 201 (f 1 (x 1 ([self] 1)), g 200 ([self] 200)), b 201+1 (g 200+200))")
    #expect(tree.selfCheck() == nil)
    #expect(tree.selfCheck(below: b) == nil)
  }

  @Test func selfCheckAllowsForRounding() throws {
    var tree = tree(("main;a", 10.ms), ("main;b", 10.ms))
    let main = try #require(tree.root)
    tree.setTime(of: main, 20.ms + 3)
    #expect(tree.selfCheck(below: main, tolerance: 1) == nil)
    tree.setTime(of: main, 20.ms + 4)
    #expect(tree.selfCheck(below: main, tolerance: 1) != nil)
    let a = try #require(tree.first(named: "a"))
    tree.setTime(of: a, 5.ms)
    tree.setTime(of: main, 15.ms)
    #expect(tree.selfCheck(below: main, isRecursive: false) == nil)
    #expect(tree.selfCheck(below: main) != nil)
  }

  @Test func deepStacksAreNoProblem() throws {
    var recording = Recording()
    let thread = ThreadSamples(name: "MainThread", identifier: 1)
    var stack = StackID.empty
    let file = recording.intern("/usr/lib/python3.11/deep.py")
    for depth in 0..<20_000 {
      let name = recording.intern("f\(depth % 50)")
      let function = recording.intern(Function(name: name, qualifiedName: name, file: file, firstLine: 1))
      stack = recording.intern(
        parent: stack, frame: recording.intern(Frame(function: function, line: UInt32(depth + 1))))
      thread.append(Sample(stack: stack, wallTime: 1000))
    }
    let session = Session(recording, threads: [thread], metadata: SessionMetadata())
    var tree = CallTree(session, withAttributes: true)
    let root = try #require(tree.root)
    #expect(tree.awaitTime(of: root) == 0)
    for processor in Processor.allCases {
      var options = ProcessorOptions()
      options.filterThreshold = 0
      processor.process(&tree, options: options)
      #expect(tree.selfCheck() == nil)
    }
    var other = CallTree(emptyFor: session)
    #expect(other.move(try #require(tree.root), from: &tree).nodes.count > 20_000)
  }
}
