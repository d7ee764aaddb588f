import TestSupport
import Testing

@testable import Sampling

/// Looks at the memory of real interpreters, as it was recorded once.
@Suite struct MemoryFixtureTests {
  static let folder =
    String(#filePath.prefix(upTo: #filePath.lastIndex(of: "/") ?? #filePath.endIndex)) + "/Fixtures"
  static let minors = [11, 12, 13, 14, 15]

  static func fixture(_ minor: Int) throws -> MemoryFixture {
    try #require(MemoryFixture(path: "\(folder)/cpython3.\(minor).memory"))
  }

  @Test(arguments: minors) func aRealStack(_ minor: Int) throws {
    let fixture = try Self.fixture(minor)
    let thread = try #require(
      RecordedThreadFixture(words: fixture.words, memory: fixture.memory.reader))
    for _ in 0..<3 {
      #expect(thread.look() == nil)
      let stack = thread.stack
      // The module of the fixture's program itself comes first.
      #expect(stack.first?.hasSuffix("@<stdin>") == true)
      #expect(
        Array(stack[1..<9]) == [
          "<module>:34@/app/program.py",
          "main:32@/app/program.py",
          "Derived.start:6@/app/program.py",
          "Derived.key:9@/app/program.py",
          "Derived.produce:13@/app/program.py",
          "Derived.make:17@/app/program.py",
          "hide:24@/app/program.py!",
          "descend:28@/app/program.py",
        ])
      #expect(stack.count == 9 + 300 + 1)
      #expect(Set(stack[9..<308]) == ["descend:28@/app/program.py"])
      #expect(stack.suffix(2) == ["descend:29@/app/program.py", "set.isdisjoint:0@<built-in>"])
    }
  }

  @Test(arguments: minors) func aSecondLookIsFewReads(_ minor: Int) throws {
    let fixture = try Self.fixture(minor)
    let memory = fixture.memory
    let thread = try #require(RecordedThreadFixture(words: fixture.words, memory: memory.reader))
    _ = thread.look()
    _ = thread.look()
    let before = memory.readCount
    #expect(thread.look() == nil)
    // One read of all that was met, and from 3.14 on the counter of dead code objects.
    #expect(memory.readCount - before == (minor >= 14 ? 2 : 1))
  }

  @Test(arguments: minors) func theInterpreterIsChecked(_ minor: Int) throws {
    let fixture = try Self.fixture(minor)
    func isFound(_ spoil: (RecordedMemory, Layout, _ main: UInt64) -> Void) throws -> Bool {
      let memory = fixture.memory
      let sound = try #require(RecordedThreadFixture(words: fixture.words, memory: memory.reader))
      #expect(sound.interpreter.otherInterpreters(memory: memory.reader) == 0)
      spoil(memory, sound.interpreter.layout, sound.interpreter.mainInterpreter)
      return RecordedThreadFixture(words: fixture.words, memory: memory.reader) != nil
    }
    let threadState = try #require(fixture.words["threadState"])
    let runtime = try #require(fixture.words["runtime"])
    #expect(try isFound { _, _, _ in })
    #expect(
      try !isFound { memory, layout, _ in
        memory.store(UInt64(0), at: runtime + UInt64(layout.runtimeInterpretersHead))
      })
    #expect(
      try !isFound { memory, layout, main in
        memory.store(main + 8, at: threadState + UInt64(layout.threadInterpreter))
      })
    #expect(
      try !isFound { memory, layout, main in
        memory.store(UInt64(0), at: main + UInt64(layout.interpreterThreadsHead))
      })
    #expect(
      try !isFound { memory, layout, main in
        switch layout.gil {
        case .runtime(let offset, _): memory.store(UInt64(0), at: runtime + UInt64(offset) + 8)
        case .interpreter(let offset): memory.store(UInt64(8), at: main + UInt64(offset))
        }
      })
  }
}
