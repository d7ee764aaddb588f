extension Layout {
  /// CPython 3.11: offsets of Include/cpython/{pystate,code,unicodeobject}.h and Include/internal/pycore_{frame,runtime}.h
  /// of 3.11.7, computed by `offsetof`.
  public static let cpython311 = Layout(
    minor: 11,
    runtimeInterpretersHead: 40,
    interpreterNext: 0, interpreterThreadsHead: 16, interpreterCodeGeneration: nil,
    threadNext: 8, threadInterpreter: 16, threadIdentifier: 152, threadNativeIdentifier: 160,
    threadFrame: 56, cFrameCurrent: 8, threadDataStackChunk: 296, threadBaseFrame: nil,
    threadTraceFunction: 72,
    framePrevious: 48, frameCode: 32, frameInstruction: 56, frameOwner: 69, frameLocals: 72,
    lastMarkOwner: nil, referenceTags: 0,
    codeFile: 112, codeName: 120, codeQualifiedName: 128, codeLineTable: 136, codeFirstLine: 72,
    codeInstructions: 184, codeFirstTraceable: 168,
    codeLocalCount: 80, codeVariableCount: 76, codeVariableNames: 96, codeExceptionTable: 40,
    asciiHeader: 48, compactHeader: 72, tupleItems: 24, typeQualifiedName: 864,
    gil: .runtime(offset: 360, currentThread: 576))

  /// The same on aarch64, where glibc's mutexes have 48 bytes and not 40: some stand before that pointer. Everything
  /// else is as on x86-64, in 3.12 as well.
  static let cpython311OnARM64: Layout = {
    var layout = cpython311
    layout.gil = .runtime(offset: 360, currentThread: 592)
    return layout
  }()

  /// CPython 3.12: the same headers of 3.12.1.
  public static let cpython312 = Layout(
    minor: 12,
    runtimeInterpretersHead: 40,
    interpreterNext: 0, interpreterThreadsHead: 72, interpreterCodeGeneration: nil,
    threadNext: 8, threadInterpreter: 16, threadIdentifier: 136, threadNativeIdentifier: 144,
    threadFrame: 56, cFrameCurrent: 0, threadDataStackChunk: 232, threadBaseFrame: nil,
    threadTraceFunction: nil,
    framePrevious: 8, frameCode: 0, frameInstruction: 56, frameOwner: 70, frameLocals: 72,
    lastMarkOwner: 3, referenceTags: 0,
    codeFile: 112, codeName: 120, codeQualifiedName: 128, codeLineTable: 136, codeFirstLine: 68,
    codeInstructions: 192, codeFirstTraceable: 176,
    codeLocalCount: 80, codeVariableCount: 72, codeVariableNames: 96, codeVersion: 92, codeExceptionTable: 40,
    asciiHeader: 40, compactHeader: 56, tupleItems: 24, typeQualifiedName: 872,
    gil: .interpreter(offset: 384))

  /// The layout of a minor version; `runtime` holds the start of the interpreter's `_PyRuntime`, from which
  /// 3.13 and later tell their own offsets. Nil for a version that isn't known.
  public static func of(minor: Int, runtime: UnsafeRawBufferPointer) -> Layout? {
    switch minor {
    case 11:
      #if arch(arm64)
        cpython311OnARM64
      #else
        cpython311
      #endif
    case 12: cpython312
    default: DebugOffsets(runtime)?.layout(minor: minor)
    }
  }

  /// The minor versions that `of(minor:runtime:)` knows.
  public static let supportedMinors = 11...15
}
