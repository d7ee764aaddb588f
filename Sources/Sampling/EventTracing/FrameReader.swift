import Glibc
import Profile

/// Reads frames through the interpreter's own functions, on the thread that runs them and with the GIL.
final class FrameReader {
  let calls: InterpreterCalls
  private(set) var codes: [TracedCode] = []
  private var rows: [ObjectPointer: Int32] = [:]
  /// Class names and C functions' names.
  private(set) var strings = StringTable()
  /// Lines by code and instruction: a line table is searched once for each place.
  private var lines: [UInt64: UInt32] = [:]
  private let cellType = dlsym(nil, "PyCell_Type")
  private let none = dlsym(nil, "_Py_NoneStruct")

  init(calls: InterpreterCalls) { self.calls = calls }

  deinit { for code in codes { code.release(calls) } }

  /// The stack whose innermost frame is `frame`, a borrowed reference; empty for nil.
  func stack(from frame: ObjectPointer?) -> TracedStack {
    var stack: TracedStack = []
    var current = frame
    if let current { calls.increment(current) }
    while let here = current {
      if let traced = traced(here) { stack.append(traced) }
      current = calls.back(of: here)
      calls.decrement(here)
    }
    stack.reverse()
    return stack
  }

  /// One frame.
  func traced(_ frame: ObjectPointer) -> TracedFrame? {
    guard let code = calls.code(of: frame) else { return nil }
    defer { calls.decrement(code) }
    guard let row = row(of: code) else { return nil }
    return TracedFrame(
      kind: .python, row: row, line: line(of: frame, row: row), className: className(of: frame, row: row))
  }

  /// The leaf for a C function.
  func builtIn(_ function: ObjectPointer) -> TracedFrame? {
    guard let name = calls.text(function, "__qualname__") ?? calls.text(function, "__name__") else {
      return nil
    }
    return TracedFrame(kind: .builtIn, row: intern(name))
  }

  /// Whether a frame is one of a generator or coroutine, which a return may have suspended.
  func isSuspendable(_ frame: ObjectPointer) -> Bool {
    guard let code = calls.code(of: frame) else { return false }
    defer { calls.decrement(code) }
    guard let row = row(of: code) else { return false }
    return codes[Int(row)].isSuspendable
  }

  /// The text of a row of `strings`.
  func text(_ row: Int32) -> [UInt8] { strings.withBytes(StringID(rawValue: UInt32(row))) { Array($0) } }

  private func row(of code: ObjectPointer) -> Int32? {
    if let row = rows[code], calls.isAlive(codes[Int(row)].reference, target: code) { return row }
    guard let traced = TracedCode(code, calls: calls) else { return nil }
    let row = Int32(truncatingIfNeeded: codes.count)
    codes.append(traced)
    rows[code] = row
    return row
  }

  private func line(of frame: ObjectPointer, row: Int32) -> UInt32 {
    guard let instruction = calls.instruction(of: frame) else {
      return UInt32(clamping: calls.lineNumber(frame))
    }
    let key = UInt64(UInt32(bitPattern: row)) << 32 | UInt64(UInt32(bitPattern: instruction))
    if let line = lines[key] { return line }
    let line = UInt32(clamping: calls.lineNumber(frame))
    lines[key] = line
    return line
  }

  /// The class of `self`, or the one that `cls` is; 0 if there is none.
  private func className(of frame: ObjectPointer, row: Int32) -> Int32 {
    guard let receiver = codes[Int(row)].receiver, let value = value(of: receiver, in: frame) else {
      return 0
    }
    defer { calls.decrement(value) }
    // `self = None` breaks a cycle, as in asyncio's Handle._run: it says nothing of the class.
    if value == none { return 0 }
    let type = value.load(fromByteOffset: CPythonConstants.objectType, as: ObjectPointer.self)
    var named = type
    if receiver.isClass {
      // Py_TPFLAGS_TYPE_SUBCLASS: the value is a class itself.
      guard calls.typeFlags(type) & (1 << 31) != 0 else { return 0 }
      named = value
    }
    // PyTypeObject.tp_name (Include/cpython/object.h): a dotted name for classes made in C.
    guard let text = named.load(fromByteOffset: 24, as: UnsafePointer<UInt8>?.self) else { return 0 }
    var name = UnsafeBufferPointer(
      start: text, count: strlen(UnsafeRawPointer(text).assumingMemoryBound(to: CChar.self)))
    if let dot = name.lastIndex(of: UInt8(ascii: ".")) {
      name = UnsafeBufferPointer(rebasing: name[(dot + 1)...])
    }
    return Int32(truncatingIfNeeded: strings.intern(name).rawValue)
  }

  /// The value of `self` or `cls` as a new reference; nil if it is unbound.
  private func value(of receiver: TracedCode.Receiver, in frame: ObjectPointer) -> ObjectPointer? {
    if let frameVariable = calls.frameVariable {
      guard let value = frameVariable(frame, receiver.name) else {
        calls.clearError()
        return nil
      }
      return value
    }
    let locals: ObjectPointer
    if calls.minor == 11 {
      // PyFrameObject.f_frame and _PyInterpreterFrame.localsplus (Include/internal/pycore_frame.h, 3.11).
      guard let inner = frame.load(fromByteOffset: 24, as: ObjectPointer?.self) else { return nil }
      locals = inner + 72
    } else {
      // PyFrameObject.f_localsplus (Include/frameobject.h: 3.7 to 3.9 at 360, 3.10 at 352).
      locals = frame + (calls.minor == 10 ? 352 : 360)
    }
    guard var value = (locals + receiver.slot * 8).load(as: ObjectPointer?.self) else { return nil }
    if value.load(fromByteOffset: CPythonConstants.objectType, as: ObjectPointer?.self) == cellType {
      // PyCellObject.ob_ref.
      guard let content = value.load(fromByteOffset: 16, as: ObjectPointer?.self) else { return nil }
      value = content
    }
    calls.increment(value)
    return value
  }

  private func intern(_ text: [UInt8]) -> Int32 {
    Int32(truncatingIfNeeded: text.withUnsafeBufferPointer { strings.intern($0) }.rawValue)
  }
}
