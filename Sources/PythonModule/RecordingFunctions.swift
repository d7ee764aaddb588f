import CPythonABI
import Profile
import Sampling

/// `_native`'s functions over recordings. Their Python signatures stand in `_native.pyi`.
enum RecordingFunctions {
  static func start(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let own = OwnCode(
      folder: try arguments.string(2), stemFile: try arguments.string(4), stemFrames: try arguments.int(3))
    do {
      let interpreter = try InterpreterAddresses.ofThisProcess(version: String(cString: Py_GetVersion()))
      let recording = try SamplerRecording(
        interpreter: interpreter, threadState: currentThreadState(), threadName: try arguments.string(1),
        interval: max(1000, Int64(try arguments.int(0))), own: own, expectedCode: try arguments.addresses(5))
      return try Capsules.recording.wrap(recording)
    } catch let error as SamplerError {
      throw Python.fail(error.description)
    } catch {
      throw PythonError()
    }
  }

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
    do {
      let session = try recording.stop(threadState: currentThreadState(), metadata: metadata) { body in
        let state = PyEval_SaveThread()
        body()
        PyEval_RestoreThread(state)
      }
      return try Capsules.session.wrap(session)
    } catch SamplerRecording.StopError.wrongThread {
      throw Python.fail(
        "This profiler records another thread, which is still running: stop it on that thread.")
    } catch SamplerRecording.StopError.alreadyStopped {
      throw Python.fail("This profiler is not running: start() it first.")
    } catch {
      throw PythonError()
    }
  }

  static func pause(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    SamplerRecording.pauseAll()
    return Python.none()
  }

  static func resume(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    do { try SamplerRecording.resumeAll() } catch { throw Python.fail(error.description) }
    return Python.none()
  }

  private static func currentThreadState() -> UInt64 { UInt64(UInt(bitPattern: PyThreadState_Get())) }
}
