/// Tells by three loads whether a frame is a generator's or coroutine's: asked at every return.
struct FrameFlagsReader: BitwiseCopyable {
  /// `PyFrameObject.f_frame` (3.11 to 3.13, Include/internal/pycore_frame.h); nil where the code is in the frame object.
  private let innerFrame: Int?
  /// The code object's place in the inner frame, or in the frame object (`f_code`, Include/frameobject.h).
  private let code: Int
  /// `co_flags` (Include/cpython/code.h; up to 3.8 Include/code.h).
  private let flags: Int

  /// Nil for versions whose structures aren't known, and where the running frame's flags aren't what its code object says.
  init?(calls: InterpreterCalls) {
    switch calls.minor {
    case 7: (innerFrame, code, flags) = (nil, 32, 32)
    case 8...10: (innerFrame, code, flags) = (nil, 32, 36)
    case 11: (innerFrame, code, flags) = (24, 32, 48)
    case 12, 13: (innerFrame, code, flags) = (24, 0, 48)
    default: return nil
    }
    guard let frame = calls.currentFrame(), let object = calls.code(of: frame) else { return nil }
    defer { calls.decrement(object) }
    guard codeObject(of: frame) == object, let expected = calls.number(object, "co_flags"),
      Int(object.load(fromByteOffset: flags, as: Int32.self)) == expected
    else { return nil }
  }

  /// Whether a return from this frame may be a suspension.
  @inline(__always)
  func isSuspendable(_ frame: ObjectPointer) -> Bool {
    // Safe: the frame of an event lives while the event is handled, and so does its code.
    guard let code = codeObject(of: frame) else { return true }
    return Int(code.load(fromByteOffset: flags, as: Int32.self)) & TracedCode.generatorFlags != 0
  }

  @inline(__always)
  private func codeObject(of frame: ObjectPointer) -> ObjectPointer? {
    var holder: ObjectPointer? = frame
    if let innerFrame { holder = frame.load(fromByteOffset: innerFrame, as: ObjectPointer?.self) }
    return holder?.load(fromByteOffset: code, as: ObjectPointer?.self)
  }
}
