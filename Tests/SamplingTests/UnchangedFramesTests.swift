import Profile
import TestSupport
import Testing

@testable import Sampling

/// Frames that are what they were at the last look aren't looked up again: what must be noticed even so.
@Suite struct UnchangedFramesTests {
  static let layouts = FrameDetailTests.layouts

  /// A deep stack and a look at it.
  private func lookedAt(_ layout: Layout) -> (
    image: InterpreterImage, frames: [UInt64], fixture: ThreadFixture
  ) {
    let image = InterpreterImage(layout)
    let frames = ["a", "b", "c", "d"].map { name in
      image.push(image.code(name: name, variables: ["self"]))
    }
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["a", "b", "c", "d"])
    return (image, frames, fixture)
  }

  @Test(arguments: layouts) func anotherInnermostFrame(_ layout: Layout) {
    let (image, _, fixture) = lookedAt(layout)
    image.pop()
    image.push(image.code(name: "e"))
    image.push(image.code(name: "f"))
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["a", "b", "c", "e", "f"])
    image.pop()
    image.pop()
    image.pop()
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["a", "b"])
  }

  @Test(arguments: layouts) func anotherOutermostFrame(_ layout: Layout) {
    let (image, frames, fixture) = lookedAt(layout)
    let other = image.code(name: "other")
    image.memory.store(other, at: frames[0] + UInt64(layout.frameCode))
    image.memory.store(
      other + UInt64(layout.codeInstructions), at: frames[0] + UInt64(layout.frameInstruction))
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["other", "b", "c", "d"])
  }

  @Test(arguments: layouts) func anotherClassOfAnOuterFrame(_ layout: Layout) {
    let (image, frames, fixture) = lookedAt(layout)
    image.setSlot(0, of: frames[1], to: image.object(image.type(name: "User")))
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["a", "User.b", "c", "d"])
  }

  @Test(arguments: layouts) func whatALookThatFailedSawIsNoBasis(_ layout: Layout) {
    let (image, frames, fixture) = lookedAt(layout)
    let code = image.memory.reader.word(frames[2] + UInt64(layout.frameCode)) ?? 0
    image.memory.store(UInt64(0x10), at: frames[2] + UInt64(layout.frameCode))
    #expect(fixture.look() == .badCode)
    image.memory.store(code, at: frames[2] + UInt64(layout.frameCode))
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["a", "b", "c", "d"])
  }

  @Test(arguments: layouts) func whatWasTruncatedMeanwhileIsNoBasis(_ layout: Layout) throws {
    let (image, _, fixture) = lookedAt(layout)
    var other = FrameChain()
    let reader = fixture.thread.pointee.reader
    other.assign(try #require(reader).pointee.chain)
    fixture.thread.pointee.truncate(toOutermost: 2, of: other)
    #expect(fixture.details == ["a", "b"])
    image.push(image.code(name: "e"))
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["a", "b", "c", "d", "e"])
  }

  @Test(arguments: layouts) func whatBecomesACallerMustBeAbleToCall(_ layout: Layout) {
    let image = InterpreterImage(layout)
    let program = FrameDetailTests.program(layout)
    image.push(image.code(name: "outer"))
    image.push(image.code(name: "caller", units: program.code.count / 2, instructions: program.code), unit: 0)
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    image.push(image.code(name: "leaf"))
    #expect(fixture.look() == .impossibleCaller)
  }

  // MARK: - Code objects that are counted

  @Test func nothingIsComparedUntilACodeObjectIsMade() throws {
    let layout = Layout.made313
    let image = InterpreterImage(layout)
    let counter = InterpreterImage.interpreterState + UInt64(try #require(layout.interpreterNextCodeVersion))
    image.memory.store(UInt32(7), at: counter)
    let code = image.code(name: "old")
    image.push(code)
    let fixture = ThreadFixture(image, countsCode: true)
    #expect(fixture.look() == nil)
    image.memory.store(image.string("new"), at: code + UInt64(layout.codeName))
    for _ in 0..<2 * RecheckSchedule.longestWait { #expect(fixture.look() == nil) }
    #expect(fixture.details == ["old"])
    image.memory.store(UInt32(8), at: counter)
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["new"])
  }

  @Test func aCounterThatHasOverflowedTellsNothing() throws {
    let layout = Layout.made313
    let image = InterpreterImage(layout)
    let code = image.code(name: "old")
    image.push(code)
    let fixture = ThreadFixture(image, countsCode: true)
    #expect(fixture.look() == nil)
    image.memory.store(image.string("new"), at: code + UInt64(layout.codeName))
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["new"])
  }

  @Test func aCodeObjectOfAnotherVersionIsAnother() throws {
    let layout = Layout.cpython312
    let image = InterpreterImage(layout)
    let code = image.code(name: "name")
    let version = code + UInt64(try #require(layout.codeVersion))
    image.memory.store(UInt32(1), at: version)
    image.push(code)
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    let known = fixture.recording.pointee.cache.pointee.objects.count
    #expect(fixture.look() == nil)
    #expect(fixture.recording.pointee.cache.pointee.objects.count == known)
    image.memory.store(UInt32(2), at: version)
    for _ in 0..<2 * RecheckSchedule.longestWait { #expect(fixture.look() == nil) }
    #expect(fixture.recording.pointee.cache.pointee.objects.count == known + 1)
  }

  @Test func aPlaceThatDoesNotCountIsNoCounter() {
    let memory = RecordedMemory()
    memory.store(UInt64(1), at: 0x1000)
    // No interpreter is loaded here that could make a code object.
    #expect(!CodeVersionCounter.isAt(0x1000, memory: memory.reader))
  }
}
