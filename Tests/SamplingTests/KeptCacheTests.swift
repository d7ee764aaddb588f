import Profile
import TestSupport
import Testing

@testable import Sampling

/// A second recording that goes on with what the first one has learned.
@Suite struct KeptCacheTests {
  static let layouts = FrameDetailTests.layouts

  @Test(arguments: layouts) func whatIsKnownIsNotReadAgain(_ layout: Layout) {
    let image = InterpreterImage(layout)
    for name in ["a", "b", "c"] {
      let frame = image.push(image.code(name: name, variables: ["self"]))
      image.setSlot(0, of: frame, to: image.object(image.type(name: "User")))
    }
    let first = ThreadFixture(image)
    #expect(first.look() == nil)
    let cost = image.memory.readCount
    let second = ThreadFixture(image, after: first)
    #expect(second.look() == nil)
    #expect(second.details == ["User.a", "User.b", "User.c"])
    #expect(image.memory.readCount - cost < cost / 2)
  }

  @Test(arguments: layouts) func whatHasChangedMeanwhileIsNoticedAtTheFirstLook(_ layout: Layout) {
    let image = InterpreterImage(layout)
    let code = image.code(name: "old", variables: ["self"])
    let type = image.type(name: "Old")
    let frame = image.push(code)
    image.setSlot(0, of: frame, to: image.object(type))
    let first = ThreadFixture(image)
    // So often that both count as old.
    for _ in 0..<500 { #expect(first.look() == nil) }
    image.memory.store(image.string("new"), at: code + UInt64(layout.codeName))
    if let offset = layout.interpreterCodeGeneration {
      image.memory.store(UInt64(1), at: InterpreterImage.interpreterState + UInt64(offset))
    }
    image.rename(type, "New")
    let second = ThreadFixture(image, after: first)
    #expect(second.look() == nil)
    #expect(second.details == ["New.new"])
  }

  @Test func aRecordingHoldsNamesThatItSawOnly() {
    let image = InterpreterImage(.cpython312)
    image.push(image.code(name: "first"))
    let first = ThreadFixture(image)
    #expect(first.look() == nil)
    #expect(first.stack == ["first"])
    image.pop()
    image.push(image.code(name: "second"))
    let second = ThreadFixture(image, after: first)
    #expect(second.look() == nil)
    #expect(second.stack == ["second"])
    let tables = second.recording
    let strings = (0..<tables.pointee.recording.strings.count).map {
      tables.pointee.recording.strings[StringID(index: $0)]
    }
    #expect(strings.contains("second"))
    #expect(!strings.contains("first"))
    #expect(tables.pointee.recording.functions.count == 1)
  }
}
