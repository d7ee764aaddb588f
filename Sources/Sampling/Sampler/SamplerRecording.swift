import CPythonABI
import Glibc
import Profile

/// A recording of this process by the sampler, from `start` to `stop`.
///
/// All calls are made with the GIL, as the interpreter's modules are.
public final class SamplerRecording: ActiveRecording {
  private var recording: UnsafeMutablePointer<ProcessRecording>?
  private let cache: UnsafeMutablePointer<CodeCache>
  private let process = getpid()
  private let interval: Int64
  private let identity: ThreadIdentity
  /// How many interpreters there were beside the recorded one at the start.
  private let otherInterpreters: Int

  /// Starts to sample the calling thread, or all.
  ///
  /// - Parameters:
  ///   - threadState: The address of the calling thread's `PyThreadState`.
  ///   - interval: Nanoseconds between samples.
  ///   - expectedCode: Addresses of the code objects of the calling thread's innermost frames, innermost first: what
  ///     the reader must find.
  public init(
    interpreter: InterpreterAddresses, threadState: UInt64, scope: RecordedScope, interval: Int64,
    own: OwnCode,
    expectedCode: [UInt64]
  ) throws(SamplerError) {
    self.interval = interval
    let memory = ProcessMemory()
    if let reason = memory.refusal() { throw .unreadableMemory(reason: reason) }
    otherInterpreters = interpreter.otherInterpreters(memory: memory)
    identity = ThreadIdentity(
      address: threadState, thread: UInt64(pthread_self()), nativeIdentifier: UInt64(spinetail_gettid()))
    cache = CodeCachePool.take(interpreter, own: own)
    let recording = UnsafeMutablePointer<ProcessRecording>.allocate(capacity: 1)
    recording.initialize(
      to: ProcessRecording(
        scope: scope, starter: identity, interpreter: interpreter, cache: cache, memory: memory,
        sequences: RestartableSequences(),
        interval: interval, own: own))
    self.recording = recording
    super.init()
    do {
      try open(expectedCode: expectedCode)
      try SamplerRegistry.withLock { () throws(SamplerError) in try SamplerRegistry.add(recording) }
    } catch {
      release()
      throw error
    }
  }

  /// Looks at the starting thread, which must show what Python sees, and at the list of threads.
  private func open(expectedCode: [UInt64]) throws(SamplerError) {
    guard let recording else { return }
    let release = "3.\(recording.pointee.interpreter.layout.minor)"
    let starter = recording.pointee.starter
    var batch = ReadBatch()
    if let fault = recording.pointee.readAtRest(starter, &batch) {
      throw .unknownLayout(release: release, detail: "its frames can't be followed (\(fault))")
    }
    guard starter.pointee.chainBegins(with: expectedCode) else {
      throw .unknownLayout(release: release, detail: "its frames aren't where they should be")
    }
    let now = monotonicNow()
    if recording.pointee.scope == .all {
      // Threads may come and go just now.
      let isListed = (0..<100).contains { _ in recording.pointee.listThreads(at: now) }
      guard isListed, recording.pointee.thread(withState: identity.address) == starter else {
        throw .unknownLayout(release: release, detail: "its threads can't be listed")
      }
    }
    recording.pointee.open(at: now)
  }

  deinit {
    guard let recording, process == getpid() else { return }
    try? SamplerRegistry.withLock { () throws(SamplerError) in SamplerRegistry.abandon(recording) }
    release()
  }

  /// Whether the recording has yet to be stopped. A forked child has none.
  public override var isRunning: Bool { recording != nil && process == getpid() }

  /// Whether the thread that started the recording has ended. Where that is the only one, the recording is closed.
  public override var threadHasEnded: Bool {
    guard let recording, process == getpid() else { return false }
    let starter = recording.pointee.starter
    let ended = try? SamplerRegistry.withLock { () throws(SamplerError) in
      starter.pointee.hasEnded || !starter.pointee.isAlive()
    }
    return ended ?? false
  }

  public override func stop(
    threadState: UInt64, metadata: SessionMetadata, threadNames: () -> [UInt64: String],
    withoutGIL: (() -> Void) -> Void
  ) throws(RecordingStopError) -> Session {
    guard let recording, process == getpid() else { throw .alreadyStopped }
    let isOwn = threadState == identity.address && UInt64(spinetail_gettid()) == identity.nativeIdentifier
    guard isOwn || threadHasEnded else { throw .wrongThread }
    let crew = try? SamplerRegistry.withLock { () throws(SamplerError) in SamplerRegistry.remove(recording) }
    let starter = recording.pointee.starter
    // The calling thread's own stack stands still.
    var batch = ReadBatch()
    let isRead = isOwn && !starter.pointee.hasEnded && recording.pointee.readAtRest(starter, &batch) == nil
    // Where its memory can't be read any more it was taken for a thread that has ended.
    if isOwn, starter.pointee.hasEnded { starter.pointee.close(at: monotonicNow(), hasEnded: false) }
    recording.pointee.close(at: monotonicNow(), starterIsRead: isRead)
    if let crew = crew ?? nil {
      withoutGIL { SamplerCrew.joinAndFree(crew) }
    }
    var metadata = metadata
    metadata.duration = Double(recording.pointee.duration) / 1e9
    metadata.minInterval = Double(interval) / 1e9
    metadata.maxInterval = metadata.minInterval
    metadata.engineDetail = recording.pointee.memory.detail
    metadata.subinterpreterCount = max(
      otherInterpreters, recording.pointee.interpreter.otherInterpreters(memory: recording.pointee.memory))
    if metadata.subinterpreterCount > 0, recording.pointee.scope == .all {
      let count = metadata.subinterpreterCount
      metadata.notes.append(
        count == 1
          ? "the threads of a subinterpreter weren't recorded"
          : "the threads of \(count) subinterpreters weren't recorded")
    }
    let names = threadNames()
    let session = recording.pointee.finish(metadata) { names[$0] ?? "Thread \($0)" }
    release()
    return session
  }

  private func release() {
    guard let recording else { return }
    recording.pointee.releaseBuffers()
    recording.deinitialize(count: 1)
    recording.deallocate()
    self.recording = nil
    CodeCachePool.giveBack(cache)
  }
}
