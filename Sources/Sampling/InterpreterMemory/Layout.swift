/// Where CPython keeps what the sampler reads, for one minor version: offsets in bytes.
///
/// A layout is data. It holds for the default build (with the GIL) of exactly the minor version that it names,
/// on 64-bit Linux.
public struct Layout: Hashable, Sendable {
  /// The minor version: 12 for CPython 3.12.
  public var minor: Int

  /// `_PyRuntimeState`: the list of interpreters.
  public var runtimeInterpretersHead: Int
  /// `PyInterpreterState.threads.head`.
  public var interpreterThreadsHead: Int

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

  /// `_PyInterpreterFrame`.
  public var framePrevious: Int
  public var frameCode: Int
  public var frameInstruction: Int
  public var frameOwner: Int

  /// `PyCodeObject`.
  public var codeFile: Int
  public var codeName: Int
  public var codeQualifiedName: Int
  public var codeLineTable: Int
  public var codeFirstLine: Int
  public var codeInstructions: Int
  /// `_co_firsttraceable`, an `int`: the first instruction that belongs to the function's own lines.
  public var codeFirstTraceable: Int

  /// Sizes of the headers of `str` objects: ASCII ones, and the other compact ones.
  public var asciiHeader: Int
  public var compactHeader: Int

  /// Where the GIL is and how its holder is known.
  public var gil: GILLayout

  /// How many bytes of a thread state are read.
  public var threadReadSize: Int {
    let last = max(
      max(threadIdentifier, threadNativeIdentifier, threadFrame), threadDataStackChunk + 8, threadInterpreter)
    return (last + 8 + 15) & ~15
  }

  /// How many bytes of a frame are read.
  public var frameReadSize: Int {
    (max(framePrevious, frameCode, frameInstruction, frameOwner) + 8 + 7) & ~7
  }

  /// How many bytes of a code object's fixed part are read.
  public var codeReadSize: Int { codeInstructions }
}

/// Where the holder of the GIL stands.
public enum GILLayout: Hashable, Sendable {
  /// A pointer in `_PyRuntimeState`, null while nobody holds the GIL (`gilstate.tstate_current`, 3.11), which also has
  /// the lock's structure in itself.
  case currentThread(runtimeOffset: Int, structureOffset: Int)
  /// The interpreter points to `struct _gil_runtime_state`, which has `last_holder` at 8 and `locked` at 16
  /// (Include/internal/pycore_gil.h, 3.12 and 3.13).
  case structure(interpreterOffset: Int)
}

/// What is the same in every supported version.
enum CPythonConstants {
  /// `PyObject.ob_type`, `PyVarObject.ob_size` (Include/object.h).
  static let objectType = 8
  static let objectSize = 16
  /// `PyBytesObject.ob_sval` (Include/cpython/bytesobject.h).
  static let bytesData = 32
  /// `PyASCIIObject.length` and `.state` (Include/cpython/unicodeobject.h).
  static let stringLength = 16
  static let stringState = 32
  /// `_PyStackChunk`: previous, size, top, data (Include/cpython/pystate.h).
  static let chunkSize = 8
  static let chunkTop = 16
  static let chunkData = 24
  /// The first frame of a thread stands in the root chunk's second slot: `push_chunk` in Python/pystate.c skips
  /// the first so that the root chunk is never popped.
  static let rootFrameInChunk = 32
  /// `enum _frameowner` (Include/internal/pycore_frame.h): thread, generator, frame object, C stack (from 3.12).
  static let ownerThread: UInt8 = 0
  static let ownerGenerator: UInt8 = 1
  static let ownerCStack: UInt8 = 3
}
