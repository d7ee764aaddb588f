/// Where CPython keeps what the sampler reads, for one minor version: offsets in bytes.
///
/// A layout is data. It holds for the default build (with the GIL) of exactly the minor version that it names,
/// on 64-bit Linux.
public struct Layout: Hashable, Sendable {
  /// The minor version: 12 for CPython 3.12.
  public var minor: Int

  /// `_PyRuntimeState`: the list of interpreters, newest first; a pointer to the main one follows its head.
  public var runtimeInterpretersHead: Int

  /// `PyInterpreterState`: the next in the list of interpreters, and the list of its threads, newest first.
  public var interpreterNext: Int
  public var interpreterThreadsHead: Int
  /// `_code_object_generation`, which counts the code objects that died; nil before 3.14.
  public var interpreterCodeGeneration: Int?
  /// `func_state.next_version`, the `co_version` of the next code object, 32 bits, in 3.13 alone: 3.12 keeps it in a static
  /// variable.
  public var interpreterNextCodeVersion: Int?

  /// `PyThreadState`.
  public var threadNext: Int
  public var threadInterpreter: Int
  public var threadIdentifier: Int
  public var threadNativeIdentifier: Int
  /// `cframe` up to 3.12, `current_frame` from 3.13.
  public var threadFrame: Int
  /// Where `_PyCFrame` keeps the current frame; nil from 3.13, which has no `_PyCFrame`.
  public var cFrameCurrent: Int?
  /// `datastack_chunk`; `datastack_top` follows it.
  public var threadDataStackChunk: Int
  /// `base_frame`, a pointer to the mark that every stack ends at; nil before 3.15.
  public var threadBaseFrame: Int?
  /// `c_tracefunc`, in 3.11 alone: later versions mark the instructions that are traced.
  public var threadTraceFunction: Int?

  /// `_PyInterpreterFrame`.
  public var framePrevious: Int
  public var frameCode: Int
  public var frameInstruction: Int
  public var frameOwner: Int
  /// `localsplus`: local variables, cells and free variables, and then the value stack.
  public var frameLocals: Int
  /// The largest owner that is no frame of the program but a mark of the C stack; nil before 3.12, which has none.
  public var lastMarkOwner: UInt8?
  /// The bits of a reference in a frame that aren't part of the address (`_PyStackRef`, 3.14 and later).
  public var referenceTags: UInt64

  /// `PyCodeObject`.
  public var codeFile: Int
  public var codeName: Int
  public var codeQualifiedName: Int
  public var codeLineTable: Int
  public var codeFirstLine: Int
  public var codeInstructions: Int
  /// `_co_firsttraceable`, an `int`: the first instruction that belongs to the function's own lines.
  public var codeFirstTraceable: Int
  /// `co_nlocals` and `co_nlocalsplus`, both `int`: how many slots of `localsplus` are local variables, and how many
  /// are variables of any kind.
  public var codeLocalCount: Int
  public var codeVariableCount: Int
  /// `co_localsplusnames`, a tuple.
  public var codeVariableNames: Int
  /// `co_version`, 32 bits, which no other code object has, or 0 for those that came after 2³² others; nil in 3.11.
  public var codeVersion: Int?
  /// `co_exceptiontable`, a `bytes` object.
  public var codeExceptionTable: Int

  /// Sizes of the headers of `str` objects: ASCII ones, and the other compact ones.
  public var asciiHeader: Int
  public var compactHeader: Int

  /// `PyTupleObject.ob_item`.
  public var tupleItems: Int
  /// `PyHeapTypeObject.ht_qualname`.
  public var typeQualifiedName: Int

  /// Where the GIL is and how its holder is known.
  public var gil: GILLayout

  /// How many bytes of a thread state are read.
  public var threadReadSize: Int {
    let last = max(
      max(threadIdentifier, threadNativeIdentifier, threadFrame), threadDataStackChunk + 8,
      max(threadInterpreter, threadNext, threadBaseFrame ?? 0, threadTraceFunction ?? 0))
    return (last + 8 + 15) & ~15
  }

  /// How many bytes of a frame are read.
  public var frameReadSize: Int {
    (max(framePrevious, frameCode, frameInstruction, frameOwner) + 8 + 7) & ~7
  }

  /// How many bytes of a code object's fixed part are read.
  public var codeReadSize: Int { codeInstructions }
}

/// Where `struct _gil_runtime_state` is (Include/internal/pycore_gil.h).
public enum GILLayout: Hashable, Sendable {
  /// In `_PyRuntimeState` (3.11), which also has a pointer to the thread that holds the GIL, null while nobody does
  /// (`gilstate.tstate_current`).
  case runtime(offset: Int, currentThread: Int)
  /// The interpreter points to it (3.12 and later).
  case interpreter(offset: Int)
}

/// What is the same in every supported version.
enum CPythonConstants {
  /// `PyObject.ob_type`, `PyVarObject.ob_size` (Include/object.h).
  static let objectType = 8
  static let objectSize = 16
  /// `PyBytesObject.ob_sval` (Include/cpython/bytesobject.h).
  static let bytesData = 32
  /// `PyASCIIObject.length`, `.hash` (−1 until somebody asks for it) and `.state` (Include/cpython/unicodeobject.h).
  static let stringLength = 16
  static let stringHash = 24
  static let stringState = 32
  /// `_PyStackChunk`: previous, size, top, data (Include/cpython/pystate.h).
  static let chunkSize = 8
  static let chunkTop = 16
  static let chunkData = 24
  /// The first frame of a thread stands in the root chunk's second slot: `push_chunk` in Python/pystate.c skips
  /// the first so that the root chunk is never popped.
  static let rootFrameInChunk = 32
  /// `enum _frameowner` (Include/internal/pycore_frame.h, from 3.14 pycore_interpframe_structs.h): thread, generator,
  /// frame object, and from 3 on the marks: C stack (3.12, 3.13), interpreter (3.14, 3.15; 3.14 also has C stack as 4).
  static let ownerThread: UInt8 = 0
  static let ownerGenerator: UInt8 = 1
  static let firstMarkOwner: UInt8 = 3
  /// `struct _gil_runtime_state` (Include/internal/pycore_gil.h): `last_holder`, `locked`, `switch_number`.
  static let gilLastHolder = 8
  static let gilLocked = 16
  static let gilSwitchNumber = 24
  /// `PyTypeObject.tp_name`, `.tp_flags` (Include/cpython/object.h).
  static let typeName = 24
  static let typeFlags = 168
}
