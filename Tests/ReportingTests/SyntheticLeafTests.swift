import Profile
import TestSupport
import Testing

@testable import Reporting

/// `[await]` and `[out-of-context]`, and the C functions that stand on top of stacks: what the reports of the
/// reference show for the same samples is the measure.
struct SyntheticLeafTests {
  private let files = [
    "run": "/usr/lib/python3.11/asyncio/base.py", "once": "/usr/lib/python3.11/asyncio/base.py",
    "select": "/usr/lib/python3.11/selectors.py", "sleep": "/usr/lib/python3.11/asyncio/tasks.py",
  ]

  private func session(_ samples: [(String, Int64)]) -> Session {
    var metadata = SessionMetadata()
    metadata.sysPath = ["/app", "/usr/lib/python3.11"]
    metadata.sysPrefixes = ["/usr"]
    metadata.targetDescription = "Program: program.py"
    return ProfileBuilder.session(samples, startStack: "main", files: files, metadata: metadata)
  }

  private func tree(
    _ samples: (String, Int64)..., merging: CallTree.Merging = .consecutiveCalls
  ) -> CallTree {
    let tree = CallTree(session(samples), merging: merging)
    #expect(tree.selfCheck() == nil)
    return tree
  }

  /// The report without the header.
  private func report(_ samples: [(String, Int64)], showAll: Bool = false) -> String {
    let report = TextRenderer(showAll: showAll).render(session(samples), version: "1")
    guard let start = report.firstRange(of: "Program: program.py\n\n") else { return "no header" }
    return String(report[start.upperBound...])
  }

  // MARK: The tree

  @Test func theirTimeIsTheirOwn() {
    let samples: [(String, Int64)] = [
      ("main;a;[await]", 2.ms), ("main;a;[await]", 1.ms), ("main;a", 4.ms), ("main;a;[await]", 5.ms),
      ("main;[out-of-context]", 6.ms),
    ]
    #expect(
      CallTree(session(samples)).outline
        == "main 18 (a 12 ([await] 3, [self] 4, [await] 5), [out-of-context] 6)")
    let merged = CallTree(session(samples), merging: .repeatedCalls)
    #expect(merged.selfCheck() == nil)
    #expect(merged.outline == "main 18 (a 12 ([await] 8, [self] 4), [out-of-context] 6)")
  }

  @Test func theyStandBelowTheThread() {
    #expect(tree(("[await]", 2.ms), ("main", 1.ms)).outline == "MainThread 3 ([await] 2, main 1 ([self] 1))")
  }

  @Test func theyDoNotTellClassesApart() {
    for merging in [CallTree.Merging.consecutiveCalls, .repeatedCalls] {
      let tree = tree(
        ("main;A.run;[await]", 2.ms), ("main;B.run;[await]", 3.ms), ("main;B.run;[out-of-context]", 1.ms),
        merging: merging)
      #expect(tree.outline == "main 6 (B.run 6 ([await] 5, [out-of-context] 1))")
    }
  }

  @Test func theyHaveNoFileLineOrClass() throws {
    let tree = tree(("main;a@/app/a.py:7;[await]", 2.ms), ("main;a@/app/a.py:7;[out-of-context]", 2.ms))
    let application = tree.applicationCode()
    for (name, kind) in [("[await]", NodeIdentity.Kind.await), ("[out-of-context]", .outOfContext)] {
      let leaf = try #require(tree.first(named: name))
      #expect(tree.identity(of: leaf).kind == kind)
      #expect(tree.identity(of: leaf).isSynthetic)
      #expect(tree.identity(of: leaf).isSyntheticLeaf)
      #expect(tree.identity(of: leaf).function == nil)
      #expect(tree.file(of: leaf) == "")
      #expect(tree.shortPath(of: leaf) == "a.py")
      #expect(tree.line(of: leaf) == 0)
      #expect(tree.className(of: leaf) == .empty)
      #expect(!application[leaf.index])
      #expect(tree.children(of: leaf).isEmpty)
    }
  }

  @Test func aRootIsNoLeaf() {
    #expect(NodeIdentity.root.isSynthetic)
    #expect(!NodeIdentity.root.isSyntheticLeaf)
    #expect(NodeIdentity.selfTime.isSyntheticLeaf)
    #expect(!NodeIdentity.thread(0).isSyntheticLeaf)
  }

  @Test func waitingIsSelfTimeOfItsParent() throws {
    let tree = tree(("main;a;[await]", 2.ms), ("main;a;len@<built-in>", 3.ms), ("main;a", 4.ms))
    #expect(tree.selfTime(of: try #require(tree.first(named: "a"))) == 6.ms)
    #expect(tree.selfTime(of: try #require(tree.first(named: "[await]"))) == 2.ms)
  }

  @Test func awaitTimeIsThatOfAllBelow() throws {
    let tree = tree(
      ("main;a;[await]", 1.ms), ("main;a;b;[await]", 2.ms), ("main;a;b", 4.ms), ("main;c", 8.ms),
      ("main;a;[out-of-context]", 16.ms), ("main;[await]", 32.ms), ("main;a;b;[await]", 64.ms))
    let times = tree.awaitTimes()
    #expect(times.count == tree.nodeCapacity)
    let expected = [
      ("main", 99), ("a", 3), ("b", 2), ("c", 0), ("[await]", 1), ("[out-of-context]", 0), ("[self]", 0),
    ]
    for (name, time) in expected {
      let node = try #require(tree.first(named: name))
      #expect(tree.awaitTime(of: node) == time.ms, "\(name)")
      #expect(times[node.index] == time.ms, "\(name)")
    }
    let last = tree.children(of: try #require(tree.root)).last
    #expect(last.map { tree.awaitTime(of: $0) } == 64.ms)
  }

  @Test func awaitTimesOfATreeWithoutNodes() {
    #expect(tree().awaitTimes().allSatisfy { $0 == 0 })
  }

  /// Both ways to sum agree, after any processor.
  @Test(arguments: 0..<10) func awaitTimesAgree(seed: UInt64) {
    var random = RandomWalk(seed: seed)
    var tree = CallTree(random.session(samples: 200, syntheticLeaves: true))
    for processor in Processor.standard() {
      processor.process(&tree)
      let times = tree.awaitTimes()
      var node = tree.root ?? .null
      while node != .null {
        #expect(tree.awaitTime(of: node) == times[node.index])
        node = tree.nextInPreorder(after: node)
      }
    }
  }

  // MARK: Odd data

  @Test func whatStandsOnALeafCountsAsTheLeaf() {
    #expect(
      tree(("main;[await];a;b", 1.ms), ("main;[await]", 2.ms), ("main;[await];[out-of-context]", 4.ms))
        .outline == "main 7 ([await] 7)")
  }

  @Test func aFunctionNamedLikeALeafIsAFunction() {
    // The same row of the function table, with and without the flag: first without classes, then with one.
    #expect(
      tree(("main;[await]", 1.ms), ("main;[await]@:0*0;a", 2.ms)).outline
        == "main 3 ([await] 1, [await] 2 (a 2 ([self] 2)))")
    let samples: [(String, Int64)] = [
      ("main;[await]", 1.ms), ("main;[await]@:0*0;a", 2.ms), ("main;K.[await]@:0*0", 4.ms),
    ]
    let outline = "main 7 ([await] 1, K.[await] 6 (a 2 ([self] 2), [self] 4))"
    #expect(session(samples).functions.count == 3)
    #expect(CallTree(session(samples)).outline == outline)
    #expect(CallTree(session(samples), merging: .repeatedCalls).outline == outline)
  }

  @Test func aLeafIsNeverTheRoot() {
    // Not of a stem, and not of a thread that did nothing else.
    let session = ProfileBuilder.session([("[await]", 2.ms)], startStack: "[await]")
    #expect(CallTree(session).outline == "MainThread 2 ([await] 2)")
    #expect(report([("[await]", 200.ms)]) == "0.200 MainThread  <thread>:1\n`- 0.200 [await]  <thread>\n\n")
    #expect(
      report([("[out-of-context]", 3.ms), ("main", 197.ms)]) == "0.200 main  program.py:1\n\n")
  }

  @Test func selfCheckSeesChildrenOfLeaves() throws {
    var tree = tree(("main;[await]", 1.ms))
    _ = tree.append(.function(FunctionID(rawValue: 0)), to: try #require(tree.first(named: "[await]")))
    #expect(tree.selfCheck()?.hasSuffix("[await]: a leaf has children") == true)
  }

  // MARK: Processors

  @Test func onlyAnOnlySelfTimeIsUnnecessary() {
    var tree = tree(
      ("main;a;[await]", 1.ms), ("main;len@<built-in>", 2.ms), ("main;b;[out-of-context]", 3.ms),
      ("main;c;len@<built-in>", 4.ms), ("main;c", 5.ms))
    #expect(
      tree.outline
        == "main 15 (a 1 ([await] 1), len 2 ([self] 2), b 3 ([out-of-context] 3), c 9 (len 4 ([self] 4), [self] 5))"
    )
    tree.removeUnnecessarySelfTimeNodes()
    #expect(tree.selfCheck() == nil)
    #expect(
      tree.outline
        == "main 15 (a 1 ([await] 1), len 2+2, b 3 ([out-of-context] 3), c 9 (len 4+4, [self] 5))")
  }

  @Test func hiddenFramesLeaveTheirLeavesToTheirCaller() {
    var tree = tree(
      ("main;h!;[await]", 1.ms), ("main;[await]", 2.ms), ("main;h!;len@<built-in>", 3.ms),
      ("main;len@<built-in>", 3.ms), ("main;h!", 1.ms))
    tree.removeTracebackHide()
    tree.mergeConsecutiveSelfTime()
    tree.removeUnnecessarySelfTimeNodes()
    // In time order, only `[self]` nodes are joined.
    #expect(tree.outline == "main 10 ([await] 1, [await] 2, len 3+3, len 3+3, [self] 1)")
    tree.aggregateRepeatedCalls()
    #expect(tree.outline == "main 10 (len 6+6, [await] 3, [self] 1)")
    #expect(tree.selfCheck() == nil)
  }

  @Test func leavesBelongToTheGroupOfTheirParent() {
    var tree = tree(
      ("main;sleep;[await]", 1.ms), ("main;[await]", 1.ms), ("main;once;[out-of-context]", 1.ms),
      ("main;select;epoll.poll@<built-in>", 1.ms), ("main;len@<built-in>", 1.ms))
    tree.removeUnnecessarySelfTimeNodes()
    tree.groupLibraryFrames()
    #expect(
      tree.groups.map { $0.members.map { tree.name(of: $0) } } == [
        ["sleep", "[await]"], ["once", "[out-of-context]"], ["select", "epoll.poll"],
      ])
  }

  // MARK: Reports

  private let awaiting: [(String, Int64)] = [
    ("main;Client.fetch;[await]", 600.ms), ("main;Client.fetch;list.append@<built-in>", 200.ms),
    ("main;Client.fetch", 100.ms), ("main;Client.fetch;[await]", 50.ms), ("main;[out-of-context]", 50.ms),
  ]

  @Test func leavesHaveTheirParentsPathAndNoLine() {
    let expected = """
      1.000 main  program.py:1
      |- 0.950 Client.fetch  program.py:1
      |  |- 0.650 [await]  program.py
      |  |- 0.200 list.append  <built-in>
      |  `- 0.100 [self]  program.py
      `- 0.050 [out-of-context]  program.py


      """
    #expect(report(awaiting) == expected)
    #expect(report(awaiting, showAll: true) == expected)
  }

  @Test func leavesAreNotColouredAsApplicationCode() {
    let report = TextRenderer(color: true).render(session(awaiting), version: "1")
    let (end, faint) = ("\u{1B}[0m", "\u{1B}[2m")
    #expect(report.contains("\(end) [await]\(end)  \(faint)program.py\(end)\n"))
    #expect(report.contains("\(end) [out-of-context]\(end)  \(faint)program.py\(end)\n"))
    #expect(report.contains("\(end) list.append\(end)  \(faint)<built-in>\(end)\n"))
    #expect(report.contains("\u{1B}[48;5;24m\u{1B}[38;5;15mClient.fetch\(end)"))
  }

  private let eventLoop: [(String, Int64)] = [
    ("main;run;once;select;epoll.poll@<built-in>", 500.ms), ("main;run;once;[await]", 100.ms),
    ("main;run;once;hook", 100.ms), ("main;sleep;[await]", 300.ms),
  ]

  @Test func groupsHideLightLeavesAndShowHeavyOnes() {
    #expect(
      report(eventLoop) == """
        1.000 main  program.py:1
        |- 0.700 run  asyncio/base.py:1
        |     [2 frames hidden]  selectors, asyncio
        |        0.700 once  asyncio/base.py:1
        |        |  0.500 epoll.poll  <built-in>
        |        `- 0.100 hook  program.py:1
        `- 0.300 sleep  asyncio/tasks.py:1
           `- 0.300 [await]  asyncio/tasks.py


        """)
  }

  @Test func showAllShowsLeavesOfLibraries() {
    #expect(
      report(eventLoop, showAll: true) == """
        1.000 main  program.py:1
        |- 0.700 run  asyncio/base.py:1
        |  `- 0.700 once  asyncio/base.py:1
        |     |- 0.500 select  selectors.py:1
        |     |  `- 0.500 epoll.poll  <built-in>
        |     |- 0.100 [await]  asyncio/base.py
        |     `- 0.100 hook  program.py:1
        `- 0.300 sleep  asyncio/tasks.py:1
           `- 0.300 [await]  asyncio/tasks.py


        """)
  }

  @Test func aHiddenFrameIsNotInTheReport() {
    #expect(
      report([
        ("main;h!;[await]", 100.ms), ("main;[await]", 200.ms), ("main;h!;len@<built-in>", 300.ms),
        ("main;len@<built-in>", 300.ms), ("main;h!", 100.ms),
      ]) == """
        1.000 main  program.py:1
        |- 0.600 len  <built-in>
        |- 0.300 [await]  program.py
        `- 0.100 [self]  program.py


        """)
  }

  @Test func theClassOfTheLongestTimeIsShown() {
    #expect(
      report([
        ("main;Inner.get;[await]", 100.ms), ("main;Outer.get;[await]", 300.ms), ("main;get", 500.ms),
        ("main;Meta.make;dict.get@<built-in>", 100.ms),
      ]) == """
        1.000 main  program.py:1
        |- 0.900 Outer.get  program.py:1
        |  |- 0.500 [self]  program.py
        |  `- 0.400 [await]  program.py
        `- 0.100 Meta.make  program.py:1
           `- 0.100 dict.get  <built-in>


        """)
  }
}
