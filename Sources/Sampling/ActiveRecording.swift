import Profile

/// Why a recording can't be stopped by the calling thread.
public enum RecordingStopError: Error {
  case alreadyStopped
  /// The recorded thread lives, and the caller is another one. The recording goes on.
  case wrongThread
  /// The timer function has raised an exception, which is set in the interpreter. Stopping once more asks it no more.
  case timerFailed
}

/// A recording of this process, from its start to `stop`, by whichever engine.
///
/// All calls are made with the GIL, as the interpreter's modules are.
public class ActiveRecording {
  init() {}

  /// Whether the recording has yet to be stopped. A forked child has none.
  public var isRunning: Bool { false }

  /// Whether the thread that started the recording has ended. Where it is the only one, the recording is closed.
  public var threadHasEnded: Bool { false }

  /// Ends the recording and gives its session.
  ///
  /// - Parameters:
  ///   - threadState: The address of the calling thread's `PyThreadState`.
  ///   - metadata: What the caller knows; duration, intervals and engine are filled in here.
  ///   - threadNames: Gives the names of threads by the kernel's number, as `threading` has them. Called when nothing is
  ///     recorded any more.
  ///   - withoutGIL: Runs its argument with the GIL released.
  public func stop(
    threadState: UInt64, metadata: SessionMetadata, threadNames: () -> [UInt64: String],
    withoutGIL: (() -> Void) -> Void
  ) throws(RecordingStopError) -> Session { throw .alreadyStopped }

  /// Ends the threads of all recordings of the process for a while: before a fork, so that none of them is in the midst
  /// of something. Time goes on counting.
  public static func pauseAll() {
    SamplerRegistry.pause()
    EventTracer.pauseAll()
  }

  /// Goes on after `pauseAll`. A forked child has no recordings to go on with, and its profile function is taken out.
  public static func resumeAll() throws(SamplerError) {
    EventTracer.resumeAll()
    try SamplerRegistry.resume()
  }
}
