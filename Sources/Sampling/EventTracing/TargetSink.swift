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
    threadInfo = Array("\(threadName)\0<thread>\0\(threadIdentifier)".utf8)
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

/// Frames as the strings that sessions of pyinstrument hold.
enum FrameInfo {
  /// Name NUL file NUL first line, then attributes, each SOH, a letter and a value.
  static func text(_ frame: TracedFrame, reader: FrameReader) -> [UInt8] {
    switch frame.kind {
    case .await: return Array("[await]".utf8)
    case .outOfContext: return Array("[out-of-context]".utf8)
    case .builtIn: return reader.text(frame.row) + Array("\0<built-in>\u{0}0".utf8)
    case .python:
      let code = reader.codes[Int(frame.row)]
      var text = code.name + [0] + code.file + [0] + Array(String(code.firstLine).utf8)
      if frame.className != 0 { text += Array("\u{1}c".utf8) + reader.text(frame.className) }
      text += Array("\u{1}l\(frame.line)".utf8)
      if code.isHidden { text += Array("\u{1}h1".utf8) }
      return text
    }
  }
}
