import CPythonABI
import Profile

/// `_native`'s functions that turn sessions into files and records, and back. Their Python signatures stand in
/// `_native.pyi`.
enum SessionFileFunctions {
  static func read(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let file = try arguments.bytes(0)
    let sysPath = try arguments.strings(1)
    let sysPrefixes = try arguments.strings(2)
    // The caller's arguments keep the bytes meanwhile.
    let read: Result<Session, SessionFileError> = withoutGIL {
      do throws(SessionFileError) {
        return .success(try Session.inFile(file, sysPath: sysPath, sysPrefixes: sysPrefixes))
      } catch {
        return .failure(error)
      }
    }
    switch read {
    case .success(let session): return try Capsules.session.wrap(session)
    case .failure(let error): throw raised(error)
    }
  }

  static func bytes(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let session = try arguments.capsule(0, Capsules.session)
    let sources = try arguments.utf8Pairs(1).map { SourceText(path: $0, text: $1) }
    do throws(SessionFileError) {
      return try SessionFile.bytes(of: session, sources: sources).withElements { Python.bytes($0) }
    } catch {
      throw raised(error)
    }
  }

  static func jsonWriter(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    try Capsules.jsonWriter.wrap(PyinstrumentWriter(try arguments.capsule(0, Capsules.session)))
  }

  static func jsonPiece(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    try arguments.capsule(0, Capsules.jsonWriter).nextPiece(size: 1 << 20) { Python.bytes($0) }
  }

  static func json(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let writer = PyinstrumentWriter(try arguments.capsule(0, Capsules.session))
    return writer.nextPiece(size: .max) { Python.string($0) }
  }

  static func frameRecords(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let session = try arguments.capsule(0, Capsules.session)
    let infos = try Python.list(session.frames.count) { (index) throws(PythonError) in
      Python.string(session.frameInfo(of: FrameID(index: index)).text)
    }
    defer { Py_DecRef(infos) }
    let records = try Python.list(0) { (_) throws(PythonError) in nil }
    do throws(PythonError) {
      for thread in session.threads { try append(thread, of: session, infos: infos, to: records) }
    } catch {
      Py_DecRef(records)
      throw error
    }
    return records
  }

  private static func append(
    _ thread: ThreadSamples, of session: Session, infos: PythonObject, to records: PythonObject
  ) throws(PythonError) {
    let root = session.frameInfo(of: thread).flatMap { info in
      Python.string(info.text)
    }
    defer { if let root { Py_DecRef(root) } }
    for row in 0..<thread.samples.count {
      let sample = thread.samples[row]
      let path = session.stacks.path(of: sample.stack)
      let shift = root == nil ? 0 : 1
      let stack = try Python.list(path.count + shift) { (index) throws(PythonError) in
        guard let item = index < shift ? root : PyList_GetItem(infos, path[index - shift].index) else {
          throw PythonError()
        }
        Py_IncRef(item)
        return item
      }
      let record = try Python.tuple([stack, Python.seconds(sample.wallTime)])
      defer { Py_DecRef(record) }
      guard PyList_Append(records, record) == 0 else { throw PythonError() }
    }
  }

  static func startCallStack(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let stack = try arguments.capsule(0, Capsules.session).startCallStack
    return try Python.list(stack.count) { (index) throws(PythonError) in
      Python.string(stack[index].text)
    }
  }

  static func make(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    var metadata = SessionMetadata()
    metadata.engine = ""
    metadata.startTime = try arguments.double(2)
    metadata.duration = try arguments.double(3)
    metadata.minInterval = try arguments.double(4)
    metadata.maxInterval = try arguments.double(5)
    metadata.sampleCount = try arguments.int(6)
    metadata.targetDescription = try arguments.string(7)
    metadata.cpuTime = try arguments.double(8)
    metadata.sysPath = try arguments.strings(9)
    metadata.sysPrefixes = try arguments.strings(10)
    if let problem = metadata.problem { throw Python.failValue(problem) }
    let builder = try builder(records: try arguments.object(0), startStack: try arguments.object(1))
    return try Capsules.session.wrap(builder.session(metadata))
  }

  private static func builder(
    records: PythonObject, startStack: PythonObject
  ) throws(PythonError) -> FrameRecordBuilder {
    var builder = FrameRecordBuilder()
    try push(startStack, to: &builder)
    builder.takeStartStack()
    let count = PySequence_Size(records)
    guard count >= 0 else { throw PythonError() }
    for index in 0..<count {
      let record = try item(of: records, index)
      defer { Py_DecRef(record) }
      guard PySequence_Size(record) == 2 else {
        if PyErr_Occurred() != nil { throw PythonError() }
        throw Python.failValue("a frame record is a stack and a time, and record \(index + 1) isn't")
      }
      let stack = try item(of: record, 0)
      defer { Py_DecRef(stack) }
      try push(stack, to: &builder)
      let time = try item(of: record, 1)
      defer { Py_DecRef(time) }
      let seconds = PyFloat_AsDouble(time)
      if seconds == -1 && PyErr_Occurred() != nil { throw PythonError() }
      do throws(SessionFileError) { try builder.add(seconds: seconds) } catch {
        throw raised(error, inFile: false)
      }
    }
    return builder
  }

  /// Makes a sequence of frame-info strings the builder's current stack.
  private static func push(_ stack: PythonObject, to builder: inout FrameRecordBuilder) throws(PythonError) {
    builder.truncate(to: 0)
    let count = PySequence_Size(stack)
    guard count >= 0 else { throw PythonError() }
    for index in 0..<count {
      let text = try item(of: stack, index)
      defer { Py_DecRef(text) }
      let row = try Arguments.withUTF8(of: text) { builder.row(of: $0) }
      do throws(SessionFileError) { try builder.push(row) } catch { throw raised(error, inFile: false) }
    }
  }

  /// A new reference.
  private static func item(of sequence: PythonObject, _ index: Int) throws(PythonError) -> PythonObject {
    guard let item = PySequence_GetItem(sequence, index) else { throw PythonError() }
    return item
  }

  /// What is said of a damaged file, or of records that aren't in one.
  private static func raised(_ error: SessionFileError, inFile: Bool = true) -> PythonError {
    if !inFile, case .damaged(let reason) = error { return Python.failValue(reason) }
    return Python.failValue(error.description)
  }

  /// Runs `body`, which uses no Python object, while other threads run Python.
  private static func withoutGIL<Result>(_ body: () -> Result) -> Result {
    let state = PyEval_SaveThread()
    defer { PyEval_RestoreThread(state) }
    return body()
  }
}
