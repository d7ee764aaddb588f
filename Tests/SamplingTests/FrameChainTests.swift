import TestSupport
import Testing

@testable import Sampling

/// Walking made-up stacks, as each version lays them out.
@Suite struct FrameChainTests {
  static let layouts = [Layout.cpython311, .cpython312, .made313, .made314, .made315]

  @Test(arguments: layouts) func aPlainStack(_ layout: Layout) {
    let image = InterpreterImage(layout)
    for name in ["<module>", "main", "load"] { image.push(image.code(name: name)) }
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    #expect(fixture.stack == ["<module>", "main", "load"])
  }

  @Test(arguments: layouts) func generatorsAndChunks(_ layout: Layout) {
    let image = InterpreterImage(layout)
    image.push(image.code(name: "<module>"))
    image.pushGenerator(image.code(name: "produce"))
    image.pushChunk(at: 0x1100_0000)
    image.push(image.code(name: "parse"))
    image.pushChunk(at: 0x1200_0000)
    image.push(image.code(name: "leaf"))
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    #expect(fixture.stack == ["<module>", "produce", "parse", "leaf"])
  }

  @Test(arguments: [Layout.cpython312, .made313, .made314, .made315]) func marksOfTheCStackAreNoFrames(
    _ layout: Layout
  ) {
    let image = InterpreterImage(layout)
    image.pushShim()
    image.push(image.code(name: "<module>"))
    image.pushShim()
    image.push(image.code(name: "key"))
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    #expect(fixture.stack == ["<module>", "key"])
  }

  @Test func linesComeFromTheLineTable() {
    let image = InterpreterImage(.cpython312)
    // Line 7 for unit 0, line 8 from unit 1 on.
    let code = image.code(name: "f", firstLine: 7, lineTable: [0x80, 0x00, 0xDF, 0x00, 0x00])
    let frame = image.push(code, unit: 0)
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    #expect(fixture.stack == ["f:7"])
    image.setUnit(3, of: frame, code: code)
    #expect(fixture.look() == nil)
    #expect(fixture.stack == ["f:8"])
    // 3.11 and 3.12 point one unit before the first until the frame has begun.
    image.setUnit(-1, of: frame, code: code)
    #expect(fixture.look() == nil)
    #expect(fixture.stack == [])
  }

  /// What the interpreter itself hides: frames that are being set up, and the one that 3.12 and 3.13 put between a
  /// specialised call of a class and `__init__`.
  @Test(arguments: layouts) func framesThatHaveYetToBeginAreLeftOut(_ layout: Layout) {
    let image = InterpreterImage(layout)
    image.push(image.code(name: "<module>"))
    let cleanup = image.code(name: "__init__", file: "__init__", firstLine: 0, units: 8)
    image.memory.store(Int32(4), at: cleanup + UInt64(layout.codeFirstTraceable))
    image.push(cleanup, unit: 1)
    let maker = image.code(name: "__init__")
    image.memory.store(Int32(2), at: maker + UInt64(layout.codeFirstTraceable))
    image.push(maker, unit: 2)
    let generator = image.code(name: "generate")
    image.memory.store(Int32(3), at: generator + UInt64(layout.codeFirstTraceable))
    image.pushGenerator(generator, unit: 1)
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    #expect(fixture.stack == ["<module>", "__init__", "generate"])
    #expect(fixture.look() == nil)
    #expect(fixture.stack == ["<module>", "__init__", "generate"])
  }

  @Test func aThreadWithoutFramesHasAnEmptyStack() {
    let fixture = ThreadFixture(InterpreterImage(.made313))
    #expect(fixture.look() == nil)
    #expect(fixture.stack == [])
  }

  @Test func aLookAtWhatIsKnownIsOneRead() {
    let image = InterpreterImage(.cpython312)
    image.push(image.code(name: "<module>"))
    image.pushShim()
    image.pushGenerator(image.code(name: "produce"))
    image.push(image.code(name: "leaf"))
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    // The second one compares the code, too, which is new.
    #expect(fixture.look() == nil)
    let before = image.memory.readCount
    #expect(fixture.look() == nil)
    #expect(image.memory.readCount == before + 1)
  }

  @Test func chainsThatCannotBeAreNotBelieved() {
    func fault(_ spoil: (InterpreterImage, _ frame: UInt64, _ code: UInt64) -> Void) -> FrameChain.Fault? {
      let image = InterpreterImage(.cpython312)
      image.push(image.code(name: "<module>"))
      let code = image.code(name: "leaf")
      let frame = image.push(code)
      spoil(image, frame, code)
      return ThreadFixture(image).look()
    }
    #expect(fault { _, _, _ in } == nil)
    #expect(fault { image, frame, _ in image.memory.store(UInt64(0), at: frame + 8) } == .badRoot)
    #expect(fault { image, frame, _ in image.memory.store(frame, at: frame + 8) } == .circular)
    #expect(fault { image, frame, _ in image.memory.store(frame + 3, at: frame + 8) } == .misaligned)
    #expect(
      fault { image, frame, _ in image.memory.store(UInt64(0xDEAD_0000), at: frame + 8) } == .unreadable)
    #expect(fault { image, frame, _ in image.memory.store(UInt8(2), at: frame + 70) } == .badOwner)
    #expect(fault { image, frame, _ in image.memory.store(UInt64(0x3000_0008), at: frame) } == .badCode)
    #expect(fault { image, frame, _ in image.memory.store(UInt64(1), at: frame) } == .badCode)
    #expect(fault { image, frame, code in image.setUnit(32, of: frame, code: code) } == .badInstruction)
    #expect(fault { image, frame, code in image.setUnit(-2, of: frame, code: code) } == .badInstruction)
    #expect(fault { image, _, code in image.memory.store(UInt64(0), at: code + 16) } == .badCode)
  }

  @Test func aRootThatWasSeenAtTheStartIsKnown() {
    let image = InterpreterImage(.cpython312)
    let frame = image.pushGenerator(image.code(name: "detached"))
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == .badRoot)
    fixture.thread.pointee.knownRoot = frame
    #expect(fixture.look() == nil)
  }

  @Test func aStackWithoutTheMarkOf315IsAGreenlets() {
    let image = InterpreterImage(.made315)
    for name in ["<module>", "main"] { image.push(image.code(name: name)) }
    let fixture = ThreadFixture(image)
    // A greenlet's outermost frame has no caller, and stands where a stack begins.
    image.memory.store(UInt64(0), at: image.frames[0] + 8)
    #expect(fixture.look() == nil)
    #expect(fixture.stack == ["<module>", "main"])
    image.memory.store(UInt64(0), at: image.frames[1] + 8)
    #expect(fixture.look() == .badRoot)
  }

  @Test func anAddressThatHoldsAnotherCodeObjectIsNoticed() {
    let image = InterpreterImage(.cpython312)
    let code = image.code(name: "old")
    image.push(code)
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    #expect(fixture.stack == ["old"])
    image.memory.store(image.string("new"), at: code + UInt64(image.layout.codeName))
    // One that was new a look ago may be gone as soon.
    #expect(fixture.look() == nil)
    #expect(fixture.stack == ["new"])
    // One that has stayed for long isn't looked at each time.
    for _ in 0..<100 { #expect(fixture.look() == nil) }
    image.memory.store(image.string("newest"), at: code + UInt64(image.layout.codeName))
    for _ in 0..<RecheckSchedule.longestWait { #expect(fixture.look() == nil) }
    #expect(fixture.stack == ["newest"])
  }

  @Test func framesThatAreNotTheProgramsAreLeftOut() {
    let image = InterpreterImage(.cpython312)
    image.push(image.code(name: "<module>", file: "/bin/spinetail"))
    image.push(image.code(name: "run", file: "/lib/spinetail/target.py"))
    image.push(image.code(name: "_run_code", file: "<frozen runpy>"))
    image.push(image.code(name: "<module>"))
    image.push(image.code(name: "start", file: "/lib/spinetail/profiler.py"))
    image.push(image.code(name: "callback"))
    image.push(image.code(name: "run_path", file: "<frozen runpy>"))
    let own = OwnCode(folder: "/lib/spinetail", stemFile: "<frozen runpy>", stemFrames: 2)
    let fixture = ThreadFixture(image, own: own)
    #expect(fixture.look() == nil)
    #expect(fixture.stack == ["<module>", "callback", "run_path"])
    // The part that stays is taken over from the look before.
    image.pop()
    image.push(image.code(name: "other"))
    #expect(fixture.look() == nil)
    #expect(fixture.stack == ["<module>", "callback", "other"])
  }

  @Test func aFolderOfOursIsNoPrefixOfOthers() {
    let image = InterpreterImage(.cpython312)
    image.push(image.code(name: "theirs", file: "/lib/spinetail_plugin/main.py"))
    let fixture = ThreadFixture(image, own: OwnCode(folder: "/lib/spinetail"))
    #expect(fixture.look() == nil)
    #expect(fixture.stack == ["theirs"])
  }

  /// Damage at random: whatever the bytes, a look ends, with or without a stack.
  @Test(arguments: layouts) func damagedMemoryNeverTraps(_ layout: Layout) {
    let image = InterpreterImage(layout)
    image.push(image.code(name: "<module>", lineTable: [0x80, 0x00, 0xD8, 0x08, 0x09]))
    if layout.minor > 11 { image.pushShim() }
    image.pushGenerator(image.code(name: "produce"))
    image.pushChunk(at: 0x1100_0000)
    image.push(image.code(name: "leaf"))
    var random = SystemRandomNumberGenerator()
    var believed = 0
    for _ in 0..<400 {
      let memory = image.memory.copy()
      let fixture = ThreadFixture(image, memory: memory)
      for round in 0..<4 {
        for _ in 0..<(round * 30) {
          memory.damage(
            byte: interestingByte(&random, image), with: UInt8.random(in: 0...255, using: &random))
        }
        if fixture.look() == nil { believed += 1 }
        _ = fixture.stack
      }
    }
    #expect(believed >= 400)
  }

  /// Mostly bytes of the few structures that a walk reads.
  private func interestingByte(_ random: inout SystemRandomNumberGenerator, _ image: InterpreterImage)
    -> UInt64
  {
    let starts: [UInt64] = [0, 1024 + 4096, 1024 + 4096 + 16384, 1024 + 4096 + 16384 + 0x10000]
    return starts.randomElement(using: &random).map { $0 + UInt64.random(in: 0..<1500, using: &random) } ?? 0
  }
}
