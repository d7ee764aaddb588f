/// `_Py_DebugOffsets`: the table of its own offsets that CPython 3.13 and later begin `_PyRuntime` with
/// (Include/internal/pycore_runtime.h). Which word means what differs between minor versions.
struct DebugOffsets {
  /// Enough for every word that is used.
  static let size = 96 * 8

  private let words: UnsafeRawBufferPointer

  /// Nil if `runtime` doesn't begin with the table's mark, or belongs to a free-threaded build.
  init?(_ runtime: UnsafeRawBufferPointer) {
    guard runtime.count >= Self.size else { return nil }
    guard runtime.prefix(8).elementsEqual("xdebugpy".utf8) else { return nil }
    words = runtime
    guard word(2) == 0 else { return nil }
  }

  /// The minor version that the table says it is for (`PY_VERSION_HEX`).
  private var minor: Int { (word(1) >> 16) & 0xFF }

  private func word(_ index: Int) -> Int {
    Int(truncatingIfNeeded: words.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
  }

  /// The layout as 3.13 tells it. The groups of words, each beginning with a size: 3 runtime_state,
  /// 6 interpreter_state, 19 thread_state, 28 interpreter_frame, 34 code_object, 67 unicode_object.
  var layout313: Layout? {
    guard minor == 13 else { return nil }
    let layout = Layout(
      minor: 13,
      runtimeInterpretersHead: word(5), interpreterThreadsHead: word(9),
      threadNext: word(21), threadInterpreter: word(22), threadIdentifier: word(24),
      threadNativeIdentifier: word(25),
      threadFrame: word(23), cFrameCurrent: nil, threadDataStackChunk: word(26),
      framePrevious: word(29), frameCode: word(30), frameInstruction: word(31), frameOwner: word(33),
      codeFile: word(35), codeName: word(36), codeQualifiedName: word(37), codeLineTable: word(38),
      codeFirstLine: word(39), codeInstructions: word(43),
      // Not in the table: two words before the instructions in 3.13 (Include/cpython/code.h).
      codeFirstTraceable: word(43) - 16,
      asciiHeader: word(70), compactHeader: word(70) + 16,
      gil: .structure(interpreterOffset: word(14)))
    return layout.isPlausible ? layout : nil
  }
}

extension Layout {
  /// Whether every offset is one that a structure of CPython could have, so that a damaged table is refused
  /// before it is used.
  fileprivate var isPlausible: Bool {
    let small = [
      threadNext, threadInterpreter, threadIdentifier, threadNativeIdentifier, threadFrame,
      threadDataStackChunk,
      framePrevious, frameCode, frameInstruction, frameOwner,
      codeFile, codeName, codeQualifiedName, codeLineTable, codeFirstLine, codeInstructions,
      codeFirstTraceable, asciiHeader,
    ]
    return small.allSatisfy { $0 >= 0 && $0 < 1024 } && runtimeInterpretersHead > 0
      && runtimeInterpretersHead < 1 << 20
  }
}
