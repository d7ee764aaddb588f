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
  /// The engine's name: "sampler" or "setprofile".
  public var engine = "sampler"
  /// Why it was that engine, where it wasn't the sampler: a clause without a period, such as "the interpreter
  /// is CPython 3.9". Empty if there is nothing to say.
  public var engineReason = ""
  /// What was unusual about how the engine worked: a clause about it without a period, such as "reads memory through
  /// a pipe, as process_vm_readv is refused here". Empty if there is nothing to say.
  public var engineDetail = ""
  /// The interpreter's version, for example "3.12.1".
  public var pythonVersion = ""
  /// `sys.path` at the end, made absolute.
  public var sysPath: [String] = []
  /// `sys.prefix`, `sys.base_prefix`, `sys.exec_prefix` and `sys.base_exec_prefix`, once each.
  public var sysPrefixes: [String] = []

  public init() {}
}
