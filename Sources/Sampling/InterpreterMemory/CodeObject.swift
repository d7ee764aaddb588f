import Profile

/// The part of a code object that tells whether an address still holds the code object that it held before: its version
/// where it has one, and else its fields together with its name's hash, since an allocator likes to give the same places
/// to the next one, names and tables included.
struct CodeIdentity: BitwiseCopyable, Equatable {
  var size: UInt64
  var name: UInt64
  var qualifiedName: UInt64
  var file: UInt64
  var lineTable: UInt64
  var firstLine: Int32
  /// `co_version`; 0 where there is none.
  var version: UInt32

  /// Takes the identity from the bytes of a code object's fixed part; nil if they aren't a code object's.
  init?(_ bytes: UnsafeRawPointer, layout: Layout, codeType: UInt64) {
    guard bytes.load(fromByteOffset: CPythonConstants.objectType, as: UInt64.self) == codeType else {
      return nil
    }
    size = bytes.load(fromByteOffset: CPythonConstants.objectSize, as: UInt64.self)
    guard size > 0, size < 1 << 28 else { return nil }
    name = bytes.load(fromByteOffset: layout.codeName, as: UInt64.self)
    qualifiedName = bytes.load(fromByteOffset: layout.codeQualifiedName, as: UInt64.self)
    file = bytes.load(fromByteOffset: layout.codeFile, as: UInt64.self)
    lineTable = bytes.load(fromByteOffset: layout.codeLineTable, as: UInt64.self)
    firstLine = bytes.load(fromByteOffset: layout.codeFirstLine, as: Int32.self)
    version = layout.codeVersion.map { bytes.load(fromByteOffset: $0, as: UInt32.self) } ?? 0
  }
}

/// A code object that was read once.
struct CodeObject: BitwiseCopyable {
  var identity: CodeIdentity
  var function: FunctionID
  /// Frames before this code unit have yet to begin.
  var firstTraceable: Int32
  /// Which of its local variables tells a class.
  var receiver: Receiver
  /// Whether it has a local named `__tracebackhide__` or `__traceback_hide__`.
  var isHidden: Bool
  /// The hash of its name, as the string object keeps it: names of code objects are interned, so it is known.
  var nameHash: UInt64
  /// Whose code it is, for leaving frames out.
  var origin: Origin
  /// The rows of the cache's line runs that belong to this code object.
  var firstRun: Int32
  var runCount: Int32
  /// The rows of the cache's call sites that belong to it.
  var firstSite: Int32
  var siteCount: Int32
  /// Where the cache's bits begin that tell which instructions can't have a callee; negative if nothing is known.
  var firstInertWord: Int32
  /// The number of variables, behind which the value stack begins.
  var variableCount: Int32
  /// The code generation (`InterpreterAddresses`) at which the identity was last compared with memory, where that is told.
  var checkedAtGeneration: UInt64
  /// When it has to be compared again where no generation is told.
  var schedule: RecheckSchedule

  /// The first local variable, if it is `self` or `cls`.
  enum Receiver: UInt8, BitwiseCopyable {
    case none
    case object
    case `class`
  }

  enum Origin: UInt8, BitwiseCopyable {
    /// The profiled program's.
    case program
    /// Spinetail's own.
    case own
    /// A file that is left out where it stands directly above the stem (runpy's).
    case stem
  }
}
