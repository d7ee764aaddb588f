import CPythonABI
import Glibc
import Profile

/// A recording of one thread of this process, from `start` to `stop`.
///
/// All calls are made with the GIL, as the interpreter's modules are.
public final class SamplerRecording: ActiveRecording {
  private var thread: UnsafeMutablePointer<ProcessThread>?
  private let process = getpid()
  private let interval: Int64
  private let identity: ThreadIdentity

  /// Starts to sample the calling thread.
  ///
  /// - Parameters:
  ///   - threadState: The address of the calling thread's `PyThreadState`.
  ///   - interval: Nanoseconds between samples.
  ///   - expectedCode: Addresses of the code objects of the calling thread's innermost frames, innermost first: what
  ///     the reader must find.
  public init(
    interpreter: InterpreterAddresses, threadState: UInt64, threadName: String, interval: Int64, own: OwnCode,
    expectedCode: [UInt64]
  ) throws(SamplerError) {
    self.interval = interval
    let memory = ProcessMemory()
    if let reason = memory.refusal() { throw .unreadableMemory(reason: reason) }
    identity = ThreadIdentity(
      address: threadState, thread: UInt64(pthread_self()), nativeIdentifier: UInt64(spinetail_gettid()))
    let thread = UnsafeMutablePointer<ProcessThread>.allocate(capacity: 1)
    thread.initialize(
      to: ProcessThread(
        identity, interpreter: interpreter, memory: memory, sequences: RestartableSequences(),
        threadName: threadName, interval: interval, own: own))
    self.thread = thread
    super.init()
    var batch = ReadBatch()
    let fault = thread.pointee.readAtRest(&batch)
    guard fault == nil, thread.pointee.chainBegins(with: expectedCode) else {
      release(thread)
      self.thread = nil
      let detail =
        fault.map { "its frames can't be followed (\($0))" } ?? "its frames aren't where they should be"
      throw .unknownLayout(release: "3.\(interpreter.layout.minor)", detail: detail)
    }
    thread.pointee.open(at: monotonicNow())
    do {
      try SamplerRegistry.withLock { () throws(SamplerError) in try SamplerRegistry.add(thread) }
    } catch {
      release(thread)
      self.thread = nil
      throw error
    }
  }

  deinit {
    guard let thread, process == getpid() else { return }
    try? SamplerRegistry.withLock { () throws(SamplerError) in SamplerRegistry.abandon(thread) }
    release(thread)
  }

  /// Whether the recording has yet to be stopped. A forked child has none.
  public override var isRunning: Bool { thread != nil && process == getpid() }

  /// Whether the recorded thread has ended, which closes the recording.
  public override var threadHasEnded: Bool {
    guard let thread, process == getpid() else { return false }
    let ended = try? SamplerRegistry.withLock { () throws(SamplerError) in
      thread.pointee.hasEnded || !thread.pointee.isAlive()
    }
    return ended ?? false
  }

  public override func stop(
    threadState: UInt64, metadata: SessionMetadata, withoutGIL: (() -> Void) -> Void
  ) throws(RecordingStopError) -> Session {
    guard let thread, process == getpid() else { throw .alreadyStopped }
    let isOwn = threadState == identity.address && UInt64(spinetail_gettid()) == identity.nativeIdentifier
    guard isOwn || threadHasEnded else { throw .wrongThread }
    let crew = try? SamplerRegistry.withLock { () throws(SamplerError) in SamplerRegistry.remove(thread) }
    if !thread.pointee.hasEnded {
      var batch = ReadBatch()
      // The calling thread's own stack stands still. Where nothing of the program is on it any more, and for a thread
      // that has ended, the time since the last sample belongs to that sample's stack.
      if isOwn, thread.pointee.readAtRest(&batch) == nil, thread.pointee.currentStack() != .empty {
        thread.pointee.record(.heldGIL, at: monotonicNow())
      } else {
        thread.pointee.close(at: monotonicNow())
      }
    }
    if let crew = crew ?? nil {
      withoutGIL { SamplerCrew.joinAndFree(crew) }
    }
    self.thread = nil
    var metadata = metadata
    metadata.duration = Double(thread.pointee.lastSampleTime - thread.pointee.startTime) / 1e9
    metadata.minInterval = Double(interval) / 1e9
    metadata.maxInterval = metadata.minInterval
    let session = thread.pointee.finish(metadata)
    release(thread)
    return session
  }

  private func release(_ thread: UnsafeMutablePointer<ProcessThread>) {
    thread.pointee.releaseBuffers()
    thread.deinitialize(count: 1)
    thread.deallocate()
  }
}
