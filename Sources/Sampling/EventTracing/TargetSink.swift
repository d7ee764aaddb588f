import Profile

/// A sink that hands samples to a Python function, as frame-info strings.
final class TargetSink: EventSink {
  /// Owned.
  private let target: ObjectPointer
  private let threadInfo: [UInt8]
  /// Makes `target`'s arguments and calls it; false with an exception set.
  private let call: TargetCall

  /// Calls a Python function with a stack (outermost frame first, UTF-8), seconds, and the state and stack of a sink that
  /// belongs to contexts. False with an exception set.
  typealias TargetCall = (
    _ target: ObjectPointer, _ stack: [[UInt8]], _ seconds: Double, _ state: String?, _ info: [[UInt8]]?
  ) -> Bool

  init(
    target: ObjectPointer, interval: Int64, timer: ObjectPointer?, token: ObjectPointer?, threadName: String,
    threadIdentifier: UInt64, call: @escaping TargetCall
  ) {
    self.target = target
    self.call = call
    threadInfo = FrameInfo(threadName: threadName, identifier: threadIdentifier).text
    // The real stack is handed over in every state, and the state beside it.
    super.init(interval: interval, timer: timer, token: token, mode: token == nil ? .disabled : .enabled)
  }

  override var showsRealStack: Bool { true }

  override func take(_ stack: TracedStack, elapsed: Int64, reader: FrameReader) -> Bool {
    let info = state == .inContext ? nil : [threadInfo] + self.info.map { FrameInfo.text($0, reader: reader) }
    // It may unsubscribe itself.
    reader.calls.increment(target)
    defer { reader.calls.decrement(target) }
    return call(
      target, [threadInfo] + stack.map { FrameInfo.text($0, reader: reader) }, Double(elapsed) / 1e9,
      token == nil ? nil : state.rawValue, info)
  }

  func release(_ calls: InterpreterCalls) { calls.decrement(target) }
}

extension FrameInfo {
  /// The frame as the string that pyinstrument has for it.
  static func text(_ frame: TracedFrame, reader: FrameReader) -> [UInt8] {
    switch frame.kind {
    case .await: return FrameInfo(SyntheticLeaf.await).text
    case .outOfContext: return FrameInfo(SyntheticLeaf.outOfContext).text
    case .builtIn:
      return FrameInfo(name: reader.text(frame.row), file: Array("<built-in>".utf8), firstLine: 0).text
    case .python:
      let code = reader.codes[Int(frame.row)]
      return FrameInfo(
        name: code.name, file: code.file, firstLine: code.firstLine,
        className: frame.className == 0 ? [] : reader.text(frame.className), line: frame.line,
        isHidden: code.isHidden
      ).text
    }
  }
}
