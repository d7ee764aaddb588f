import Glibc

/// Where the interpreter of this process is, and how its memory is laid out.
public struct InterpreterAddresses: Sendable {
  /// Longer lists of threads or interpreters aren't followed to their end.
  private static let longestList = 1 << 16

  public let layout: Layout
  public let objects: KnownObjects
  /// `_PyRuntime`; 0 for a made-up interpreter.
  public let runtime: UInt64
  /// The main interpreter's state, which is a part of `_PyRuntime` from 3.11 on and never freed.
  public let mainInterpreter: UInt64
  /// Where the GIL is; nil if its holder can't be told.
  public let gil: GIL?

  /// `PyCode_Type`: what tells a code object from other objects.
  public var codeType: UInt64 { objects.codeType }

  /// Where the main interpreter's list of threads begins: a pointer to the newest thread's state.
  public var threadsHead: UInt64 { mainInterpreter &+ UInt64(layout.interpreterThreadsHead) }

  /// Where the interpreter counts code objects, or those that died; 0 where it doesn't.
  private let codeCounter: UInt64

  /// An interpreter, or for tests a made-up one.
  ///
  /// - Parameter countsCode: Whether its `CodeVersionCounter` was seen to count.
  public init(
    layout: Layout, objects: KnownObjects, runtime: UInt64 = 0, mainInterpreter: UInt64 = 0, gil: GIL? = nil,
    countsCode: Bool = false
  ) {
    let offset = layout.interpreterCodeGeneration ?? (countsCode ? layout.interpreterNextCodeVersion : nil)
    codeCounter = mainInterpreter == 0 ? 0 : offset.map { mainInterpreter &+ UInt64($0) } ?? 0
    self.layout = layout
    self.objects = objects
    self.runtime = runtime
    self.mainInterpreter = mainInterpreter
    self.gil = gil
  }

  /// The interpreter of this process, once it was found. Unsafe as the compiler sees it: guarded by the GIL.
  private nonisolated(unsafe) static var found: InterpreterAddresses?

  /// Finds the interpreter that has loaded this library, and checks what it finds; once found, it stays where it is.
  ///
  /// - Parameters:
  ///   - version: What `Py_GetVersion()` says.
  ///   - threadState: The address of the calling thread's `PyThreadState`. The thread holds the GIL.
  public static func ofThisProcess(version: String, threadState: UInt64) throws(SamplerError)
    -> InterpreterAddresses
  {
    let memory = ProcessMemory()
    if let reason = memory.refusal() { throw .unreadableMemory(reason: reason) }
    if let found, memory.word(threadState &+ UInt64(found.layout.threadInterpreter)) == found.mainInterpreter
    {
      return found
    }
    let interpreter = try search(version: version, threadState: threadState, memory: memory)
    found = interpreter
    return interpreter
  }

  private static func search(version: String, threadState: UInt64, memory: ProcessMemory) throws(SamplerError)
    -> InterpreterAddresses
  {
    let release = String(version.prefix { $0 != " " })
    let numbers = release.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? -1 }
    guard numbers.count >= 2, numbers[0] == 3, Layout.supportedMinors.contains(numbers[1]) else {
      throw .unsupportedInterpreter(release: release)
    }
    guard !version.contains("free-threading") else { throw .freeThreaded(release: release) }
    guard let symbol = dlsym(nil, "_PyRuntime"), let objects = KnownObjects.ofThisProcess() else {
      throw .unknownLayout(release: release, detail: "the symbols _PyRuntime and PyCode_Type aren't exported")
    }
    let start = UnsafeRawBufferPointer(start: symbol, count: DebugOffsets.size)
    guard let layout = Layout.of(minor: numbers[1], runtime: start) else {
      throw .unknownLayout(release: release, detail: "its table of offsets isn't the expected one")
    }
    let search = find(
      layout, objects: objects, runtime: UInt64(UInt(bitPattern: symbol)), threadState: threadState,
      memory: memory
    ) { mainInterpreter in
      guard let offset = layout.interpreterNextCodeVersion else { return false }
      return CodeVersionCounter.isAt(mainInterpreter &+ UInt64(offset), memory: memory)
    }
    switch search {
    case .found(let interpreter): return interpreter
    case .notTheMainInterpreter: throw .subinterpreter
    case .failed(let detail): throw .unknownLayout(release: release, detail: detail)
    }
  }

  enum Search {
    case found(InterpreterAddresses)
    case notTheMainInterpreter
    /// Something isn't where the layout says that it is; the text says what.
    case failed(String)
  }

  /// Follows `_PyRuntime` to the main interpreter and its lock, and checks that the calling thread, which holds it, is
  /// one of the interpreter's threads.
  static func find<M: Memory>(
    _ layout: Layout, objects: KnownObjects, runtime: UInt64, threadState: UInt64, memory: M,
    countsCode: (_ mainInterpreter: UInt64) -> Bool = { _ in false }
  ) -> Search {
    // `interpreters.main` follows `interpreters.head` (Include/internal/pycore_runtime.h, 3.11 to 3.15).
    let head = runtime &+ UInt64(layout.runtimeInterpretersHead)
    guard let first = memory.word(head), let main = memory.word(head + 8), first != 0, main != 0 else {
      return .failed("it has no list of interpreters where that should be")
    }
    guard let mine = memory.word(threadState &+ UInt64(layout.threadInterpreter)) else {
      return .failed("its thread states aren't where they should be")
    }
    let interpreters = list(from: first, next: layout.interpreterNext, memory: memory)
    guard interpreters.contains(main), interpreters.contains(mine) else {
      return .failed("its thread states belong to no interpreter")
    }
    guard mine == main else { return .notTheMainInterpreter }
    let threads = list(from: main &+ UInt64(layout.interpreterThreadsHead), layout: layout, memory: memory)
    guard threads.contains(threadState) else {
      return .failed("its list of threads isn't where it should be")
    }
    let gil = GIL(layout.gil, runtime: runtime, interpreter: main, holder: threadState, memory: memory)
    guard let gil else {
      return .failed("its lock isn't where it should be")
    }
    return .found(
      InterpreterAddresses(
        layout: layout, objects: objects, runtime: runtime, mainInterpreter: main, gil: gil,
        countsCode: countsCode(main)))
  }

  /// How many interpreters the process has beside the main one.
  public func otherInterpreters<M: Memory>(memory: M) -> Int {
    let head = memory.word(runtime &+ UInt64(layout.runtimeInterpretersHead)) ?? 0
    let all = Self.list(from: head, next: layout.interpreterNext, memory: memory)
    return all.count { $0 != mainInterpreter }
  }

  /// How many code objects have died so far, or before 3.14 how many were made; nil where the interpreter doesn't tell.
  /// While it stays the same, an address that a frame has still holds the code object that it held before.
  @inline(__always)
  func codeGeneration<M: Memory>(memory: M) -> UInt64? {
    guard codeCounter != 0 else { return nil }
    guard layout.interpreterCodeGeneration == nil else { return memory.lastingWord(codeCounter) }
    return CodeVersionCounter.value(codeCounter, memory: memory)
  }

  /// The thread states of a list, each of which must belong to the list's interpreter; empty otherwise.
  private static func list<M: Memory>(from head: UInt64, layout: Layout, memory: M) -> [UInt64] {
    let interpreter = head &- UInt64(layout.interpreterThreadsHead)
    // A list that changes while it is followed is followed again.
    for _ in 0..<3 {
      let threads = list(from: memory.word(head) ?? 0, next: layout.threadNext, memory: memory)
      let isSound = threads.allSatisfy { memory.word($0 &+ UInt64(layout.threadInterpreter)) == interpreter }
      if isSound { return threads }
    }
    return []
  }

  private static func list<M: Memory>(from first: UInt64, next: Int, memory: M) -> [UInt64] {
    var found: [UInt64] = []
    var current = first
    while current != 0, current & 7 == 0, found.count < longestList {
      guard let following = memory.word(current &+ UInt64(next)) else { break }
      found.append(current)
      current = following
    }
    return found
  }
}
