import CPythonABI
import Glibc
import Profile

/// The one crew of this process, and the lock that guards it.
enum SamplerRegistry {
  /// Guards the crew and all recordings that it serves.
  nonisolated(unsafe) static let lock: UnsafeMutablePointer<pthread_mutex_t> = {
    let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    lock.initialize(to: pthread_mutex_t())
    pthread_mutex_init(lock, nil)
    return lock
  }()

  // Unsafe as the compiler sees it: guarded by `lock`.
  private nonisolated(unsafe) static var crew: UnsafeMutablePointer<SamplerCrew>?
  private nonisolated(unsafe) static var process: pid_t = 0
  /// A crew that would soon be made again stays for so long, in nanoseconds.
  private static let stay: Int64 = 200_000_000
  /// When the last crew was told to quit, on the monotonic clock, and whether the present one was made soon after.
  private nonisolated(unsafe) static var lastQuit = Int64.min
  private nonisolated(unsafe) static var isOftenNeeded = false
  /// Recordings that nobody samples just now.
  private nonisolated(unsafe) static var paused = Column<UnsafeMutablePointer<ProcessRecording>>()

  /// Runs `body` with the lock. In a forked child, which has none of its parent's sampler threads and may have got
  /// the lock in any state, everything begins anew. Called with the GIL, so by one thread at a time.
  static func withLock<Result>(_ body: () throws(SamplerError) -> Result) throws(SamplerError) -> Result {
    let current = getpid()
    if process != current {
      if process != 0 { pthread_mutex_init(lock, nil) }
      crew = nil
      paused.removeAll()
      process = current
    }
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return try body()
  }

  /// Puts a recording into the crew's care, making the crew if there is none. With the lock.
  static func add(_ recording: UnsafeMutablePointer<ProcessRecording>) throws(SamplerError) {
    let current: UnsafeMutablePointer<SamplerCrew>
    if let crew {
      current = crew
    } else {
      guard let made = SamplerCrew(lock: lock, sequences: RestartableSequences()) else {
        throw .noThread(reason: String(cString: strerror(ENOMEM)))
      }
      current = .allocate(capacity: 1)
      current.initialize(to: made)
      isOftenNeeded = lastQuit != .min && monotonicNow() - lastQuit < stay
    }
    let error = SamplerCrew.add(recording, to: current)
    guard error == 0 else {
      if crew == nil {
        current.deinitialize(count: 1)
        current.deallocate()
      }
      throw .noThread(reason: String(cString: strerror(error)))
    }
    crew = current
  }

  /// Takes a recording out of the crew's care, if it is still in. If that was the last one, the crew is told to quit and
  /// given to the caller, who must join and free it without the lock. Where recordings follow one another, as requests
  /// do, it stays for a while instead and goes by itself. With the lock.
  static func remove(_ recording: UnsafeMutablePointer<ProcessRecording>) -> UnsafeMutablePointer<
    SamplerCrew
  >? {
    forgetPaused(recording)
    guard let current = crew, current.pointee.remove(recording), current.pointee.isEmpty else { return nil }
    if isOftenNeeded {
      current.pointee.stayUntil = monotonicNow() + stay
      return nil
    }
    lastQuit = monotonicNow()
    crew = nil
    current.pointee.quit()
    return current
  }

  /// Takes a recording out and doesn't wait for anything: the crew goes by itself if that was the last one. With the
  /// lock.
  static func abandon(_ recording: UnsafeMutablePointer<ProcessRecording>) {
    forgetPaused(recording)
    guard let current = crew, current.pointee.remove(recording) else { return }
    current.pointee.wakeBatonHolder()
  }

  /// Ends all sampler threads and keeps the recordings for `resume`. With the GIL, which isn't released: the time is
  /// that of one look.
  static func pause() {
    let current = try? withLock { () throws(SamplerError) -> UnsafeMutablePointer<SamplerCrew>? in
      guard let current = crew else { return nil }
      current.pointee.removeAll(into: &paused)
      crew = nil
      current.pointee.quit()
      return current
    }
    if let current = current ?? nil { SamplerCrew.joinAndFree(current) }
  }

  /// Goes on with what `pause` kept. In a forked child there is nothing to go on with.
  static func resume() throws(SamplerError) {
    try withLock { () throws(SamplerError) in
      while let recording = paused.last {
        paused.truncate(to: paused.count - 1)
        try add(recording)
      }
    }
  }

  private static func forgetPaused(_ recording: UnsafeMutablePointer<ProcessRecording>) {
    for index in 0..<paused.count where paused[index] == recording {
      paused.swapRemove(at: index)
      return
    }
  }

  /// The crew dissolves by itself. With the lock.
  static func forgetCrew() {
    crew = nil
    lastQuit = monotonicNow()
  }
}
