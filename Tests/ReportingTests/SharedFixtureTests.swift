import Foundation
import Profile
import TestSupport
import Testing

@testable import Reporting

/// The report page has processors of its own: `Tests/Fixtures/processors` holds them to the same results.
struct SharedFixtureTests {
  struct Fixture: Decodable {
    struct Step: Decodable {
      let processor: String
      let tree: String
      let groups: [[String]]?
      let folded: [[String]]?
    }

    struct Sample: Decodable {
      let stack: String
      let time: Int

      init(from decoder: any Decoder) throws {
        var row = try decoder.unkeyedContainer()
        stack = try row.decode(String.self)
        time = try row.decode(Int.self)
      }
    }

    let samples: [Sample]
    let files: [String: String]
    let startStack: String
    let sysPath: [String]
    let sysPrefixes: [String]
    let merging: String
    let start: String
    let steps: [Step]
  }

  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures/processors")
  static let names =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".json") }.sorted()

  @Test func thereAreFixtures() { #expect(Self.names.count >= 10) }

  @Test(arguments: names) func processorsMakeTheseTrees(name: String) throws {
    let data = try Data(contentsOf: Self.folder.appendingPathComponent(name))
    let fixture = try JSONDecoder().decode(Fixture.self, from: data)
    var metadata = SessionMetadata()
    metadata.sysPath = fixture.sysPath
    metadata.sysPrefixes = fixture.sysPrefixes
    let session = ProfileBuilder.session(
      fixture.samples.map { ($0.stack, $0.time.ms) }, startStack: fixture.startStack, files: fixture.files,
      metadata: metadata)
    var tree = CallTree(session, merging: fixture.merging == "repeated" ? .repeatedCalls : .consecutiveCalls)
    #expect(tree.outline == fixture.start)
    for step in fixture.steps {
      try #require(Processor(rawValue: step.processor)).process(&tree)
      #expect(tree.outline == step.tree, "\(step.processor)")
      if let groups = step.groups {
        #expect(tree.groups.map { $0.members.map { tree.name(of: $0) } } == groups)
      }
      if let folded = step.folded {
        let hidden = HiddenFrames(tree)
        let names = tree.groups.map { hidden.frames(below: $0.root).map { tree.name(of: $0) } }
        #expect(names.filter { !$0.isEmpty } == folded)
      }
    }
  }
}
