import Profile
import TestSupport
import Testing

@testable import Reporting

/// Groups while the tree is reshaped, and the patterns that decide who is in one.
struct GroupTests {
  private let files = [
    "l1": "/usr/lib/python3.11/l1.py", "l2": "/usr/lib/python3.11/l2.py", "l3": "/usr/lib/python3.11/l3.py",
    "l4": "/usr/lib/python3.11/l4.py",
  ]

  private func tree(_ samples: (String, Int64)...) -> CallTree {
    var tree = CallTree(ProfileBuilder.session(samples, startStack: "main", files: files))
    tree.removeUnnecessarySelfTimeNodes()
    return tree
  }

  private func groups(_ tree: CallTree) -> [[String]] {
    tree.groups.map { $0.members.map { tree.name(of: $0) } }
  }

  private func visibility(_ tree: CallTree, hide: String = "-", show: String = "-")
    -> [ProcessorOptions.Visibility]
  {
    tree.filePaths.map { path in
      let path = String(decoding: path, as: UTF8.self)
      return path.contains(show) ? .show : path.contains(hide) ? .hide : .automatic
    }
  }

  @Test func patternsDecide() {
    let samples: [(String, Int64)] = [("main;a;b;l1;l2;l3", 1.ms)]
    var tree = tree(samples[0])
    tree.groupLibraryFrames(visibility: visibility(tree, hide: "program.py"))
    #expect(groups(tree) == [["a", "b", "l1", "l2", "l3"]])
    tree = self.tree(samples[0])
    tree.groupLibraryFrames(visibility: visibility(tree, hide: "/", show: "l3"))
    #expect(groups(tree) == [["a", "b", "l1", "l2"]])
    tree = self.tree(samples[0])
    tree.groupLibraryFrames(visibility: [])
    #expect(groups(tree) == [["l1", "l2", "l3"]])
  }

  @Test func filesHaveNumbersAndTheFirstAreThoseOfNoFile() {
    let tree = tree(("main;l1", 1.ms), ("main", 1.ms))
    #expect(
      tree.filePaths.map { String(decoding: $0, as: UTF8.self) } == [
        "", "<thread>", "/app/program.py", "/usr/lib/python3.11/l1.py",
      ])
    let own = tree.children(of: tree.root ?? .null)[1]
    #expect(tree.fileNumber(of: own) == SourceFiles.noFile)
    #expect(tree.fileNumber(of: tree.first(named: "l1") ?? own) == 3)
  }

  @Test func membersThatGoLeaveTheGroup() throws {
    var tree = tree(("main;l1;l2;l3;l4", 1.ms), ("main;l1;l3", 2.ms))
    tree.groupLibraryFrames()
    #expect(groups(tree) == [["l1", "l2", "l3", "l4", "l3"]])
    tree.delete(try #require(tree.first(named: "l2")), replacingWith: .children)
    #expect(groups(tree) == [["l1", "l3", "l4", "l3"]])
    // With all that is below it.
    let first = try #require(tree.first(named: "l3"))
    tree.delete(first, replacingWith: .nothing)
    #expect(groups(tree) == [["l1", "l3"]])
    #expect(tree.group(of: first) == nil)
    // A group of one is none.
    tree.delete(try #require(tree.first(named: "l3")), replacingWith: .selfTime)
    #expect(groups(tree) == [[]])
    #expect(tree.first(named: "l1").map { tree.group(of: $0) == nil } == true)
    #expect(tree.outline == "main 3 (l1 3+1 ([self] 2))")
    tree.tidyGroups()
    #expect(groups(tree) == [[]])
  }

  @Test func withoutItsRootAGroupHasNewOnes() throws {
    var tree = tree(("main;l1;l2;l3", 1.ms), ("main;l1;l3;l4", 2.ms), ("main;l1;l4", 3.ms))
    tree.groupLibraryFrames()
    tree.delete(try #require(tree.first(named: "l1")), replacingWith: .children)
    #expect(groups(tree) == [["l2", "l3"], ["l3", "l4"]])
    for group in tree.groups { #expect(tree.group(of: group.root)?.members == group.members) }
    // The third had only itself.
    #expect(tree.children(of: tree.root ?? .null).map { tree.group(of: $0) == nil } == [false, false, true])
  }

  @Test func mergedCallsAreInOneGroup() {
    var tree = tree(("main;l1;l2", 1.ms), ("main;a", 1.ms), ("main;l1;l2;l3", 2.ms))
    tree.groupLibraryFrames()
    #expect(groups(tree) == [["l1", "l2"], ["l1", "l2", "l3"]])
    Processor.aggregateRepeatedCalls.process(&tree)
    #expect(tree.selfCheck() == nil)
    // What came from the second group is below the first one's frames.
    #expect(tree.children(of: tree.root ?? .null).map { tree.name(of: $0) } == ["l1", "a"])
    for group in groups(tree) { #expect(group.count != 1) }
  }

  @Test func groupsThatAreThereStay() throws {
    var tree = tree(("main;a;b;l1;l2;a;l3;l4", 1.ms))
    let a = try #require(tree.first(named: "a"))
    let own = tree.addGroup(root: a)
    tree.join(try #require(tree.first(named: "b")), group: own)
    tree.groupLibraryFrames()
    #expect(groups(tree) == [["a", "b"], ["l1", "l2"], ["l3", "l4"]])
    tree.groupLibraryFrames()
    #expect(groups(tree) == [["a", "b"], ["l1", "l2"], ["l3", "l4"]])
  }

  @Test func whoComesBackCountsOnce() throws {
    var tree = tree(("main;l1;l2;l3", 1.ms))
    tree.groupLibraryFrames()
    let node = try #require(tree.first(named: "l2"))
    tree.leaveGroup(node, isDissolving: true)
    tree.join(node, group: 0)
    tree.tidyGroups()
    #expect(groups(tree).map { $0.sorted() } == [["l1", "l2", "l3"]])
    tree.leaveGroup(node, isDissolving: false)
    tree.leaveGroup(try #require(tree.first(named: "l3")), isDissolving: false)
    #expect(groups(tree) == [["l1"]])
  }
}
