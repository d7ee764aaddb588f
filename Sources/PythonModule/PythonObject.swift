import CPythonABI
import Glibc

/// A Python object, borrowed or owned as each function says.
typealias PythonObject = OpaquePointer

/// An exception is set in the interpreter: the function that the interpreter called gives NULL.
struct PythonError: Error {}

/// Conversions between Swift and Python. All need the GIL. Functions that make an object give a new reference.
enum Python {
  /// `None`, as a new reference.
  static func none() -> PythonObject? {
    guard let none = dlsym(nil, "_Py_NoneStruct") else { return nil }
    Py_IncRef(PythonObject(none))
    return PythonObject(none)
  }

  static func bool(_ value: Bool) -> PythonObject? { PyBool_FromLong(value ? 1 : 0) }

  static func int(_ value: Int) -> PythonObject? { PyLong_FromLongLong(Int64(value)) }

  static func int(_ value: UInt64) -> PythonObject? { PyLong_FromUnsignedLongLong(value) }

  /// Nanoseconds as the float seconds that Python works with.
  static func seconds(_ nanoseconds: Int64) -> PythonObject? { float(Double(nanoseconds) / 1e9) }

  static func float(_ value: Double) -> PythonObject? { PyFloat_FromDouble(value) }

  static func string(_ value: String) -> PythonObject? {
    var value = value
    return value.withUTF8 { string($0) }
  }

  /// A `str` of UTF-8 bytes, in which lone surrogates may have their three-byte form.
  static func string(_ utf8: UnsafeBufferPointer<UInt8>) -> PythonObject? {
    guard let base = utf8.baseAddress else { return PyUnicode_DecodeUTF8("", 0, nil) }
    return base.withMemoryRebound(to: CChar.self, capacity: utf8.count) { bytes in
      if let string = PyUnicode_DecodeUTF8(bytes, utf8.count, "surrogatepass") { return string }
      PyErr_Clear()
      return PyUnicode_DecodeUTF8(bytes, utf8.count, "replace")
    }
  }

  static func string(_ utf8: [UInt8]) -> PythonObject? { utf8.withUnsafeBufferPointer { string($0) } }

  static func bytes(_ bytes: UnsafeBufferPointer<UInt8>) -> PythonObject? {
    guard let base = bytes.baseAddress else { return PyBytes_FromStringAndSize(nil, 0) }
    return base.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
      PyBytes_FromStringAndSize($0, bytes.count)
    }
  }

  /// A tuple that takes over the references.
  static func tuple(_ items: [PythonObject?]) throws(PythonError) -> PythonObject {
    guard let tuple = PyTuple_New(items.count) else { throw PythonError() }
    for (index, item) in items.enumerated() {
      guard let item else {
        Py_DecRef(tuple)
        throw PythonError()
      }
      PyTuple_SetItem(tuple, index, item)
    }
    return tuple
  }

  /// A list of `count` items made by `item`.
  static func list(_ count: Int, _ item: (Int) throws(PythonError) -> PythonObject?) throws(PythonError)
    -> PythonObject
  {
    guard let list = PyList_New(count) else { throw PythonError() }
    for index in 0..<count {
      guard let made = try? item(index) else {
        Py_DecRef(list)
        throw PythonError()
      }
      PyList_SetItem(list, index, made)
    }
    return list
  }

  /// A dict that takes over the references.
  static func dict(_ items: KeyValuePairs<String, PythonObject?>) throws(PythonError) -> PythonObject {
    try dict(items.map { ($0.key, $0.value) })
  }

  /// The same of pairs.
  static func dict(_ items: [(String, PythonObject?)]) throws(PythonError) -> PythonObject {
    guard let dict = PyDict_New() else { throw PythonError() }
    for (key, value) in items {
      guard let value else {
        Py_DecRef(dict)
        throw PythonError()
      }
      PyDict_SetItemString(dict, key, value)
      Py_DecRef(value)
    }
    return dict
  }

  /// Sets a `ValueError`.
  static func failValue(_ message: String) -> PythonError {
    PyErr_SetString(spinetail_value_error(), message)
    return PythonError()
  }

  /// Sets a `RuntimeError`.
  static func fail(_ message: String) -> PythonError {
    PyErr_SetString(spinetail_runtime_error(), message)
    return PythonError()
  }
}

/// The arguments of one call, taken by position. Each getter throws with an exception set if the argument is missing
/// or of the wrong type.
struct Arguments {
  private let tuple: PythonObject?

  init(_ tuple: PythonObject?) { self.tuple = tuple }

  /// A borrowed reference.
  func object(_ index: Int) throws(PythonError) -> PythonObject {
    guard let tuple, let item = PyTuple_GetItem(tuple, index) else { throw PythonError() }
    return item
  }

  /// A borrowed reference, or nil for `None`.
  func optional(_ index: Int) throws(PythonError) -> PythonObject? {
    let item = try object(index)
    return UnsafeMutableRawPointer(item) == dlsym(nil, "_Py_NoneStruct") ? nil : item
  }

  func bool(_ index: Int) throws(PythonError) -> Bool {
    let value = PyObject_IsTrue(try object(index))
    guard value >= 0 else { throw PythonError() }
    return value != 0
  }

  func int(_ index: Int) throws(PythonError) -> Int {
    let value = PyLong_AsLongLong(try object(index))
    if value == -1 && PyErr_Occurred() != nil { throw PythonError() }
    return Int(value)
  }

  func double(_ index: Int) throws(PythonError) -> Double {
    let value = PyFloat_AsDouble(try object(index))
    if value == -1 && PyErr_Occurred() != nil { throw PythonError() }
    return value
  }

  func string(_ index: Int) throws(PythonError) -> String { try Self.string(try object(index)) }

  func strings(_ index: Int) throws(PythonError) -> [String] {
    try Self.items(try object(index)) { (item) throws(PythonError) in try Self.string(item) }
  }

  /// The UTF-8 bytes of a `str`, in which lone surrogates have their three-byte form.
  func utf8(_ index: Int) throws(PythonError) -> [UInt8] {
    try Self.withUTF8(of: try object(index)) { Array($0) }
  }

  func utf8List(_ index: Int) throws(PythonError) -> [[UInt8]] {
    try Self.items(try object(index)) { (item) throws(PythonError) in
      try Self.withUTF8(of: item) { Array($0) }
    }
  }

  /// The same of a sequence of pairs.
  func utf8Pairs(_ index: Int) throws(PythonError) -> [([UInt8], [UInt8])] {
    try Self.items(try object(index)) { (pair) throws(PythonError) in
      let texts = try Self.items(pair) { (item) throws(PythonError) in
        try Self.withUTF8(of: item) { Array($0) }
      }
      guard texts.count == 2 else { throw Python.failValue("a pair of strings was expected") }
      return (texts[0], texts[1])
    }
  }

  func addresses(_ index: Int) throws(PythonError) -> [UInt64] {
    try Self.items(try object(index)) { (item) throws(PythonError) in
      let value = PyLong_AsUnsignedLongLong(item)
      if value == UInt64.max && PyErr_Occurred() != nil { throw PythonError() }
      return value
    }
  }

  func ints(_ index: Int) throws(PythonError) -> [Int] {
    try Self.items(try object(index)) { (item) throws(PythonError) in
      let value = PyLong_AsLongLong(item)
      if value == -1 && PyErr_Occurred() != nil { throw PythonError() }
      return Int(value)
    }
  }

  /// The Swift objects in a sequence of capsules of that name.
  func capsules<Object: AnyObject>(
    _ index: Int, _ kind: CapsuleKind<Object>
  ) throws(PythonError) -> [Object] {
    try Self.items(try object(index)) { (item) throws(PythonError) in try kind.object(in: item) }
  }

  /// The Swift object in a capsule of that name.
  func capsule<Object: AnyObject>(_ index: Int, _ kind: CapsuleKind<Object>) throws(PythonError) -> Object {
    try kind.object(in: try object(index))
  }

  private static func items<Item>(
    _ sequence: PythonObject, _ convert: (PythonObject) throws(PythonError) -> Item
  ) throws(PythonError) -> [Item] {
    let count = PySequence_Size(sequence)
    guard count >= 0 else { throw PythonError() }
    var items: [Item] = []
    items.reserveCapacity(count)
    for index in 0..<count {
      guard let item = PySequence_GetItem(sequence, index) else { throw PythonError() }
      defer { Py_DecRef(item) }
      items.append(try convert(item))
    }
    return items
  }

  /// The contents of a `bytes` object, which belong to it.
  func bytes(_ index: Int) throws(PythonError) -> UnsafeRawBufferPointer {
    var bytes: UnsafeMutablePointer<CChar>?
    var length = 0
    guard PyBytes_AsStringAndSize(try object(index), &bytes, &length) == 0 else { throw PythonError() }
    return UnsafeRawBufferPointer(start: bytes, count: length)
  }

  /// Lone surrogates (undecodable bytes of file names) become U+FFFD.
  static func string(_ object: PythonObject) throws(PythonError) -> String {
    try withUTF8(of: object) { String(decoding: $0, as: UTF8.self) }
  }

  /// Calls `body` with the UTF-8 of a `str`, lone surrogates in their three-byte form.
  static func withUTF8<Result>(
    of object: PythonObject, _ body: (UnsafeBufferPointer<UInt8>) throws(PythonError) -> Result
  ) throws(PythonError) -> Result {
    guard let encoded = PyUnicode_AsEncodedString(object, "utf-8", "surrogatepass") else {
      throw PythonError()
    }
    defer { Py_DecRef(encoded) }
    var bytes: UnsafeMutablePointer<CChar>?
    var length = 0
    guard PyBytes_AsStringAndSize(encoded, &bytes, &length) == 0, let bytes else { throw PythonError() }
    let raw = UnsafeRawBufferPointer(start: bytes, count: length)
    return try body(raw.assumingMemoryBound(to: UInt8.self))
  }
}
