import Profile
import Reporting
import TestSupport
import Testing

struct ProcessorTests {
  private func tree(
    _ samples: (String, Int64)..., files: [String: String] = [:], after processors: Processor...
  ) -> CallTree {
    var metadata = SessionMetadata()
    metadata.sysPrefixes = ["/usr"]
    var tree = CallTree(
      ProfileBuilder.session(samples, startStack: "main", files: files, metadata: metadata))
    for processor in processors {
      processor.process(&tree)
      #expect(tree.selfCheck() == nil)
    }
    return tree
  }

  @Test func importMachineryGivesWayToWhatItImports() {
    let files = [
      "find": "<frozen importlib._bootstrap>", "exec": "<frozen importlib._bootstrap_external>",
      "util": "<frozen importlib.util>",
    ]
    let samples: [(String, Int64)] = [
      ("main;a", 1.ms), ("main;find;exec;mod", 2.ms), ("main;find;exec;mod2", 3.ms), ("main;find", 4.ms),
      ("main;util", 1.ms), ("main;z", 5.ms),
    ]
    var tree = CallTree(ProfileBuilder.session(samples, startStack: "main", files: files))
    tree.removeImportlib()
    #expect(tree.selfCheck() == nil)
    #expect(
      tree.outline
        == "main 16 (a 1 ([self] 1), mod 2 ([self] 2), mod2 3 ([self] 3), [self] 4, util 1 ([self] 1), z 5 ([self] 5))"
    )
  }

  @Test func theRootIsNeverRemoved() {
    let frozen = CallTree(
      ProfileBuilder.session(
        [("main;a", 1.ms)], startStack: "main", files: ["main": "<frozen importlib._bootstrap>"]))
    var tree = frozen
    tree.removeImportlib()
    #expect(tree.outline == "main 1 (a 1 ([self] 1))")
    tree = CallTree(ProfileBuilder.session([("main!;a!;b", 1.ms)], startStack: "main!"))
    tree.removeTracebackHide()
    #expect(tree.outline == "main 1 (b 1 ([self] 1))")
  }

  @Test func hiddenFramesGiveWayToTheirChildren() {
    #expect(
      tree(("main;a!;b", 1.ms), ("main;a!", 2.ms), ("main;c", 3.ms), after: .removeTracebackHide).outline
        == "main 6 (b 1 ([self] 1), [self] 2, c 3 ([self] 3))")
  }

  @Test func theAbsorbedTimeOfAHiddenFrameGoesToItsCaller() {
    #expect(
      tree(("main;a!;b", 100.ms), ("main;a!", 1.ms), after: .removeIrrelevantNodes, .removeTracebackHide)
        .outline
        == "main 101+1 (b 100 ([self] 100))")
  }

  @Test func selfTimesSideBySideBecomeOne() {
    #expect(
      tree(
        ("main;a!", 1.ms), ("main", 2.ms), ("main;a!", 3.ms), ("main;b", 1.ms), ("main", 1.ms),
        after: .removeTracebackHide, .mergeConsecutiveSelfTime
      ).outline == "main 8 ([self] 6, b 1 ([self] 1), [self] 1)")
  }

  @Test func repeatedCallsBecomeOneAtEveryLevel() {
    #expect(
      tree(
        ("main;a;x", 1.ms), ("main;b", 2.ms), ("main;a;y", 3.ms), ("main", 1.ms), ("main;a;x", 4.ms),
        after: .aggregateRepeatedCalls
      ).outline == "main 11 (a 8 (x 5 ([self] 5), y 3 ([self] 3)), b 2 ([self] 2), [self] 1)")
  }

  @Test func equalTimesStayInOrder() {
    let names = (0..<40).map { "f\($0)" }
    var samples = names.map { ("main;\($0)", 2.ms) }
    samples.append(("main;last", 3.ms))
    var tree = CallTree(ProfileBuilder.session(samples, startStack: "main"))
    tree.aggregateRepeatedCalls()
    #expect(tree.root.map { tree.children(of: $0).map { tree.name(of: $0) } } == ["last"] + names)
  }

  @Test(arguments: [11, 12, 13, 14, 60]) func manyDifferentCallsBecomeOneEach(count: Int) {
    let names = (0..<count).map { "f\($0)" }
    let samples = (names + names.reversed() + names).map { ("main;\($0)", 1.ms) }
    var tree = CallTree(ProfileBuilder.session(samples, startStack: "main"))
    tree.aggregateRepeatedCalls()
    #expect(tree.selfCheck() == nil)
    #expect(tree.root.map { tree.children(of: $0).map { tree.name(of: $0) } } == names)
    #expect(tree.root.map { tree.children(of: $0).allSatisfy { tree.time(of: $0) == 3.ms } } == true)
  }

  @Test func mergedCallsCountTheirClassesTogether() {
    #expect(
      tree(
        ("main;A.run", 2.ms), ("main;x", 1.ms), ("main;B.run", 3.ms), ("main;x", 1.ms), ("main;A.run", 2.ms),
        after: .aggregateRepeatedCalls
      ).outline == "main 9 (A.run 7 ([self] 7), x 2 ([self] 2))")
  }

  @Test func irrelevantNodesAreAbsorbed() {
    #expect(
      tree(
        ("main;a;b", 9.ms), ("main;a", 1.ms), ("main;a;c;d", 1000.ms), ("main;e", 5.ms),
        after: .removeIrrelevantNodes
      )
      .outline == "main 1015+5 (a 1010+10 (c 1000 (d 1000 ([self] 1000))))")
  }

  @Test func exactlyTheThresholdIsRelevant() {
    #expect(
      tree(("main;a", 1.ms), ("main;b", 99.ms), after: .removeIrrelevantNodes).outline
        == "main 100 (a 1 ([self] 1), b 99 ([self] 99))")
    var tree = tree(("main;a", 1.ms), ("main;b", 99.ms))
    tree.removeIrrelevantNodes(filterThreshold: 0.02)
    #expect(tree.outline == "main 100+1 (b 99 ([self] 99))")
    #expect(self.tree(("main;a", 0), after: .removeIrrelevantNodes).outline == "main 0")
  }

  @Test func onlyChildrenOfSelfTimeAreAbsorbed() {
    #expect(
      tree(("main;a", 1.ms), ("main", 2.ms), ("main;b;c", 3.ms), after: .removeUnnecessarySelfTimeNodes)
        .outline
        == "main 6 (a 1+1, [self] 2, b 3 (c 3+3))")
  }

  /// The names of each group's members.
  private func groups(_ tree: CallTree) -> [[String]] {
    tree.groups.map { $0.members.map { tree.name(of: $0) } }
  }

  private let libraries = [
    "l1": "/usr/lib/python3.11/l1.py", "l2": "/usr/lib/python3.11/l2.py", "l3": "/usr/lib/python3.11/l3.py",
    "text": "<string>",
  ]

  @Test func connectedLibraryFramesAreAGroup() {
    let tree = tree(
      ("main;l1;l2;app;l2;l3", 1.ms), ("main;l1;l3", 1.ms), files: libraries,
      after: .removeUnnecessarySelfTimeNodes, .groupLibraryFrames)
    #expect(groups(tree) == [["l1", "l2", "l3"], ["l2", "l3"]])
    #expect(tree.first(named: "app").map { tree.group(of: $0) == nil } == true)
    #expect(tree.first(named: "l2").flatMap { tree.group(of: $0) }.map { tree.name(of: $0.root) } == "l1")
  }

  @Test func aLoneLibraryFrameIsNoGroup() {
    #expect(
      groups(
        tree(
          ("main;l1;app", 1.ms), files: libraries, after: .removeUnnecessarySelfTimeNodes, .groupLibraryFrames
        )
      )
      .isEmpty)
    // Its own time counts as another frame.
    #expect(
      groups(tree(("main;l1;app", 1.ms), ("main;l1", 1.ms), files: libraries, after: .groupLibraryFrames))
        == [["l1", "[self]"]])
  }

  @Test func theRootIsInNoGroup() {
    let session = ProfileBuilder.session([("l1;l2;l3", 1.ms)], startStack: "l1", files: libraries)
    var tree = CallTree(session)
    tree.removeUnnecessarySelfTimeNodes()
    tree.groupLibraryFrames()
    #expect(groups(tree) == [["l2", "l3"]])
  }

  @Test func codeFromTextIsItsCallers() {
    let tree = tree(
      ("main;l1;text;text", 1.ms), ("main;text;l2", 1.ms), files: libraries,
      after: .removeUnnecessarySelfTimeNodes, .groupLibraryFrames)
    #expect(groups(tree) == [["l1", "text", "text"]])
    // At the bottom of a thread it is the application's.
    let session = ProfileBuilder.session([("text;a", 1.ms), ("text;b", 1.ms)], files: libraries)
    let bottom = CallTree(session)
    #expect(bottom.first(named: "text").map { bottom.applicationCode()[$0.index] } == true)
  }

  @Test func standardOrder() {
    #expect(
      Processor.standard().map(\.rawValue) == [
        "remove_importlib", "remove_tracebackhide", "merge_consecutive_self_time", "aggregate_repeated_calls",
        "remove_irrelevant_nodes", "remove_unnecessary_self_time_nodes",
        "remove_first_pyinstrument_frames_processor", "group_library_frames_processor",
      ])
    #expect(
      Processor.standard(showingAll: true).map(\.rawValue) == [
        "merge_consecutive_self_time", "aggregate_repeated_calls", "remove_unnecessary_self_time_nodes",
        "remove_first_pyinstrument_frames_processor",
      ])
  }

  @Test func emptyTreesStayEmpty() {
    let tree = tree(
      after: .removeImportlib, .removeTracebackHide, .mergeConsecutiveSelfTime, .aggregateRepeatedCalls,
      .removeIrrelevantNodes, .removeUnnecessarySelfTimeNodes, .groupLibraryFrames)
    #expect(tree.root == nil)
  }

  /// All processors in a row keep the root's time and the sums.
  @Test(arguments: 0..<20) func timesStayExact(seed: UInt64) throws {
    var random = RandomWalk(seed: seed)
    var tree = CallTree(random.session(samples: 300, syntheticLeaves: seed % 3 == 0))
    let before = tree.time(of: try #require(tree.root))
    for processor in Processor.standard() {
      processor.process(&tree)
      #expect(tree.selfCheck() == nil)
    }
    #expect(tree.time(of: try #require(tree.root)) == before)
  }
}
