import Glibc

/// A Python object or frame, as the interpreter's C functions take them.
typealias ObjectPointer = UnsafeMutableRawPointer

/// `Py_tracefunc` (Include/cpython/pystate.h): profile object, frame, event, argument; not 0 means an exception.
typealias TraceFunction =
  @convention(c) (ObjectPointer?, ObjectPointer?, Int32, ObjectPointer?) -> Int32

/// The interpreter's own functions that the events engine calls, found by name in the running process: some aren't
/// in every version, and none is promised by the stable ABI as a whole. All need the GIL.
struct InterpreterCalls {
  typealias Reference = UnsafeMutablePointer<ObjectPointer?>

  /// The minor version of CPython 3.
  let minor: Int

  let setProfile: @convention(c) (TraceFunction?, ObjectPointer?) -> Void
  let currentFrame: @convention(c) () -> ObjectPointer?
  let lineNumber: @convention(c) (ObjectPointer) -> Int32
  let attribute: @convention(c) (ObjectPointer, UnsafePointer<CChar>) -> ObjectPointer?
  let increment: @convention(c) (ObjectPointer) -> Void
  let decrement: @convention(c) (ObjectPointer) -> Void
  let clearError: @convention(c) () -> Void
  private let fetchError: @convention(c) (Reference, Reference, Reference) -> Void
  private let restoreError: @convention(c) (ObjectPointer?, ObjectPointer?, ObjectPointer?) -> Void
  let writeUnraisable: @convention(c) (ObjectPointer?) -> Void
  let makeCapsule:
    @convention(c) (
      UnsafeMutableRawPointer, UnsafePointer<CChar>, (@convention(c) (ObjectPointer?) -> Void)?
    ) -> ObjectPointer?
  let makeWeakReference: @convention(c) (ObjectPointer, ObjectPointer?) -> ObjectPointer?
  let integer: @convention(c) (ObjectPointer) -> Int
  let float: @convention(c) (ObjectPointer) -> Double
  let tupleSize: @convention(c) (ObjectPointer) -> Int
  let tupleItem: @convention(c) (ObjectPointer, Int) -> ObjectPointer?
  let encode: @convention(c) (ObjectPointer, UnsafePointer<CChar>, UnsafePointer<CChar>) -> ObjectPointer?
  let bytes:
    @convention(c) (
      ObjectPointer, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, UnsafeMutablePointer<Int>
    ) -> Int32
  let callObject: @convention(c) (ObjectPointer, ObjectPointer?) -> ObjectPointer?
  let typeFlags: @convention(c) (ObjectPointer) -> UInt
  let errorOccurred: @convention(c) () -> ObjectPointer?
  /// `PySys_GetObject`: a borrowed reference.
  let systemObject: @convention(c) (UnsafePointer<CChar>) -> ObjectPointer?

  /// `PyWeakref_GetRef` (3.13) or `PyWeakref_GetObject`.
  private let weakReferenceTarget: (@convention(c) (ObjectPointer) -> ObjectPointer?)?
  private let weakReferenceGet:
    (@convention(c) (ObjectPointer, UnsafeMutablePointer<ObjectPointer?>) -> Int32)?
  /// 3.9 and later; the structure is read before.
  private let frameBack: (@convention(c) (ObjectPointer) -> ObjectPointer?)?
  private let frameCode: (@convention(c) (ObjectPointer) -> ObjectPointer?)?
  /// 3.11 and later.
  private let frameLastInstruction: (@convention(c) (ObjectPointer) -> Int32)?
  /// 3.12 and later.
  let frameVariable: (@convention(c) (ObjectPointer, ObjectPointer) -> ObjectPointer?)?
  /// 3.7 and later.
  let contextVariable:
    (@convention(c) (ObjectPointer, ObjectPointer?, UnsafeMutablePointer<ObjectPointer?>) -> Int32)?
  let makeContext: (@convention(c) () -> ObjectPointer?)?
  let enterContext: (@convention(c) (ObjectPointer) -> Int32)?
  let exitContext: (@convention(c) (ObjectPointer) -> Int32)?

  /// Finds everything; gives the name of the first function that is missing.
  static func find(minor: Int) -> Result<InterpreterCalls, MissingSymbol> {
    var finder = SymbolFinder()
    let calls = InterpreterCalls(minor: minor, finder: &finder)
    if let missing = finder.firstMissing { return .failure(MissingSymbol(name: missing)) }
    guard let calls else { return .failure(MissingSymbol(name: "PyEval_SetProfile")) }
    return .success(calls)
  }

  private init?(minor: Int, finder: inout SymbolFinder) {
    self.minor = minor
    guard let setProfile = finder.required("PyEval_SetProfile"),
      let currentFrame = finder.required("PyEval_GetFrame"),
      let lineNumber = finder.required("PyFrame_GetLineNumber"),
      let attribute = finder.required("PyObject_GetAttrString"),
      let increment = finder.required("Py_IncRef"),
      let decrement = finder.required("Py_DecRef"),
      let clearError = finder.required("PyErr_Clear"),
      let fetchError = finder.required("PyErr_Fetch"),
      let restoreError = finder.required("PyErr_Restore"),
      let writeUnraisable = finder.required("PyErr_WriteUnraisable"),
      let makeCapsule = finder.required("PyCapsule_New"),
      let makeWeakReference = finder.required("PyWeakref_NewRef"),
      let integer = finder.required("PyLong_AsLong"),
      let float = finder.required("PyFloat_AsDouble"),
      let tupleSize = finder.required("PyTuple_Size"),
      let tupleItem = finder.required("PyTuple_GetItem"),
      let encode = finder.required("PyUnicode_AsEncodedString"),
      let bytes = finder.required("PyBytes_AsStringAndSize"),
      let callObject = finder.required("PyObject_CallObject"),
      let typeFlags = finder.required("PyType_GetFlags"),
      let errorOccurred = finder.required("PyErr_Occurred"),
      let systemObject = finder.required("PySys_GetObject")
    else { return nil }
    // Safe: each is the C function of that name, cast to its prototype in CPython's headers.
    self.setProfile = Self.function(setProfile)
    self.currentFrame = Self.function(currentFrame)
    self.lineNumber = Self.function(lineNumber)
    self.attribute = Self.function(attribute)
    self.increment = Self.function(increment)
    self.decrement = Self.function(decrement)
    self.clearError = Self.function(clearError)
    self.fetchError = Self.function(fetchError)
    self.restoreError = Self.function(restoreError)
    self.writeUnraisable = Self.function(writeUnraisable)
    self.makeCapsule = Self.function(makeCapsule)
    self.makeWeakReference = Self.function(makeWeakReference)
    self.integer = Self.function(integer)
    self.float = Self.function(float)
    self.tupleSize = Self.function(tupleSize)
    self.tupleItem = Self.function(tupleItem)
    self.encode = Self.function(encode)
    self.bytes = Self.function(bytes)
    self.callObject = Self.function(callObject)
    self.typeFlags = Self.function(typeFlags)
    self.errorOccurred = Self.function(errorOccurred)
    self.systemObject = Self.function(systemObject)
    weakReferenceGet = finder.optional("PyWeakref_GetRef")
    weakReferenceTarget = finder.optional("PyWeakref_GetObject")
    frameBack = finder.optional("PyFrame_GetBack")
    frameCode = finder.optional("PyFrame_GetCode")
    frameLastInstruction = finder.optional("PyFrame_GetLasti")
    frameVariable = finder.optional("PyFrame_GetVar")
    contextVariable = finder.optional("PyContextVar_Get")
    makeContext = finder.optional("PyContext_New")
    enterContext = finder.optional("PyContext_Enter")
    exitContext = finder.optional("PyContext_Exit")
    if frameBack == nil && minor > 8 { finder.note(missing: "PyFrame_GetBack") }
    if frameCode == nil && minor > 8 { finder.note(missing: "PyFrame_GetCode") }
    if weakReferenceGet == nil && weakReferenceTarget == nil { finder.note(missing: "PyWeakref_GetRef") }
  }

  /// Does what mustn't be done while an exception is set, and sets that again.
  func keepingException(_ body: () -> Void) {
    var type: ObjectPointer?
    var value: ObjectPointer?
    var traceback: ObjectPointer?
    fetchError(&type, &value, &traceback)
    body()
    restoreError(type, value, traceback)
  }

  /// The caller's frame, as a new reference; nil for the outermost one.
  @inline(__always)
  func back(of frame: ObjectPointer) -> ObjectPointer? {
    if let frameBack { return frameBack(frame) }
    // 3.7, 3.8: PyFrameObject.f_back (Include/frameobject.h).
    guard let back = frame.load(fromByteOffset: 24, as: ObjectPointer?.self) else { return nil }
    increment(back)
    return back
  }

  /// A frame's code object, as a new reference.
  @inline(__always)
  func code(of frame: ObjectPointer) -> ObjectPointer? {
    if let frameCode { return frameCode(frame) }
    // 3.7, 3.8: PyFrameObject.f_code.
    guard let code = frame.load(fromByteOffset: 32, as: ObjectPointer?.self) else { return nil }
    increment(code)
    return code
  }

  /// Which instruction a frame is at, in whatever unit; nil where that can't be told.
  @inline(__always)
  func instruction(of frame: ObjectPointer) -> Int32? {
    if let frameLastInstruction { return frameLastInstruction(frame) }
    // PyFrameObject.f_lasti: 3.7 to 3.9 at 104, 3.10 at 96.
    guard minor <= 10 else { return nil }
    return frame.load(fromByteOffset: minor == 10 ? 96 : 104, as: Int32.self)
  }

  /// Whether a weak reference still has its target.
  @inline(__always)
  func isAlive(_ reference: ObjectPointer, target: ObjectPointer) -> Bool {
    if let weakReferenceGet {
      var found: ObjectPointer?
      guard weakReferenceGet(reference, &found) == 1, let found else { return false }
      decrement(found)
      return found == target
    }
    return weakReferenceTarget?(reference) == target
  }

  /// The UTF-8 bytes of a `str` attribute; nil if there is none.
  func text(_ object: ObjectPointer, _ name: StaticString) -> [UInt8]? {
    guard let value = attribute(object, Self.cString(name)) else {
      clearError()
      return nil
    }
    defer { decrement(value) }
    return utf8(of: value)
  }

  /// The UTF-8 bytes of a `str`, lone surrogates in their three-byte form; nil for anything else.
  func utf8(of string: ObjectPointer) -> [UInt8]? {
    guard let encoded = encode(string, "utf-8", "surrogatepass") else {
      clearError()
      return nil
    }
    defer { decrement(encoded) }
    var base: UnsafeMutablePointer<CChar>?
    var count = 0
    guard bytes(encoded, &base, &count) == 0, let base else {
      clearError()
      return nil
    }
    return Array(UnsafeRawBufferPointer(start: base, count: count))
  }

  /// An `int` attribute; nil if there is none.
  func number(_ object: ObjectPointer, _ name: StaticString) -> Int? {
    guard let value = attribute(object, Self.cString(name)) else {
      clearError()
      return nil
    }
    defer { decrement(value) }
    let number = integer(value)
    if number == -1, errorOccurred() != nil {
      clearError()
      return nil
    }
    return number
  }

  private static func function<Function>(_ symbol: UnsafeMutableRawPointer) -> Function {
    unsafeBitCast(symbol, to: Function.self)
  }

  static func cString(_ string: StaticString) -> UnsafePointer<CChar> {
    UnsafeRawPointer(string.utf8Start).assumingMemoryBound(to: CChar.self)
  }
}

/// A function that this interpreter doesn't have.
struct MissingSymbol: Error {
  let name: String
}

/// Looks symbols up and remembers the first that isn't there.
private struct SymbolFinder {
  private(set) var firstMissing: String?

  mutating func required(_ name: String) -> UnsafeMutableRawPointer? {
    let found = dlsym(nil, name)
    if found == nil { note(missing: name) }
    return found
  }

  func optional<Function>(_ name: String) -> Function? {
    guard let found = dlsym(nil, name) else { return nil }
    return unsafeBitCast(found, to: Function.self)
  }

  mutating func note(missing name: String) {
    if firstMissing == nil { firstMissing = name }
  }
}
