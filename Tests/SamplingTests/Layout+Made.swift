@testable import Sampling

/// What the interpreters' own tables say, as numbers: so that memory can be made up without them.
extension Layout {
  /// CPython 3.13.0.
  static let made313 = Layout(
    minor: 13, runtimeInterpretersHead: 632,
    interpreterNext: 7264, interpreterThreadsHead: 7344, interpreterCodeGeneration: nil,
    interpreterNextCodeVersion: 17000,
    threadNext: 8, threadInterpreter: 16, threadIdentifier: 152, threadNativeIdentifier: 160,
    threadFrame: 72, cFrameCurrent: nil, threadDataStackChunk: 232, threadBaseFrame: nil,
    threadTraceFunction: nil,
    framePrevious: 8, frameCode: 0, frameInstruction: 56, frameOwner: 70, frameLocals: 72,
    lastMarkOwner: 3, referenceTags: 0,
    codeFile: 112, codeName: 120, codeQualifiedName: 128, codeLineTable: 136, codeFirstLine: 68,
    codeInstructions: 200, codeFirstTraceable: 184,
    codeLocalCount: 80, codeVariableCount: 72, codeVariableNames: 96, codeVersion: 92,
    codeExceptionTable: 40,
    asciiHeader: 40, compactHeader: 56, tupleItems: 24, typeQualifiedName: 872,
    gil: .interpreter(offset: 16))

  /// CPython 3.14.10.
  static let made314 = Layout(
    minor: 14, runtimeInterpretersHead: 808,
    interpreterNext: 7272, interpreterThreadsHead: 7344, interpreterCodeGeneration: 7992,
    threadNext: 8, threadInterpreter: 16, threadIdentifier: 152, threadNativeIdentifier: 160,
    threadFrame: 72, cFrameCurrent: nil, threadDataStackChunk: 232, threadBaseFrame: nil,
    threadTraceFunction: nil,
    framePrevious: 8, frameCode: 0, frameInstruction: 56, frameOwner: 74, frameLocals: 80,
    lastMarkOwner: 4, referenceTags: 3,
    codeFile: 112, codeName: 120, codeQualifiedName: 128, codeLineTable: 136, codeFirstLine: 68,
    codeInstructions: 208, codeFirstTraceable: 192,
    codeLocalCount: 80, codeVariableCount: 72, codeVariableNames: 96, codeVersion: 92,
    codeExceptionTable: 40,
    asciiHeader: 40, compactHeader: 56, tupleItems: 32, typeQualifiedName: 872,
    gil: .interpreter(offset: 16))

  /// CPython 3.15.2.
  static let made315 = Layout(
    minor: 15, runtimeInterpretersHead: 936,
    interpreterNext: 7264, interpreterThreadsHead: 7336, interpreterCodeGeneration: 7944,
    threadNext: 8, threadInterpreter: 16, threadIdentifier: 176, threadNativeIdentifier: 184,
    threadFrame: 72, cFrameCurrent: nil, threadDataStackChunk: 256, threadBaseFrame: 80,
    threadTraceFunction: nil,
    framePrevious: 8, frameCode: 0, frameInstruction: 56, frameOwner: 74, frameLocals: 80,
    lastMarkOwner: 3, referenceTags: 3,
    codeFile: 112, codeName: 120, codeQualifiedName: 128, codeLineTable: 136, codeFirstLine: 68,
    codeInstructions: 208, codeFirstTraceable: 192,
    codeLocalCount: 80, codeVariableCount: 72, codeVariableNames: 96, codeVersion: 92,
    codeExceptionTable: 40,
    asciiHeader: 40, compactHeader: 56, tupleItems: 32, typeQualifiedName: 880,
    gil: .interpreter(offset: 16))
}
