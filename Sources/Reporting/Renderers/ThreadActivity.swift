import Profile

/// How busy a recorded thread was.
struct ThreadActivity {
  /// The part of the time, and of the samples, up to which a thread counts as idle.
  private static let idleShare = 0.005

  /// The thread's number in the session.
  let number: Int
  let name: String
  let wallTime: Int64
  let cpuTime: Int64
  private let samples: Int
  private let samplesWithGIL: Int

  init(_ session: Session, thread number: Int) {
    let thread = session.threads[number]
    self.number = number
    name = thread.name
    var wallTime: Int64 = 0
    var cpuTime: Int64 = 0
    var samplesWithGIL = 0
    for row in 0..<thread.samples.count {
      let sample = thread.samples[row]
      wallTime &+= sample.wallTime
      cpuTime &+= sample.cpuTime
      if sample.state.contains(.heldGIL) { samplesWithGIL += 1 }
    }
    self.wallTime = wallTime
    self.cpuTime = cpuTime
    samples = thread.samples.count
    self.samplesWithGIL = samplesWithGIL
  }

  /// True if the thread was on a CPU for hardly any of its time, and hardly ever ran Python code when it was looked
  /// at. It says nothing where CPU time isn't recorded.
  var onlyWaited: Bool {
    Double(cpuTime) <= Self.idleShare * Double(wallTime)
      && Double(samplesWithGIL) <= Self.idleShare * Double(samples)
  }
}
