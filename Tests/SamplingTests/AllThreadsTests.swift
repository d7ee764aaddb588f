import Profile
import TestSupport
import Testing

@testable import Sampling

/// A sampler thread on CPU 3 that is never taken off it.
private struct StillObserver: Observer {
  var processor: Int32 = 3
  mutating func begin() {}
  mutating func end() -> Bool { true }
}

/// One look at all threads of a made-up interpreter with a GIL.
@Suite final class AllThreadsTests {
  private let main = InterpreterImage(.cpython312)
  private let worker: InterpreterImage
  private let sleeper: InterpreterImage
  /// `struct _gil_runtime_state`: `last_holder` at 8, `locked` at 16, `switch_number` at 24.
  private let gil = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 16)
  private let fixture: ThreadFixture
  private var reader = SnapshotReader<RecordedMemory.Reader>()
  private var switches: UInt64 = 1

  init() {
    worker = InterpreterImage(besides: main, number: 1)
    sleeper = InterpreterImage(besides: main, number: 2)
    gil.initializeMemory(as: UInt8.self, repeating: 0, count: 64)
    for (image, name) in [(main, "main"), (worker, "work"), (sleeper, "wait")] {
      image.push(image.code(name: name))
      image.memory.store(Int32(3), at: image.threadPointer + 256 + 4)
    }
    InterpreterImage.list([sleeper, worker, main])
    fixture = ThreadFixture(main, scope: .all, gil: GIL(structureAt: gil))
    give(to: main)
  }

  deinit { gil.deallocate() }

  private func give(to image: InterpreterImage) {
    if gil.load(fromByteOffset: 8, as: UInt64.self) != image.threadState { switches += 1 }
    gil.storeBytes(of: image.threadState, toByteOffset: 8, as: UInt64.self)
    gil.storeBytes(of: 1, toByteOffset: 16, as: Int32.self)
    gil.storeBytes(of: switches, toByteOffset: 24, as: UInt64.self)
  }

  private func release() { gil.storeBytes(of: 0, toByteOffset: 16, as: Int32.self) }

  private func look() -> String {
    var observer = StillObserver()
    let outcome = reader.look(at: fixture.recording, observer: &observer)
    if case .accepted = outcome { return "accepted" }
    return "\(outcome)"
  }

  private func stacks(of image: InterpreterImage) -> [String] { fixture.samples(of: image).map(\.stack) }

  /// How many times memory is read by a look.
  private func reads(_ body: () -> Void) -> Int {
    let before = main.memory.readCount
    body()
    return main.memory.readCount - before
  }

  @Test func theFirstLookSeesEveryThread() {
    #expect(look() == "accepted")
    #expect(stacks(of: main) == ["main"])
    #expect(stacks(of: worker) == ["work"])
    #expect(stacks(of: sleeper) == ["wait"])
    #expect(fixture.samples(of: main)[0].state == .heldGIL)
    #expect(fixture.samples(of: worker)[0].state == [])
  }

  @Test func threadsThatDidNotHoldTheGILAreNotReadAgain() {
    #expect(look() == "accepted")
    // Nobody could see this without reading it.
    worker.push(worker.code(name: "unseen"))
    #expect(look() == "accepted")
    #expect(stacks(of: worker) == ["work"])
    #expect(stacks(of: main).count == 2)
  }

  @Test func theTimeOfAThreadThatWasNotReadIsAddedLater() {
    #expect(look() == "accepted")
    for _ in 0..<5 { #expect(look() == "accepted") }
    worker.push(worker.code(name: "deeper"))
    give(to: worker)
    #expect(look() == "accepted")
    fixture.recording.pointee.close(at: monotonicNow(), starterIsRead: false)
    #expect(Array(stacks(of: worker).prefix(2)) == ["work", "work;deeper"])
    // Each thread's time is the recording's.
    let totals = [main, worker, sleeper].map { image in
      fixture.samples(of: image).reduce(0) { $0 + $1.time }
    }
    #expect(totals.allSatisfy { $0 > 0 })
    #expect(Set(totals.map { total in totals.allSatisfy { abs($0 - total) < 50_000_000 } }) == [true])
  }

  @Test func aThreadThatHeldTheGILInBetweenIsReadAgain() {
    #expect(look() == "accepted")
    give(to: worker)
    worker.push(worker.code(name: "deeper"))
    give(to: main)
    #expect(look() == "accepted")
    #expect(stacks(of: worker) == ["work", "work;deeper"])
  }

  @Test func theTargetIsTheHolder() {
    #expect(look() == "accepted")
    give(to: worker)
    main.memory.store(Int32(1), at: worker.threadPointer + 256 + 4)
    #expect(look() == "elsewhere(processor: 1)")
  }

  @Test func whereNobodyHoldsTheGILTheLastHolderIsTheTarget() {
    #expect(look() == "accepted")
    release()
    main.memory.store(Int32(2), at: main.threadPointer + 256 + 4)
    #expect(look() == "elsewhere(processor: 2)")
  }

  @Test func aLookDuringWhichTheGILChangesHandsIsNotBelieved() {
    main.memory.beforeRead = { [self] _, _ in give(to: worker) }
    #expect(look() == "moved")
    main.memory.beforeRead = nil
    #expect(look() == "accepted")
    #expect(stacks(of: worker) == ["work"])
  }

  @Test func aThreadThatBeginsIsFollowed() {
    #expect(look() == "accepted")
    let late = InterpreterImage(besides: main, number: 3)
    late.push(late.code(name: "late"))
    InterpreterImage.list([late, sleeper, worker, main])
    #expect(look() == "accepted")
    #expect(stacks(of: late) == ["late"])
  }

  @Test func aStateThatStillNamesItsMakerIsLeftForLater() {
    #expect(look() == "accepted")
    let late = InterpreterImage(besides: main, number: 3)
    let layout = main.layout
    main.memory.store(main.threadPointer, at: late.threadState + UInt64(layout.threadIdentifier))
    main.memory.store(
      main.identity.nativeIdentifier, at: late.threadState + UInt64(layout.threadNativeIdentifier))
    InterpreterImage.list([late, sleeper, worker, main])
    #expect(look() == "accepted")
    #expect(fixture.recording.pointee.threads.count == 3)
    main.memory.store(late.threadPointer, at: late.threadState + UInt64(layout.threadIdentifier))
    main.memory.store(
      late.identity.nativeIdentifier, at: late.threadState + UInt64(layout.threadNativeIdentifier))
    late.push(late.code(name: "late"))
    #expect(look() == "accepted")
    #expect(stacks(of: late) == ["late"])
    #expect(stacks(of: main).last == "main")
  }

  @Test func aThreadThatIsNotListedAnyMoreKeepsItsSamples() {
    #expect(look() == "accepted")
    InterpreterImage.list([sleeper, main])
    fixture.recording.pointee.isListIncomplete = true
    #expect(look() == "accepted")
    #expect(fixture.recording.pointee.threads.count == 2)
    #expect(stacks(of: worker).first == "work")
  }

  @Test func aBrokenListIsNotFollowed() {
    InterpreterImage.list([worker, main])
    // The list runs into a circle.
    main.memory.store(worker.threadState, at: main.threadState + UInt64(main.layout.threadNext))
    #expect(look() == "moved")
    main.memory.store(UInt64(0x123), at: main.threadState + UInt64(main.layout.threadNext))
    #expect(look() == "moved")
    InterpreterImage.list([worker, main])
    #expect(look() == "accepted")
  }

  @Test func aThreadThatComesBackInABrokenListKeepsItsSamples() {
    #expect(look() == "accepted")
    InterpreterImage.list([sleeper, main])
    fixture.recording.pointee.isListIncomplete = true
    #expect(look() == "accepted")
    // It comes back, and the list runs into a circle behind it.
    InterpreterImage.list([worker, sleeper, main])
    main.memory.store(worker.threadState, at: main.threadState + UInt64(main.layout.threadNext))
    #expect(look() == "moved")
    #expect(stacks(of: worker).first == "work")
    InterpreterImage.list([worker, sleeper, main])
    #expect(look() == "accepted")
    #expect(stacks(of: worker).first == "work")
  }

  @Test func aThreadOfAnotherInterpreterIsFollowedButNotRecorded() {
    #expect(look() == "accepted")
    let stranger = InterpreterImage(besides: main, number: 4)
    main.memory.store(Int32(5), at: stranger.threadPointer + 256 + 4)
    give(to: stranger)
    #expect(look() == "elsewhere(processor: 5)")
    main.memory.store(Int32(3), at: stranger.threadPointer + 256 + 4)
    #expect(look() == "accepted")
    #expect(stacks(of: stranger) == [])
    #expect(fixture.recording.pointee.threads.count == 3)
  }

  @Test func aStackThatMovesCostsOnlyItsOwnLook() {
    #expect(look() == "accepted")
    give(to: worker)
    let frame = worker.push(worker.code(name: "broken"))
    main.memory.store(UInt64(0), at: frame + UInt64(main.layout.framePrevious))
    #expect(look() == "broken")
    if case .accepted(let state, _) = reader.lookFromElsewhere(at: fixture.recording) {
      #expect(state == .truncated)
    } else {
      Issue.record("a beat is never lost")
    }
    #expect(fixture.samples(of: worker).last?.state == [.truncated, .heldGIL])
    // Main was the last holder before: it could be read, and wasn't cut.
    #expect(stacks(of: main).last == "main")
    #expect(fixture.samples(of: main).last?.state == .unfollowed)
  }
}
