import CPythonABI
import Glibc
import Profile

/// A recording of this process.
typealias ProcessRecording = ProgramRecording<ProcessMemory>

/// The sampler threads of this process, one a CPU, made when first needed, and the recordings they serve.
///
/// One of them at a time has the *baton*. It sleeps until the next beat is due, looks at the threads if the one
/// that could move is on its own CPU, and otherwise hands the baton to the worker of that CPU, which goes on with the same
/// beat. So nobody is moved and every look is made from where nothing can move meanwhile.
///
/// Everything here is guarded by one lock for the process, `SamplerCrew.lock`, which is held over a look and never
/// over a sleep. Sampler threads never take the GIL, so a Python thread may wait for the lock while it has it.
struct SamplerCrew: ~Copyable {
  /// CPU numbers are below this.
  static let processorLimit = 8192
  /// A beat is tried this often before it is looked at from elsewhere.
  static let attemptLimit = 6
  /// How long a target that stands between two stores is given to get on, at first: where others want its CPU, it may take
  /// longer.
  private static let napNanoseconds: Int64 = 40_000
  /// How long a CPU isn't tried again that the system has refused. Masks may change at any time.
  private static let refusalNanoseconds: Int64 = 1_000_000_000
  /// After a look the sampler keeps still for this many times what the look cost, so that it never takes more than
  /// a quarter of a CPU, however many or deep the stacks are.
  private static let restFactor: Int64 = 3

  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let sequences: RestartableSequences?
  private var reader = SnapshotReader<ProcessMemory>()
  private var recordings = Column<UnsafeMutablePointer<ProcessRecording>>(minimumCapacity: 16)
  /// Workers by CPU number.
  private let workers: UnsafeMutablePointer<UnsafeMutablePointer<SamplerWorker>?>
  private var batonHolder: Int32 = -1
  /// No beat before this time on the monotonic clock.
  private var restUntil: Int64 = 0
  /// Until when an idle crew stays, on the monotonic clock.
  var stayUntil: Int64 = 0
  private var isQuitting = false
  /// Nobody joins the workers: the last one frees the crew.
  private var isDissolved = false
  private var livingWorkers: Int32 = 0

  init?(lock: UnsafeMutablePointer<pthread_mutex_t>, sequences: RestartableSequences?) {
    // Zeroed lazily by the system: most of it is never touched.
    let pointerSize = MemoryLayout<UnsafeMutablePointer<SamplerWorker>?>.stride
    guard let table = calloc(Self.processorLimit, pointerSize) else { return nil }
    workers = table.assumingMemoryBound(to: UnsafeMutablePointer<SamplerWorker>?.self)
    self.lock = lock
    self.sequences = sequences
  }

  deinit {
    for processor in 0..<Self.processorLimit {
      guard let worker = workers[processor] else { continue }
      worker.deallocate()
    }
    free(workers)
  }

  // MARK: - For the threads that start and stop recordings (with the lock)

  var isEmpty: Bool { recordings.count == 0 }

  /// Adds a recording and sees to it that somebody has the baton. Gives the system's error number, 0 if all is well.
  static func add(
    _ recording: UnsafeMutablePointer<ProcessRecording>, to crew: UnsafeMutablePointer<SamplerCrew>
  )
    -> Int32
  {
    if crew.pointee.isEmpty {
      // Where the starting thread is now, it is likely to be at the first beat.
      let processor = ThreadObserver(sequences: crew.pointee.sequences).processor
      let hasWorker =
        processor >= 0 && processor < processorLimit && crew.pointee.workers[Int(processor)] != nil
      let error = hasWorker ? 0 : crew.pointee.makeWorker(on: processor, crew: crew)
      guard error == 0 || crew.pointee.batonHolder >= 0 else { return error }
      if error == 0 { crew.pointee.batonHolder = processor }
    }
    crew.pointee.recordings.append(recording)
    crew.pointee.wakeBatonHolder()
    return 0
  }

  /// Takes a recording out; false if it isn't in (its thread has ended).
  mutating func remove(_ recording: UnsafeMutablePointer<ProcessRecording>) -> Bool {
    for index in 0..<recordings.count where recordings[index] == recording {
      recordings.swapRemove(at: index)
      return true
    }
    return false
  }

  /// Moves all recordings into `list`.
  mutating func removeAll(into list: inout Column<UnsafeMutablePointer<ProcessRecording>>) {
    recordings.withElements { list.append(contentsOf: $0) }
    recordings.removeAll()
  }

  /// Lets the baton's holder see what has changed.
  mutating func wakeBatonHolder() {
    if batonHolder >= 0, let worker = workers[Int(batonHolder)] { SamplerWorker.wake(worker) }
  }

  /// Tells all workers to leave.
  mutating func quit() {
    isQuitting = true
    for processor in 0..<Self.processorLimit {
      if let worker = workers[processor] { SamplerWorker.wake(worker) }
    }
  }

  /// Waits until all workers have left, and frees the crew. Without the lock, after `quit`.
  static func joinAndFree(_ crew: UnsafeMutablePointer<SamplerCrew>) {
    crew.pointee.join()
    crew.deinitialize(count: 1)
    crew.deallocate()
  }

  private func join() {
    for processor in 0..<Self.processorLimit {
      if let worker = workers[processor] { SamplerWorker.join(worker) }
    }
  }

  // MARK: - For the workers (they take the lock)

  /// A worker's life. The crew may be gone when this returns.
  ///
  /// Goes through the pointer each time and never over a long access: other threads change the crew whenever the
  /// lock is free.
  static func work(_ worker: UnsafeMutablePointer<SamplerWorker>, isPinned: Bool) {
    let crew = worker.pointee.crew
    let lock = crew.pointee.lock
    let me = worker.pointee.processor
    var observer = ThreadObserver(sequences: crew.pointee.sequences)
    pthread_mutex_lock(lock)
    if !isPinned { worker.pointee.refusedUntil = monotonicNow() + refusalNanoseconds }
    while !crew.pointee.isQuitting {
      if crew.pointee.batonHolder != me {
        pthread_mutex_unlock(lock)
        SamplerWorker.sleep(worker, until: -1)
      } else if let recording = crew.pointee.earliest() {
        let now = monotonicNow()
        var next = max(recording.pointee.deadline.time, crew.pointee.restUntil)
        if next <= now { next = crew.pointee.beats(recording, by: worker, since: now, observer: &observer) }
        pthread_mutex_unlock(lock)
        if next > 0 { SamplerWorker.sleep(worker, until: next) }
      } else if monotonicNow() < crew.pointee.stayUntil {
        let time = crew.pointee.stayUntil
        pthread_mutex_unlock(lock)
        SamplerWorker.sleep(worker, until: time)
      } else {
        crew.pointee.dissolve()
        continue
      }
      pthread_mutex_lock(lock)
    }
    crew.pointee.livingWorkers -= 1
    let isLast = crew.pointee.livingWorkers == 0 && crew.pointee.isDissolved
    pthread_mutex_unlock(lock)
    if isLast {
      crew.deinitialize(count: 1)
      crew.deallocate()
    }
  }

  private func earliest() -> UnsafeMutablePointer<ProcessRecording>? {
    guard recordings.count > 0 else { return nil }
    var best = recordings[0]
    for index in 1..<max(recordings.count, 1)
    where recordings[index].pointee.deadline.time < best.pointee.deadline.time {
      best = recordings[index]
    }
    return best
  }

  /// Makes one attempt at a recording's beat, and at those of others that are due by now, too. Gives what `beat` does.
  private mutating func beats(
    _ first: UnsafeMutablePointer<ProcessRecording>, by worker: UnsafeMutablePointer<SamplerWorker>,
    since start: Int64, observer: inout ThreadObserver
  ) -> Int64 {
    var next = beat(first, by: worker, since: start, observer: &observer)
    var left = recordings.count
    while next == 0, left > 0, batonHolder == worker.pointee.processor, let other = earliest(),
      other.pointee.deadline.time <= start
    {
      next = beat(other, by: worker, since: start, observer: &observer)
      left -= 1
    }
    return next
  }

  /// Makes one attempt at a recording's beat. Gives the time until which the worker must sleep before it does anything
  /// else, 0 if it needn't.
  private mutating func beat(
    _ recording: UnsafeMutablePointer<ProcessRecording>, by worker: UnsafeMutablePointer<SamplerWorker>,
    since start: Int64, observer: inout ThreadObserver
  ) -> Int64 {
    recording.pointee.attempts += 1
    switch reader.look(at: recording, observer: &observer) {
    case .accepted(let state, let holder):
      finish(recording, state, holder: holder, since: start)
      return 0
    case .ended:
      _ = remove(recording)
      return 0
    case .elsewhere(let processor):
      guard recording.pointee.attempts < Self.attemptLimit else { break }
      if pass(to: processor, from: worker) { return 0 }
      recording.pointee.recording.statistics.refused += 1
    case .unplaced:
      recording.pointee.recording.statistics.unplaced += 1
    case .moved:
      recording.pointee.recording.statistics.retried += 1
      if recording.pointee.attempts < Self.attemptLimit { return 0 }
    case .broken:
      recording.pointee.recording.statistics.retried += 1
      let attempts = recording.pointee.attempts
      if attempts < Self.attemptLimit {
        return monotonicNow() + Self.napNanoseconds << Int64(max(0, attempts - 2))
      }
    }
    if case .accepted(let state, let holder) = reader.lookFromElsewhere(at: recording) {
      finish(recording, state, holder: holder, since: start)
    } else {
      _ = remove(recording)
    }
    return 0
  }

  /// Counts a look that was recorded, and sets the time of the next beat.
  private mutating func finish(
    _ recording: UnsafeMutablePointer<ProcessRecording>, _ state: SampleState, holder: UInt64?,
    since start: Int64
  ) {
    let now = monotonicNow()
    recording.pointee.attempts = 0
    restUntil = now + Self.restFactor * max(0, now - start)
    let late = recording.pointee.deadline.advance(now: now)
    for index in 0..<recordings.count where recordings[index] != recording {
      recording.pointee.deadline.join(recordings[index].pointee.deadline, now: now)
    }
    recording.pointee.recording.statistics.count(state, holder: holder, late: late)
  }

  /// Hands the baton to the worker of another CPU; false if that isn't possible.
  private mutating func pass(to processor: Int32, from worker: UnsafeMutablePointer<SamplerWorker>) -> Bool {
    guard processor >= 0, processor < Self.processorLimit else { return false }
    let now = monotonicNow()
    if processor == worker.pointee.processor {
      // The worker isn't on its own CPU: the system has moved it, since the process was kept from there for a while.
      guard now >= worker.pointee.refusedUntil else { return false }
      if SamplerWorker.pin(to: processor) { return true }
      worker.pointee.refusedUntil = now + Self.refusalNanoseconds
      return false
    }
    if workers[Int(processor)] == nil, makeWorker(on: processor, crew: worker.pointee.crew) != 0 {
      return false
    }
    guard let other = workers[Int(processor)], now >= other.pointee.refusedUntil else { return false }
    batonHolder = processor
    SamplerWorker.wake(other)
    return true
  }

  private mutating func makeWorker(on processor: Int32, crew: UnsafeMutablePointer<SamplerCrew>) -> Int32 {
    let worker = UnsafeMutablePointer<SamplerWorker>.allocate(capacity: 1)
    worker.initialize(to: SamplerWorker(crew: crew, processor: processor))
    let error = SamplerWorker.start(worker)
    guard error == 0 else {
      worker.deallocate()
      return error
    }
    workers[Int(processor)] = worker
    livingWorkers += 1
    return 0
  }

  /// Ends the crew because no recording is left and nobody waits for it, or for another recording.
  private mutating func dissolve() {
    isDissolved = true
    SamplerRegistry.forgetCrew()
    for processor in 0..<Self.processorLimit {
      if let worker = workers[processor] { pthread_detach(worker.pointee.thread) }
    }
    quit()
  }
}

extension SamplerStatistics {
  /// Counts a beat that ended with a look in this state.
  fileprivate mutating func count(_ state: SampleState, holder: UInt64?, late skipped: Int) {
    beats += 1
    late += skipped
    if state.contains(.truncated) {
      truncated += 1
    } else if state.contains(.unfollowed) {
      unfollowed += 1
    } else if holder == 0 {
      nobody += 1
    } else {
      followed += 1
    }
  }
}
