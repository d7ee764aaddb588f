import CPythonABI
import Glibc

/// Where the interpreter of this process is, and how its memory is laid out.
public struct InterpreterAddresses: Sendable {
  public let layout: Layout
  /// The address of `PyCode_Type`: what tells a code object from other objects.
  public let codeType: UInt64
  /// The main interpreter's state.
  public let mainInterpreter: UInt64
  /// Where the newest thread's state stands in the list of the interpreter's threads, as an address.
  var threadsHead: UInt64 { mainInterpreter &+ UInt64(layout.interpreterThreadsHead) }
  /// Where the GIL is; nil if its holder can't be told.
  public let gil: GIL?

  /// For tests: a made-up interpreter.
  public init(layout: Layout, codeType: UInt64, mainInterpreter: UInt64 = 0, gil: GIL? = nil) {
    self.layout = layout
    self.codeType = codeType
    self.mainInterpreter = mainInterpreter
    self.gil = gil
  }

  /// Finds the interpreter that has loaded this library. `version` is what `Py_GetVersion()` says.
  public static func ofThisProcess(version: String) throws(SamplerError) -> InterpreterAddresses {
    let release = String(version.prefix { $0 != " " })
    let numbers = release.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? -1 }
    guard numbers.count >= 2, numbers[0] == 3, Layout.supportedMinors.contains(numbers[1]) else {
      throw .unsupportedInterpreter(release: release)
    }
    guard !version.contains("free-threading") else { throw .freeThreaded(release: release) }
    guard let runtime = dlsym(nil, "_PyRuntime"), let codeType = dlsym(nil, "PyCode_Type") else {
      throw .unknownLayout(release: release, detail: "the symbols _PyRuntime and PyCode_Type aren't exported")
    }
    let start = UnsafeRawBufferPointer(start: runtime, count: DebugOffsets.size)
    guard let layout = Layout.of(minor: numbers[1], runtime: start) else {
      throw .unknownLayout(release: release, detail: "its table of offsets isn't the expected one")
    }
    // `interpreters.main` follows `interpreters.head` (Include/internal/pycore_runtime.h, 3.11 to 3.13).
    let main = runtime.load(fromByteOffset: layout.runtimeInterpretersHead + 8, as: UInt64.self)
    return InterpreterAddresses(
      layout: layout, codeType: UInt64(UInt(bitPattern: codeType)), mainInterpreter: main,
      gil: GIL(layout.gil, runtime: runtime, interpreter: main, memory: ProcessMemory()))
  }
}

/// The global interpreter lock, in memory that stays as long as the process lives.
public struct GIL: Sendable {
  /// Where a pointer to the holding thread's state is.
  private let holderAddress: UInt
  /// Where the lock's state is (1 while it is held); nil if the holder's pointer is null while nobody holds it.
  private let lockedAddress: UInt?
  /// `struct _gil_runtime_state` (Include/internal/pycore_gil.h, the same fields from 3.11 to 3.15): `last_holder` at 8,
  /// `locked` at 16, `switch_number` at 24.
  private let structure: UInt

  /// For tests: a lock from 3.12 on, in memory that stays.
  init(structureAt structure: UnsafeRawPointer) {
    self.structure = UInt(bitPattern: structure)
    holderAddress = self.structure + 8
    lockedAddress = self.structure + 16
  }

  init?<M: Memory>(_ layout: GILLayout, runtime: UnsafeRawPointer, interpreter: UInt64, memory: M) {
    switch layout {
    case .currentThread(let offset, let structureOffset):
      holderAddress = UInt(bitPattern: runtime) + UInt(offset)
      lockedAddress = nil
      structure = UInt(bitPattern: runtime) + UInt(structureOffset)
    case .structure(let offset):
      guard let gil = memory.word(interpreter &+ UInt64(offset)), gil >= 4096, gil & 7 == 0,
        memory.word(gil &+ 16) != nil
      else { return nil }
      structure = UInt(gil)
      holderAddress = structure + 8
      lockedAddress = structure + 16
    }
  }

  /// The address of the thread state that holds the GIL; 0 if nobody does.
  @inline(__always)
  func holder() -> UInt64 {
    // Safe: both words lie in `_PyRuntime`, where the main interpreter's GIL is (3.11: pycore_runtime.h; later:
    // `_PyRuntime._main_interpreter`), which is never freed.
    if let locked = UnsafeRawPointer(bitPattern: lockedAddress ?? 0), spinetail_load32(locked) != 1 {
      return 0
    }
    return word(holderAddress)
  }

  /// The address of the thread state that has the GIL or had it last.
  @inline(__always)
  func lastHolder() -> UInt64 { word(structure + 8) }

  /// How often the GIL went from one thread to another: it stays as it is where the last holder takes it once more.
  @inline(__always)
  func switchNumber() -> UInt64 { word(structure + 24) }

  @inline(__always)
  private func word(_ address: UInt) -> UInt64 {
    // Safe: in memory that is never freed, as above.
    UnsafeRawPointer(bitPattern: address).map { spinetail_load64($0) } ?? 0
  }
}
