import AllocationCounter
import Profile
import TestSupport
import Testing

@testable import Sampling

private struct StillObserver: Observer {
  var processor: Int32 = 3
  mutating func begin() {}
  mutating func end() -> Bool { true }
}

/// Two stacks in turn, with a generator, in three threads of which one holds the GIL.
private final class Program {
  private let main = InterpreterImage(.cpython312)
  private let codes: UnsafeMutableBufferPointer<UInt64>
  private let objects: UnsafeMutableBufferPointer<UInt64>
  private let top: UInt64
  private let memory: FlatMemory
  private let gil = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 16)
  private let recording = UnsafeMutablePointer<ProgramRecording<FlatMemory>>.allocate(capacity: 1)
  private let cache = UnsafeMutablePointer<CodeCache>.allocate(capacity: 1)
  private var reader = SnapshotReader<FlatMemory>()
  private var observer = StillObserver()

  init(scope: RecordedScope) {
    let worker = InterpreterImage(besides: main, number: 1)
    let sleeper = InterpreterImage(besides: main, number: 2)
    for image in [main, worker, sleeper] {
      image.push(image.code(name: "root"))
      image.memory.store(Int32(3), at: image.threadPointer + 256 + 4)
    }
    codes = .allocate(capacity: 4)
    _ = codes.initialize(
      from: ["one", "two", "three", "four"].map { [main] in
        // PUSH_NULL, LOAD_FAST 0, LOAD_FAST 0, CALL 1 and its cache, RETURN_VALUE
        main.code(
          name: $0, variables: ["self"],
          instructions: [2, 0, 124, 0, 124, 0, 171, 1, 0, 0, 0, 0, 0, 0, 83, 0])
      })
    objects = .allocate(capacity: 2)
    _ = objects.initialize(from: ["A", "B"].map { [main] in main.object(main.type(name: $0)) })
    for code in codes { main.push(code) }
    main.pushGenerator(main.code(name: "generator"))
    top = main.push(codes[0])
    // The callee of the call, on the value stack.
    main.setSlot(2, of: top, to: main.builtIn("compress", boundTo: objects[0]))
    InterpreterImage.list([sleeper, worker, main])
    memory = main.memory.flat()

    gil.initializeMemory(as: UInt8.self, repeating: 0, count: 64)
    gil.storeBytes(of: main.threadState, toByteOffset: 8, as: UInt64.self)
    gil.storeBytes(of: 1, toByteOffset: 16, as: Int32.self)
    let interpreter = InterpreterAddresses(
      layout: main.layout, objects: InterpreterImage.objects,
      mainInterpreter: InterpreterImage.interpreterState, gil: GIL(structureAt: gil))
    cache.initialize(to: CodeCache(interpreter: interpreter, own: OwnCode()))
    recording.initialize(
      to: ProgramRecording(
        scope: scope, starter: main.identity, interpreter: interpreter, cache: cache, memory: memory,
        sequences: RestartableSequences(offset: 256), interval: 1_000_000, own: OwnCode()))
  }

  deinit {
    recording.pointee.releaseBuffers()
    recording.deinitialize(count: 1)
    recording.deallocate()
    cache.deinitialize(count: 1)
    cache.deallocate()
    gil.deallocate()
    codes.deallocate()
    objects.deallocate()
  }

  /// How many of so many looks are accepted. The program is in another function and line each time.
  func look(times: Int) -> Int {
    var accepted = 0
    var number = 0
    while number < times {
      let code = codes[number & 3]
      memory.store(code, at: top + UInt64(main.layout.frameCode))
      let locals = top + UInt64(main.layout.frameLocals)
      memory.store(objects[number >> 1 & 1], at: locals)
      let unit = UInt64(number & 7)
      memory.store(
        code + UInt64(main.layout.codeInstructions) + unit * 2, at: top + UInt64(main.layout.frameInstruction)
      )
      if case .accepted = reader.look(at: recording, observer: &observer) { accepted += 1 }
      number += 1
    }
    return accepted
  }
}

/// The sampling loop leaves the host's allocator alone once it knows the program.
@Suite struct AllocationTests {
  @Test func theCounterCounts() {
    allocation_counter_start()
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 100, alignment: 16)
    memory.deallocate()
    #expect(allocation_counter_stop() >= 2)
  }

  /// Debug builds allocate for what an optimised one keeps in registers.
  @Test(.enabled(if: !isDebugBuild), arguments: [RecordedScope.current, .all])
  func tenThousandSamplesAllocateNothing(_ scope: RecordedScope) {
    let program = Program(scope: scope)
    #expect(program.look(times: 1000) == 1000)
    allocation_counter_start()
    let accepted = program.look(times: 10_000)
    let allocations = allocation_counter_stop()
    #expect(accepted == 10_000)
    #expect(allocations == 0)
  }
}

private var isDebugBuild: Bool {
  var isDebug = false
  assert(
    {
      isDebug = true
      return true
    }())
  return isDebug
}
