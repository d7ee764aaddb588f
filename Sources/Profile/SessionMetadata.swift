/// What a session says of itself beside its samples.
public struct SessionMetadata: Sendable {
  /// Start, in seconds since the Unix epoch.
  public var startTime = 0.0
  /// From start to stop on the monotonic clock, in seconds.
  public var duration = 0.0
  /// CPU time of the whole process meanwhile, in seconds.
  public var cpuTime = 0.0
  /// The shortest and the longest sampling interval in the session, in seconds.
  public var minInterval = 0.001
  public var maxInterval = 0.001
  /// What was profiled, for the header.
  public var targetDescription = ""
  /// The command and its arguments, where a command was profiled; else empty.
  public var commandLine: [String] = []
  /// The engine's name: "sampler" or "setprofile"; empty if it isn't known.
  public var engine = "sampler"
  /// Why it was that engine, where it wasn't the sampler: a clause without a period, such as "the interpreter
  /// is CPython 3.9". Empty if there is nothing to say.
  public var engineReason = ""
  /// What was unusual about how the engine worked: a clause about it without a period, such as "reads memory through
  /// a pipe, as process_vm_readv is refused here". Empty if there is nothing to say.
  public var engineDetail = ""
  /// What else a reader has to know, each a sentence or a clause, such as "only the thread that called start() was
  /// recorded". The report's header has a line for each.
  public var notes: [String] = []
  /// The interpreter's version, for example "3.12.1".
  public var pythonVersion = ""
  /// `sys.path` at the end, made absolute.
  public var sysPath: [String] = []
  /// `sys.prefix`, `sys.base_prefix`, `sys.exec_prefix` and `sys.base_exec_prefix`, once each.
  public var sysPrefixes: [String] = []
  /// How many interpreters beside the profiled one were in the process, and went unseen.
  public var subinterpreterCount = 0
  /// The number of samples to show, where the session comes from elsewhere and tells another one than it holds.
  public var sampleCount: Int?
  /// In what unit times are kept in a file, in nanoseconds; where nothing is said, it follows from the interval.
  public var timeUnit: Int64?

  public init() {}
}

extension SessionMetadata {
  /// The unit of times in a file, in nanoseconds: as it is given, else a 64th of the interval.
  var fileTimeUnit: Int64 {
    if let timeUnit { return max(timeUnit, 1) }
    let unit = (minInterval * 1e9 / 64).rounded(.down)
    return unit >= 1 && unit <= 1e12 ? Int64(unit) : 1
  }

  /// What is wrong with its numbers, as one line without a period: they must be finite, and so small that arithmetic with
  /// them can't overflow. Nil if all is well.
  public var problem: String? {
    let numbers = [
      ("start_time", startTime), ("duration", duration), ("cpu_time", cpuTime), ("min_interval", minInterval),
      ("max_interval", maxInterval),
    ]
    // NaN fails every comparison.
    if let (name, _) = numbers.first(where: { !(abs($0.1) <= SessionFile.maximumNumber) }) {
      return "\(name) is no number that can be"
    }
    if let sampleCount, sampleCount < 0 { return "sample_count is negative" }
    return nil
  }
}
