import Profile
import TestSupport
import Testing

@testable import Sampling

/// What a frame tells beside its function and line.
@Suite struct FrameDetailTests {
  static let layouts = [Layout.cpython311, .cpython312, .made313, .made314, .made315]

  // MARK: - Classes

  @Test(arguments: layouts) func theClassOfSelf(_ layout: Layout) {
    let image = InterpreterImage(layout)
    let type = image.type(name: "app.models.User")
    let frame = image.push(image.code(name: "save", variables: ["self", "other"]))
    image.setSlot(0, of: frame, to: image.object(type))
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["User.save"])
  }

  @Test(arguments: layouts) func theClassThatClsIs(_ layout: Layout) {
    let image = InterpreterImage(layout)
    let type = image.type(name: "User")
    let frame = image.push(image.code(name: "make", variables: ["cls"]))
    image.setSlot(0, of: frame, to: type)
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["User.make"])
    // An object that is no class says nothing, whatever its variable is called.
    image.setSlot(0, of: frame, to: image.object(type))
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["make"])
  }

  @Test(arguments: layouts) func aReceiverInACell(_ layout: Layout) {
    let image = InterpreterImage(layout)
    let object = image.object(image.type(name: "User"))
    let frame = image.push(image.code(name: "save", variables: ["self"]))
    image.setSlot(0, of: frame, to: image.cell(holding: object))
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["User.save"])
    image.setSlot(0, of: frame, to: image.cell(holding: 0))
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["save"])
  }

  @Test(arguments: layouts) func whatTellsNoClass(_ layout: Layout) {
    let image = InterpreterImage(layout)
    let object = image.object(image.type(name: "User"))
    let second = image.push(image.code(name: "second", variables: ["a", "self"]))
    image.setSlot(1, of: second, to: object)
    image.push(image.code(name: "unbound", variables: ["self"]))
    let none = image.push(image.code(name: "none", variables: ["self"]))
    image.setSlot(0, of: none, to: InterpreterImage.none)
    let garbage = image.push(image.code(name: "garbage", variables: ["self"]))
    image.setSlot(0, of: garbage, to: 0x1234_5678)
    let text = image.push(image.code(name: "text", variables: ["self"]))
    // Points to something whose "type" is no type.
    image.setSlot(0, of: text, to: image.string("no object of any class"))
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["second", "unbound", "none", "garbage", "text"])
  }

  @Test func aTaggedNumberIsNoObject() {
    let image = InterpreterImage(.made314)
    let frame = image.push(image.code(name: "f", variables: ["self"]))
    image.memory.store(image.object(image.type(name: "User")) | 3, at: frame + 80)
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["f"])
  }

  @Test(arguments: layouts) func anotherObjectInTheSamePlaceIsNoticed(_ layout: Layout) {
    let image = InterpreterImage(layout)
    let first = image.object(image.type(name: "First"))
    let second = image.object(image.type(name: "Second"))
    let frame = image.push(image.code(name: "run", variables: ["self"]))
    image.push(image.code(name: "leaf"))
    image.setSlot(0, of: frame, to: first)
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["First.run", "leaf"])
    image.setSlot(0, of: frame, to: second)
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["Second.run", "leaf"])
    // The object died, and one of another class has its address: noticed after a while.
    image.memory.store(image.type(name: "Third"), at: second + 8)
    for _ in 0..<16 { #expect(fixture.look() == nil) }
    #expect(fixture.details == ["Third.run", "leaf"])
  }

  @Test func aTypeInThePlaceOfAnotherIsNoticed() {
    let image = InterpreterImage(.cpython312)
    let type = image.type(name: "Old")
    let frame = image.push(image.code(name: "run", variables: ["self"]))
    image.setSlot(0, of: frame, to: image.object(type))
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    image.rename(type, "New")
    for _ in 0..<32 { #expect(fixture.look() == nil) }
    #expect(fixture.details == ["New.run"])
  }

  @Test(arguments: layouts) func anUnchangedStackCostsNoMoreReads(_ layout: Layout) {
    let image = InterpreterImage(layout)
    let type = image.type(name: "User")
    for name in ["a", "b", "c"] {
      let frame = image.push(image.code(name: name, variables: ["self"]))
      image.setSlot(0, of: frame, to: image.object(type))
    }
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    #expect(fixture.look() == nil)
    let before = image.memory.readCount
    #expect(fixture.look() == nil)
    // The stack, and from 3.14 on the counter of dead code objects.
    #expect(image.memory.readCount - before <= (layout.interpreterCodeGeneration == nil ? 1 : 2))
  }

  @Test(arguments: layouts) func hiddenFrames(_ layout: Layout) {
    let image = InterpreterImage(layout)
    image.push(image.code(name: "a", variables: ["x", "__tracebackhide__"]))
    image.push(image.code(name: "b", variables: ["__traceback_hide__"]))
    image.push(image.code(name: "c", variables: ["__traceback_hides__", "tracebackhide"]))
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["a!", "b!", "c"])
  }

  // MARK: - C functions

  /// `PUSH_NULL`, a name, one argument, `CALL 1`, as each version numbers them.
  static func program(_ layout: Layout) -> (code: [UInt8], callUnit: Int) {
    switch layout.minor {
    // PUSH_NULL, LOAD_FAST 0, LOAD_FAST 0, PRECALL 1 and its cache, CALL 1 and its cache, RETURN_VALUE
    case 11: ([2, 0, 124, 0, 124, 0, 166, 1, 0, 0, 171, 1, 0, 0, 0, 0, 0, 0, 0, 0, 83, 0], 3)
    // PUSH_NULL, LOAD_FAST 0, LOAD_FAST 0, CALL 1 and its cache, RETURN_VALUE
    case 12: ([2, 0, 124, 0, 124, 0, 171, 1, 0, 0, 0, 0, 0, 0, 83, 0], 3)
    // LOAD_FAST 0, PUSH_NULL, LOAD_FAST 0, CALL 1 and its cache, RETURN_VALUE
    case 13: ([85, 0, 34, 0, 85, 0, 53, 1, 0, 0, 0, 0, 0, 0, 36, 0], 3)
    case 14: ([84, 0, 33, 0, 84, 0, 52, 1, 0, 0, 0, 0, 0, 0, 35, 0], 3)
    default: ([83, 0, 31, 0, 83, 0, 50, 1, 0, 0, 0, 0, 0, 0, 33, 0], 3)
    }
  }

  /// A frame at a call with two slots and an argument on the value stack, in the version's order.
  private func pushCall(_ image: InterpreterImage, callee: UInt64, argument: UInt64) {
    let program = Self.program(image.layout)
    let code = image.code(
      name: "caller", units: program.code.count / 2, variables: ["f"], instructions: program.code)
    let frame = image.push(code, unit: program.callUnit)
    let isFirst = image.layout.minor >= 13
    image.setSlot(isFirst ? 1 : 2, of: frame, to: callee)
    image.setSlot(3, of: frame, to: argument)
  }

  @Test(arguments: layouts) func aFunctionOfAModule(_ layout: Layout) {
    let image = InterpreterImage(layout)
    let module = image.object(InterpreterImage.moduleType)
    pushCall(image, callee: image.builtIn("compress", boundTo: module), argument: 0)
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["caller", "compress@<built-in>"])
  }

  @Test(arguments: layouts) func aBoundMethod(_ layout: Layout) {
    let image = InterpreterImage(layout)
    let list = image.object(image.type(name: "list"))
    pushCall(image, callee: image.builtIn("append", boundTo: list), argument: 0)
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["caller", "list.append@<built-in>"])
  }

  @Test(arguments: layouts) func aMethodOfTheClassOfItsFirstArgument(_ layout: Layout) {
    let image = InterpreterImage(layout)
    let base = image.type(name: "list")
    let object = image.object(image.type(name: "app.MyList", qualifiedName: "Outer.MyList"))
    pushCall(image, callee: image.methodDescriptor("append", of: base), argument: object)
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["caller", "Outer.MyList.append@<built-in>"])
  }

  @Test(arguments: layouts) func aMethodOfAClassItself(_ layout: Layout) {
    let image = InterpreterImage(layout)
    let type = image.type(name: "dict")
    pushCall(image, callee: image.builtIn("fromkeys", boundTo: type), argument: 0)
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["caller", "dict.fromkeys@<built-in>"])
  }

  @Test(arguments: layouts) func whatIsNoCFunctionHasNoLeaf(_ layout: Layout) {
    let image = InterpreterImage(layout)
    let type = image.type(name: "function")
    for callee in [image.object(type), type, 0, 0x1234_5678, 0x9999_0000] {
      pushCall(image, callee: callee, argument: 0)
      let fixture = ThreadFixture(image)
      #expect(fixture.look() == nil)
      #expect(fixture.details == ["caller"])
      image.pop()
    }
  }

  @Test(arguments: layouts) func onlyACallHasALeaf(_ layout: Layout) {
    let image = InterpreterImage(layout)
    pushCall(image, callee: image.builtIn("compress", boundTo: 0), argument: 0)
    let fixture = ThreadFixture(image)
    for unit in [0, 1, 2] {
      image.setUnit(unit, of: image.frames[0])
      #expect(fixture.look() == nil)
      #expect(fixture.details == ["caller"])
    }
    image.setUnit(Self.program(layout).callUnit, of: image.frames[0])
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["caller", "compress@<built-in>"])
    image.push(image.code(name: "callback"))
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["caller", "callback"])
  }

  @Test func whatSpinetailItselfCallsIsLeftOut() {
    let image = InterpreterImage(.cpython312)
    image.push(image.code(name: "main"))
    let program = Self.program(image.layout)
    let code = image.code(
      name: "stop", file: "/lib/spinetail/profiler.py", units: 8, variables: ["f"], instructions: program.code
    )
    let frame = image.push(code, unit: program.callUnit)
    image.setSlot(2, of: frame, to: image.builtIn("stop_recording", boundTo: 0))
    let fixture = ThreadFixture(image, own: OwnCode(folder: "/lib/spinetail"))
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["main"])
  }

  // MARK: - Callers

  @Test(arguments: layouts) func aCallerMustBeAtAnInstructionThatCanCall(_ layout: Layout) {
    let image = InterpreterImage(layout)
    let program = Self.program(layout)
    let code = image.code(name: "caller", units: program.code.count / 2, instructions: program.code)
    let frame = image.push(code, unit: program.callUnit)
    image.push(image.code(name: "leaf"))
    #expect(ThreadFixture(image).look() == nil)
    // Up to 3.12 a caller stands at the last unit of the call's cache.
    image.setUnit(program.callUnit + 3, of: frame)
    #expect(ThreadFixture(image).look() == nil)
    image.setUnit(0, of: frame)
    #expect(ThreadFixture(image).look() == .impossibleCaller)
    image.pop()
    #expect(ThreadFixture(image).look() == nil)
  }

  @Test func aTracedInstructionMayCall() {
    let image = InterpreterImage(.cpython312)
    let program = Self.program(image.layout)
    let code = image.code(name: "caller", units: 8, instructions: program.code)
    image.push(code, unit: 0)
    let fixture = ThreadFixture(image)
    #expect(fixture.look() == nil)
    // INSTRUMENTED_LINE, set after the code object was read.
    image.memory.store(UInt8(254), at: code + UInt64(image.layout.codeInstructions))
    image.push(image.code(name: "trace"))
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["caller", "trace"])
  }

  @Test func underATraceFunctionAnyInstructionMayCallIn311() {
    let image = InterpreterImage(.cpython311)
    let program = Self.program(image.layout)
    image.push(image.code(name: "caller", units: 11, instructions: program.code), unit: 0)
    image.push(image.code(name: "trace"))
    #expect(ThreadFixture(image).look() == .impossibleCaller)
    image.memory.store(UInt64(0x5555), at: image.threadState + 72)
    #expect(ThreadFixture(image).look() == nil)
  }

  // MARK: - Dead code objects

  @Test(arguments: [Layout.made314, .made315]) func aDeadCodeObjectIsNoticedAtOnce(_ layout: Layout) throws {
    let image = InterpreterImage(layout)
    let code = image.code(name: "old")
    image.push(code)
    let fixture = ThreadFixture(image)
    let name = code + UInt64(layout.codeName)
    let offset = try #require(layout.interpreterCodeGeneration)
    #expect(fixture.look() == nil)
    image.memory.store(image.string("new"), at: name)
    // Nothing has died, so nothing can have changed.
    for _ in 0..<40 { #expect(fixture.look() == nil) }
    #expect(fixture.details == ["old"])
    image.memory.store(UInt64(1), at: InterpreterImage.interpreterState + UInt64(offset))
    #expect(fixture.look() == nil)
    #expect(fixture.details == ["new"])
  }
}
