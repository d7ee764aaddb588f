/// `_Py_DebugOffsets`: the table of its own offsets that CPython 3.13 and later begin `_PyRuntime` with
/// (Include/internal/pycore_runtime.h; from 3.14 pycore_debug_offsets.h). Which word means what differs between minor
/// versions.
struct DebugOffsets {
  /// Enough for every word that is used.
  static let size = 111 * 8

  private let words: UnsafeRawBufferPointer

  /// Nil if `runtime` doesn't begin with the table's mark, or belongs to a free-threaded build.
  init?(_ runtime: UnsafeRawBufferPointer) {
    guard runtime.count >= Self.size else { return nil }
    guard runtime.prefix(8).elementsEqual("xdebugpy".utf8) else { return nil }
    words = runtime
    guard word(2) == 0 else { return nil }
  }

  private func word(_ index: Int) -> Int {
    Int(truncatingIfNeeded: words.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
  }

  /// Where the groups of words begin, each with a size: what differs between minor versions.
  private struct Groups {
    var ceval: Int
    var codeGeneration: Int?
    /// Not in any table (Include/internal/pycore_interp.h, 3.13): checked before use.
    var nextCodeVersion: Int?
    var thread: Int
    var baseFrame: Int?
    var threadIdentifiers: Int
    var frame: Int
    var code: Int
    var type: Int
    var tuple: Int
    var unicode: Int
    /// Not in any table: how far `ht_qualname` is from the type's own structure (Include/cpython/object.h).
    var typeQualifiedName: Int
    var lastMarkOwner: UInt8
    /// `Py_TAG_BITS` (Include/internal/pycore_stackref.h).
    var referenceTags: UInt64

    init?(minor: Int) {
      switch minor {
      case 13:
        (ceval, codeGeneration, thread, baseFrame, threadIdentifiers) = (14, nil, 19, nil, 24)
        (frame, code, type, tuple, unicode) = (28, 34, 46, 50, 67)
        (typeQualifiedName, lastMarkOwner, referenceTags) = (872, 3, 0)
        nextCodeVersion = 17000
      case 14:
        (ceval, codeGeneration, thread, baseFrame, threadIdentifiers) = (15, 20, 22, nil, 27)
        (frame, code, type, tuple, unicode) = (31, 39, 52, 56, 77)
        (typeQualifiedName, lastMarkOwner, referenceTags) = (872, 4, 3)
      case 15:
        (ceval, codeGeneration, thread, baseFrame, threadIdentifiers) = (15, 20, 22, 27, 30)
        (frame, code, type, tuple, unicode) = (39, 47, 60, 68, 89)
        (typeQualifiedName, lastMarkOwner, referenceTags) = (880, 3, 3)
      default:
        return nil
      }
    }
  }

  /// The layout of `minor` as the table tells it; nil if it is another version's, or says what can't be.
  func layout(minor: Int) -> Layout? {
    // The version is `PY_VERSION_HEX`.
    guard (word(1) >> 16) & 0xFFFF == 3 << 8 | minor, let groups = Groups(minor: minor) else { return nil }
    let (frame, code) = (groups.frame, groups.code)
    let layout = Layout(
      minor: minor,
      runtimeInterpretersHead: word(5),
      interpreterNext: word(8), interpreterThreadsHead: word(9),
      interpreterCodeGeneration: groups.codeGeneration.map(word),
      interpreterNextCodeVersion: groups.nextCodeVersion,
      threadNext: word(groups.thread + 2), threadInterpreter: word(groups.thread + 3),
      threadIdentifier: word(groups.threadIdentifiers),
      threadNativeIdentifier: word(groups.threadIdentifiers + 1),
      threadFrame: word(groups.thread + 4), cFrameCurrent: nil,
      threadDataStackChunk: word(groups.threadIdentifiers + 2), threadBaseFrame: groups.baseFrame.map(word),
      threadTraceFunction: nil,
      framePrevious: word(frame + 1), frameCode: word(frame + 2), frameInstruction: word(frame + 3),
      frameOwner: word(frame + 5), frameLocals: word(frame + 4),
      lastMarkOwner: groups.lastMarkOwner, referenceTags: groups.referenceTags,
      codeFile: word(code + 1), codeName: word(code + 2), codeQualifiedName: word(code + 3),
      codeLineTable: word(code + 4), codeFirstLine: word(code + 5), codeInstructions: word(code + 9),
      // Not in the table, but beside what is (Include/cpython/code.h, 3.13 to 3.15).
      codeFirstTraceable: word(code + 9) &- 16,
      codeLocalCount: word(code + 5) &+ 12, codeVariableCount: word(code + 5) &+ 4,
      codeVariableNames: word(code + 7), codeVersion: word(code + 7) &- 4,
      codeExceptionTable: word(code + 6) &- 12,
      asciiHeader: word(groups.unicode + 3), compactHeader: word(groups.unicode + 3) &+ 16,
      tupleItems: word(groups.tuple + 1), typeQualifiedName: groups.typeQualifiedName,
      gil: .interpreter(offset: word(groups.ceval)))
    let type = (name: word(groups.type + 1), flags: word(groups.type + 3))
    let string = (length: word(groups.unicode + 2), state: word(groups.unicode + 1))
    guard type == (CPythonConstants.typeName, CPythonConstants.typeFlags),
      string == (CPythonConstants.stringLength, CPythonConstants.stringState)
    else { return nil }
    return layout.isPlausible ? layout : nil
  }
}

extension Layout {
  /// Whether every offset is one that a structure of CPython could have, so that a damaged table is refused
  /// before it is used.
  fileprivate var isPlausible: Bool {
    let words = [
      threadNext, threadInterpreter, threadIdentifier, threadNativeIdentifier, threadFrame,
      threadDataStackChunk, threadBaseFrame ?? 0,
      framePrevious, frameCode, frameInstruction, frameLocals,
      codeFile, codeName, codeQualifiedName, codeLineTable, codeInstructions,
      codeFirstTraceable, codeVariableNames, codeExceptionTable, asciiHeader, tupleItems,
    ]
    let halves = [codeFirstLine, codeLocalCount, codeVariableCount, codeVersion ?? 0]
    var lock = 0
    if case .interpreter(let offset) = gil { lock = offset }
    let large = [
      lock, runtimeInterpretersHead, interpreterNext, interpreterThreadsHead, interpreterCodeGeneration ?? 0,
    ]
    return words.allSatisfy { $0 >= 0 && $0 < 1024 && $0 & 7 == 0 }
      && halves.allSatisfy { $0 >= 0 && $0 < 1024 && $0 & 3 == 0 }
      && large.allSatisfy { $0 >= 0 && $0 < 1 << 20 && $0 & 7 == 0 } && runtimeInterpretersHead > 0
      && frameOwner >= 0 && frameOwner < 1024
      // What a copy of a code object's fixed part is searched for lies in it.
      && ([
        codeFile, codeName, codeQualifiedName, codeLineTable, codeFirstLine, codeVariableNames,
        codeExceptionTable, codeLocalCount, codeVariableCount, codeFirstTraceable,
      ].max() ?? 0) + 8 <= codeInstructions
  }
}
