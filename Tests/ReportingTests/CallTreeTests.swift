import Profile
import TestSupport
import Testing

@testable import Reporting

struct CallTreeTests {
  private func tree(_ samples: (String, Int64)..., startStack: String = "") -> CallTree {
    let tree = CallTree(ProfileBuilder.session(samples, startStack: startStack))
    #expect(tree.selfCheck() == nil)
    return tree
  }

  @Test func keepsTheOrderInTime() {
    let tree = tree(("a;b", 1.ms), ("a;b", 2.ms), ("a", 3.ms), ("a;c", 4.ms), ("a;b", 5.ms))
    #expect(
      tree.outline == "MainThread 15 (a 15 (b 3 ([self] 3), [self] 3, c 4 ([self] 4), b 5 ([self] 5)))")
  }

  @Test func mergesRepeatedCallsInTheOrderOfTheFirst() {
    let session = ProfileBuilder.session([
      ("a;b", 1.ms), ("a", 3.ms), ("a;c", 4.ms), ("a;b", 5.ms), ("d", 1.ms), ("a", 1.ms),
    ])
    let tree = CallTree(session, merging: .repeatedCalls)
    #expect(tree.selfCheck() == nil)
    #expect(
      tree.outline
        == "MainThread 15 (a 14 (b 6 ([self] 6), [self] 4, c 4 ([self] 4)), d 1 ([self] 1))")
  }

  @Test func ignoresLines() {
    let tree = tree(("a*3;b*8", 1.ms), ("a*4;b*9", 2.ms))
    #expect(tree.outline == "MainThread 3 (a 3 (b 3 ([self] 3)))")
  }

  @Test func tellsFunctionsApartByFileAndFirstLine() {
    let tree = tree(("f@/a.py:1", 1.ms), ("f@/a.py:2", 2.ms), ("f@/b.py:2", 3.ms))
    #expect(tree.outline == "MainThread 6 (f 1 ([self] 1), f 2 ([self] 2), f 3 ([self] 3))")
  }

  @Test func showsTheClassOfTheLongestTime() {
    #expect(
      tree(("A.run;f", 2.ms), ("B.run;f", 3.ms), ("A.run", 2.ms), ("run", 9.ms)).outline
        == "MainThread 16 (A.run 16 (f 5 ([self] 5), [self] 11))")
    #expect(
      tree(("A.run;f", 2.ms), ("B.run;f", 3.ms)).outline == "MainThread 5 (B.run 5 (f 5 ([self] 5)))")
  }

  @Test func showsTheFirstOfEqualClasses() {
    #expect(tree(("B.run", 2.ms), ("A.run", 2.ms)).outline == "MainThread 4 (B.run 4 ([self] 4))")
  }

  @Test func countsClassesNodeByNode() {
    let tree = tree(("a;A.run", 1.ms), ("b;B.run", 1.ms), ("b;A.run", 3.ms), ("c;run", 1.ms))
    #expect(
      tree.outline
        == "MainThread 6 (a 1 (A.run 1 ([self] 1)), b 4 (A.run 4 ([self] 4)), c 1 (run 1 ([self] 1)))")
  }

  @Test func leavesOutSamplesWithoutTime() {
    #expect(
      tree(("a;start", 0), ("a;b", 5.ms), ("a;c", 0), ("a;b", 1.ms)).outline
        == "MainThread 6 (a 6 (b 6 ([self] 6)))")
    #expect(tree(("a", 0), ("a", 0), ("a;b", 1.ms)).outline == "MainThread 1 (a 1 (b 1 ([self] 1)))")
  }

  @Test func showsStacksEvenWithoutAnyTime() {
    #expect(tree(("a;b", 0), ("a", 0)).outline == "MainThread 0 (a 0 (b 0 ([self] 0), [self] 0))")
  }

  @Test func acceptsOddData() {
    #expect(tree().root == nil)
    #expect(tree(("", 3.ms)).outline == "MainThread 3 ([self] 3)")
    #expect(tree(("a", -2.ms), ("a;b", 5.ms)).outline == "MainThread 3 (a 3 ([self] -2, b 5 ([self] 5)))")
    _ = tree(("a", .max), ("a", .max), ("b", .min))
  }

  @Test func rootTimeIsTheSumOfTheSamples() throws {
    let session = ProfileBuilder.session((1...100).map { ("a;f\($0 % 7)", Int64($0 * 1_000_003)) })
    let tree = CallTree(session)
    let root = try #require(tree.root)
    #expect(tree.time(of: root) == session.threads[0].totalWallTime)
    #expect(tree.time(of: root) == 5050 * 1_000_003)
  }

  @Test func selfTimeLeavesOutCalleesOnly() throws {
    let tree = tree(("a", 3.ms), ("a;b", 4.ms), ("a", 2.ms))
    #expect(tree.selfTime(of: try #require(tree.first(named: "a"))) == 5.ms)
  }

  @Test func trimsTheStemUpToTheStart() {
    #expect(
      tree(("m;run;f", 1.ms), ("m;run;g", 1.ms), startStack: "m;run").outline
        == "run 2 (f 1 ([self] 1), g 1 ([self] 1))")
    // What the start stack doesn't have isn't trimmed, however straight it is.
    #expect(tree(("m;run;f", 1.ms), startStack: "m").outline == "m 1 (run 1 (f 1 ([self] 1)))")
    #expect(
      tree(("m;run;f", 1.ms), startStack: "other").outline == "MainThread 1 (m 1 (run 1 (f 1 ([self] 1))))")
  }

  @Test func stopsTrimmingAtSelfTimeAndBranches() {
    #expect(
      tree(("m;run", 1.ms), ("m", 1.ms), startStack: "m;run").outline == "m 2 (run 1 ([self] 1), [self] 1)")
    #expect(
      tree(("m;run", 1.ms), ("m;exit", 1.ms), startStack: "m;run").outline
        == "m 2 (run 1 ([self] 1), exit 1 ([self] 1))")
    #expect(tree(("m", 1.ms), startStack: "m;run").outline == "m 1 ([self] 1)")
  }

  @Test func keepsTheStemOnDemand() {
    let session = ProfileBuilder.session([("m;run", 1.ms)], startStack: "m;run")
    #expect(CallTree(session, trimmingStem: false).outline == "MainThread 1 (m 1 (run 1 ([self] 1)))")
  }

  @Test func joinsThreadsUnderARoot() {
    var worker = ProfileBuilder(thread: "Worker", identifier: 2)
    worker.add("job", 2.ms)
    let session = Session.combining(ProfileBuilder.session([("m", 1.ms)], startStack: "m"), worker.session())
    #expect(
      CallTree(session).outline == "[root] 3 (MainThread 1 (m 1 ([self] 1)), Worker 2 (job 2 ([self] 2)))")
    let merged = CallTree(Session.combining(session, session), merging: .repeatedCalls)
    #expect(
      merged.outline == "[root] 6 (MainThread 2 (m 2 ([self] 2)), Worker 4 (job 4 ([self] 4)))")
    #expect(CallTree(session, thread: 1).outline == "Worker 2 (job 2 ([self] 2))")
    #expect(CallTree(session, thread: 2).root == nil)
  }

  @Test func threadsWithTheSameFunctionsStayApart() {
    var worker = ProfileBuilder(thread: "Worker", identifier: 2)
    worker.add("f;g", 2.ms)
    let session = Session.combining(ProfileBuilder.session([("f;g", 1.ms)]), worker.session())
    for merging in [CallTree.Merging.consecutiveCalls, .repeatedCalls] {
      let tree = CallTree(session, merging: merging)
      #expect(tree.selfCheck() == nil)
      #expect(
        tree.outline
          == "[root] 3 (MainThread 1 (f 1 (g 1 ([self] 1))), Worker 2 (f 2 (g 2 ([self] 2))))")
    }
  }

  @Test func mergingNodesAppendsTheirChildren() throws {
    var tree = tree(("a;x", 1.ms), ("b", 1.ms), ("a;y", 2.ms), ("a", 1.ms), ("c", 1.ms), ("a;z", 1.ms))
    let calls = tree.children(of: try #require(tree.root)).filter { tree.name(of: $0) == "a" }
    tree.merge(calls[1], into: calls[0])
    tree.merge(calls[2], into: calls[0])
    #expect(tree.selfCheck() == nil)
    #expect(
      tree.outline
        == "MainThread 7 (a 5 (x 1 ([self] 1), y 2 ([self] 2), [self] 1, z 1 ([self] 1)), b 1 ([self] 1), c 1 ([self] 1))"
    )
    // Both links between the joined lists work.
    tree.delete(try #require(tree.first(named: "x")), replacingWith: .children)
    tree.delete(try #require(tree.first(named: "y")), replacingWith: .nothing)
    #expect(tree.selfCheck() == nil)
    #expect(
      tree.outline
        == "MainThread 7 (a 5+2 ([self] 1, [self] 1, z 1 ([self] 1)), b 1 ([self] 1), c 1 ([self] 1))")
  }

  @Test func selfCheckSeesWrongTimesAndLinks() throws {
    let whole = tree(("a;b", 1.ms), ("a;c", 1.ms))
    let b = try #require(whole.first(named: "b"))
    var broken = whole
    broken.times[b.index] += 1
    #expect(broken.selfCheck()?.contains("a: the time is") == true)
    broken = whole
    broken.parents[b.index] = b
    #expect(broken.selfCheck() != nil)
    broken = whole
    broken.nextSiblings[b.index] = b
    #expect(broken.selfCheck() != nil)
  }

  /// Merging at building is the same as aggregating afterwards.
  @Test(arguments: 0..<20) func mergingAgreesWithAggregating(seed: UInt64) {
    var random = RandomWalk(seed: seed)
    let session = random.session(samples: 200, classes: seed % 2 == 0, syntheticLeaves: seed % 3 == 0)
    var ordered = CallTree(session)
    ordered.aggregateRepeatedCalls()
    var merged = CallTree(session, merging: .repeatedCalls)
    merged.aggregateRepeatedCalls()
    #expect(ordered.selfCheck() == nil)
    #expect(merged.selfCheck() == nil)
    #expect(merged.outline == ordered.outline)
  }

  @Test func samplesWithoutAThreadHaveNoPseudoFrame() {
    func trees(_ samples: (String, Int64)...) -> [String] {
      var profile = ProfileBuilder(thread: "", identifier: 0)
      profile.startStack = "m;run"
      for (stack, time) in samples { profile.add(stack, time) }
      let session = profile.session()
      return [CallTree.Merging.consecutiveCalls, .repeatedCalls].map { merging in
        let tree = CallTree(session, merging: merging)
        #expect(tree.selfCheck() == nil)
        return tree.outline
      }
    }
    // Several roots in one thread, as greenlets have them.
    let joined = "[root] 4 (m 3 (a 3 ([self] 3)), hub 1 ([self] 1))"
    #expect(trees(("m;a", 3.ms), ("hub", 1.ms)) == [joined, joined])
    let alone = "run 3 (a 3 ([self] 3))"
    #expect(trees(("m;run;a", 3.ms)) == [alone, alone])
    let elsewhere = "x 3 (run 3 ([self] 3))"
    #expect(trees(("x;run", 3.ms)) == [elsewhere, elsewhere])
    #expect(trees(("", 3.ms)) == ["[self] 3", "[self] 3"])
  }
}
