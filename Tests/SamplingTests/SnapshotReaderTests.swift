import Profile
import TestSupport
import Testing

@testable import Sampling

/// A thread that looks as a script says.
private struct ScriptedObserver: Observer {
  var processor: Int32 = 3
  var stays = true
  mutating func begin() {}
  mutating func end() -> Bool { stays }
}

/// Which looks are believed.
@Suite struct SnapshotReaderTests {
  let image = InterpreterImage(.cpython312)
  let fixture: ThreadFixture
  let main: UInt64
  let leaf: UInt64

  init() {
    main = image.code(name: "<module>")
    leaf = image.code(name: "leaf")
    image.push(main)
    image.push(leaf)
    fixture = ThreadFixture(image)
    setProcessor(3)
  }

  /// Where glibc's area says that the target is: offset 256 from its thread pointer, `cpu_id` at 4.
  private func setProcessor(_ number: Int32) {
    image.memory.store(number, at: InterpreterImage.threadPointer + 256 + 4)
  }

  private func look(_ observer: ScriptedObserver = ScriptedObserver()) -> String {
    var reader = SnapshotReader<RecordedMemory.Reader>()
    var observer = observer
    let outcome = reader.look(at: fixture.recording, observer: &observer)
    if case .accepted = outcome { return "accepted" }
    return "\(outcome)"
  }

  private func lookFromElsewhere(_ reader: inout SnapshotReader<RecordedMemory.Reader>) -> SampleState? {
    if case .accepted(let state, _) = reader.lookFromElsewhere(at: fixture.recording) { return state }
    return nil
  }

  @Test func aLookFromTheTargetsProcessorIsAccepted() {
    #expect(look() == "accepted")
    #expect(fixture.stack == ["<module>", "leaf"])
  }

  @Test func aTargetElsewhereIsFollowed() {
    setProcessor(1)
    #expect(look() == "elsewhere(processor: 1)")
  }

  @Test func aTargetThatMovesMeanwhileIsNotBelieved() {
    // The first look learns the code objects, with reads after the batch; the target leaves before the last of them.
    image.memory.beforeRead = { memory, count in
      if count == 3 { memory.store(Int32(0), at: InterpreterImage.threadPointer + 256 + 4) }
    }
    #expect(look() == "elsewhere(processor: 0)")
  }

  // As processors do that don't keep loads in order: a read for the CPU, one for the frames, one for the CPU.
  @Test func oneCallIsNotTrustedWhereLoadsAreNotOrdered() {
    var reader = SnapshotReader<RecordedMemory.Reader>(readsAtOnce: false)
    var observer = ScriptedObserver()
    for _ in 0..<2 {
      guard case .accepted = reader.look(at: fixture.recording, observer: &observer) else {
        Issue.record("not accepted")
        return
      }
    }
    #expect(fixture.stack == ["<module>", "leaf"])
    var reads = 0
    image.memory.beforeRead = { memory, _ in
      reads += 1
      if reads == 3 { memory.store(Int32(0), at: InterpreterImage.threadPointer + 256 + 4) }
    }
    let outcome = reader.look(at: fixture.recording, observer: &observer)
    #expect("\(outcome)" == "elsewhere(processor: 0)")
    #expect(reads == 3)
  }

  @Test func aSamplerThatWasTakenOffItsProcessorIsNotBelieved() {
    #expect(look(ScriptedObserver(stays: false)) == "moved")
  }

  @Test func aTargetBetweenTwoStoresIsBroken() {
    image.memory.store(UInt64(0), at: image.frames[1] + 8)
    #expect(look() == "broken")
    image.memory.store(image.frames[0], at: image.frames[1] + 8)
    #expect(look() == "accepted")
  }

  @Test func aThreadWhoseStateIsAnotherThreadsHasEnded() {
    #expect(look() == "accepted")
    image.memory.store(
      UInt64(4243), at: InterpreterImage.threadState + UInt64(image.layout.threadNativeIdentifier))
    #expect(look() == "ended")
  }

  @Test func aThreadWhoseStateIsGoneHasEnded() {
    image.memory.unmap(InterpreterImage.threadState)
    #expect(look() == "ended")
  }

  @Test func aChunkThatIsGoneCostsOnlyItsMemory() {
    image.pushChunk(at: 0x1100_0000)
    image.push(image.code(name: "deep"))
    #expect(look() == "accepted")
    // The stack unwinds and the chunk is unmapped: the batch comes back short.
    image.memory.unmap(0x1100_0000)
    image.memory.store(
      InterpreterImage.rootChunk, at: InterpreterImage.threadState + UInt64(image.layout.threadDataStackChunk)
    )
    image.memory.store(
      InterpreterImage.rootChunk + 500,
      at: InterpreterImage.threadState + UInt64(image.layout.threadDataStackChunk) + 8)
    image.memory.store(image.frames[1], at: InterpreterImage.cStack + 64)
    #expect(look() == "accepted")
    #expect(fixture.stack == ["<module>", "leaf"])
  }

  @Test func fromElsewhereTwoEqualWalksAreBelieved() {
    var reader = SnapshotReader<RecordedMemory.Reader>()
    #expect(lookFromElsewhere(&reader) == .unfollowed)
    #expect(fixture.stack == ["<module>", "leaf"])
  }

  @Test func fromElsewhereTheSharedPartOfAMovingStackIsKept() {
    let codes = [leaf, image.code(name: "second"), image.code(name: "third")]
    let frame = image.frames[1]
    for code in codes {
      image.memory.store(code, at: frame)
      image.setUnit(1, of: frame, code: code)
      #expect(fixture.look() == nil)
    }
    // A look is one read now, or two where code objects are compared: never three, so no two looks in a row agree.
    image.memory.beforeRead = { [image] memory, count in
      let code = codes[count % 3]
      memory.store(code, at: frame)
      image.setUnit(count % 7, of: frame, code: code)
    }
    var reader = SnapshotReader<RecordedMemory.Reader>()
    #expect(lookFromElsewhere(&reader) == .truncated)
    #expect(fixture.stack == ["<module>"])
  }

  @Test func fromElsewhereNothingIsGuessed() {
    image.memory.store(UInt64(0), at: image.frames[1] + 8)
    var reader = SnapshotReader<RecordedMemory.Reader>()
    #expect(lookFromElsewhere(&reader) == .truncated)
    #expect(fixture.stack == [])
  }

  @Test func timeBelongsToTheStackThatWasSeenAtItsEnd() {
    #expect(look() == "accepted")
    let start = monotonicNow() + 1_000_000
    fixture.recording.pointee.open(at: start)
    image.pop()
    #expect(fixture.look() == nil)
    fixture.recording.pointee.record(nil, .heldGIL, at: start + 700)
    fixture.recording.pointee.close(at: start + 1000, starterIsRead: false)
    let samples = fixture.samples(of: image).suffix(3)
    #expect(samples.map(\.time) == [0, 700, 300])
    #expect(samples.map(\.stack) == ["<module>;leaf", "<module>", "<module>"])
  }
}
