import CPythonABI
import Glibc
import Profile
import Sampling

/// `_native`'s functions over recordings. Their Python signatures stand in `_native.pyi`.
enum RecordingFunctions {
  static func start(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let own = OwnCode(
      folder: try arguments.string(1), stemFile: try arguments.string(3), stemFrames: try arguments.int(2))
    do {
      let threadState = currentThreadState()
      let interpreter = try InterpreterAddresses.ofThisProcess(version: version, threadState: threadState)
      let recording = try SamplerRecording(
        interpreter: interpreter, threadState: threadState,
        scope: try arguments.bool(5) ? .all : .current, interval: max(1000, Int64(try arguments.int(0))),
        own: own, expectedCode: try arguments.addresses(4))
      return try Capsules.recording.wrap(recording)
    } catch {
      if try arguments.bool(6), let error = error as? SamplerError { return Python.string(error.clause) }
      throw raised(error)
    }
  }

  static func startEvents(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let own = OwnCode(
      folder: try arguments.string(2), stemFile: try arguments.string(4), stemFrames: try arguments.int(3))
    do {
      let recording = try EventRecording(
        version: version, threadState: currentThreadState(), threadName: try arguments.string(1),
        interval: max(1000, Int64(try arguments.int(0))), own: own, timer: try arguments.optional(5),
        asyncMode: try arguments.string(6), contextVariable: try arguments.optional(7),
        token: try arguments.optional(8))
      return try Capsules.recording.wrap(recording)
    } catch {
      throw raised(error)
    }
  }

  static func subscribe(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    do {
      let subscription = try EventSubscription(
        target: try arguments.object(0), version: version, threadState: currentThreadState(),
        threadName: try arguments.string(5), interval: max(1000, Int64(try arguments.int(1))),
        timer: try arguments.optional(2), contextVariable: try arguments.optional(3),
        token: try arguments.optional(4), call: deliver)
      return try Capsules.subscription.wrap(subscription)
    } catch {
      throw raised(error)
    }
  }

  static func unsubscribe(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    try arguments.capsule(0, Capsules.subscription).end()
    return Python.none()
  }

  static func samplerRefusal(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    do {
      _ = try InterpreterAddresses.ofThisProcess(version: version, threadState: currentThreadState())
    } catch {
      return Python.string(error.clause)
    }
    return Python.none()
  }

  static func samplerDetail(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    Python.string(ProcessMemory().detail)
  }

  static func frameInfo(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    do {
      let text = try EventSubscription.frameInfo(of: try arguments.object(0), version: version)
      return Python.string(text)
    } catch {
      throw raised(error)
    }
  }

  /// Calls a subscriber with a sample. False with an exception set.
  private static func deliver(
    _ target: PythonObject, _ stack: [[UInt8]], _ seconds: Double, _ state: String?, _ info: [[UInt8]]?
  ) -> Bool {
    do {
      let arguments = try Python.tuple([
        try texts(stack), Python.float(seconds), state.map { Python.string($0) } ?? Python.none(),
        try info.map { (info) throws(PythonError) in try texts(info) } ?? Python.none(),
      ])
      defer { Py_DecRef(arguments) }
      guard let result = PyObject_CallObject(target, arguments) else { return false }
      Py_DecRef(result)
      return true
    } catch {
      return false
    }
  }

  private static func texts(_ texts: [[UInt8]]) throws(PythonError) -> PythonObject? {
    try Python.list(texts.count) { (index) throws(PythonError) in
      Python.string(texts[index])
    }
  }

  /// What a function raises for an error: an exception that is set already, or a `RuntimeError`.
  private static func raised(_ error: any Error) -> PythonError {
    guard PyErr_Occurred() == nil, let error = error as? SamplerError else { return PythonError() }
    return Python.fail(error.description)
  }

  private static var version: String { String(cString: Py_GetVersion()) }

  static func isRunning(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    Python.bool(try arguments.capsule(0, Capsules.recording).isRunning)
  }

  static func threadHasEnded(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    Python.bool(try arguments.capsule(0, Capsules.recording).threadHasEnded)
  }

  static func stop(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let recording = try arguments.capsule(0, Capsules.recording)
    var metadata = SessionMetadata()
    metadata.startTime = try arguments.double(1)
    metadata.cpuTime = try arguments.double(2)
    metadata.targetDescription = try arguments.string(3)
    metadata.pythonVersion = try arguments.string(4)
    metadata.sysPath = try arguments.strings(5)
    metadata.sysPrefixes = try arguments.strings(6)
    metadata.engineReason = try arguments.string(7)
    let names = try arguments.object(8)
    metadata.commandLine = try arguments.strings(9)
    metadata.notes = try arguments.strings(10)
    do {
      let session = try recording.stop(
        threadState: currentThreadState(), metadata: metadata, threadNames: { threadNames(names) }
      ) { body in
        let state = PyEval_SaveThread()
        body()
        PyEval_RestoreThread(state)
      }
      return try Capsules.session.wrap(session)
    } catch RecordingStopError.wrongThread {
      throw Python.fail(
        "This profiler records another thread, which is still running: stop it on that thread.")
    } catch RecordingStopError.alreadyStopped {
      throw Python.fail("This profiler is not running: start() it first.")
    } catch {
      throw PythonError()
    }
  }

  /// Names by the kernel's number of the thread, from a function that gives a sequence of pairs. Those that can't be had
  /// are missing: a profile isn't lost for that.
  private static func threadNames(_ function: PythonObject) -> [UInt64: String] {
    var names: [UInt64: String] = [:]
    do {
      guard let pairs = PyObject_CallObject(function, nil) else { throw PythonError() }
      defer { Py_DecRef(pairs) }
      let count = PySequence_Size(pairs)
      guard count >= 0 else { throw PythonError() }
      for index in 0..<count {
        guard let pair = PySequence_GetItem(pairs, index) else { throw PythonError() }
        defer { Py_DecRef(pair) }
        let fields = Arguments(pair)
        names[UInt64(clamping: try fields.int(0))] = try fields.string(1)
      }
    } catch {
      PyErr_Clear()
    }
    return names
  }

  // Unsafe as the compiler sees it: guarded by the GIL.
  private nonisolated(unsafe) static var pausedProcess: pid_t = 0

  static func pause(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    pausedProcess = getpid()
    ActiveRecording.pauseAll()
    return Python.none()
  }

  /// CPython 3.13 and later count the process's threads after the hooks of a fork, to warn of them (`os_fork_impl` in
  /// Modules/posixmodule.c). So on the main thread ours start again when the interpreter next runs pending calls: right
  /// after `fork` has returned. Other threads have no such calls of their own.
  static func resume(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let isMainThread = spinetail_gettid() == getpid()
    if pausedProcess == getpid(), isMainThread, Py_AddPendingCall(resumeLater, nil) == 0 {
      return Python.none()
    }
    do { try ActiveRecording.resumeAll() } catch { throw Python.fail(error.description) }
    return Python.none()
  }

  private static let resumeLater: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = { _ in
    // Without threads to be had the recording goes on without samples, and its time is kept.
    try? ActiveRecording.resumeAll()
    return 0
  }

  private static func currentThreadState() -> UInt64 { UInt64(UInt(bitPattern: PyThreadState_Get())) }
}
