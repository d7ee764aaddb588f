extension Session {
  /// Both profiles as one: the samples of the earlier one, then those of the later one.
  ///
  /// Durations, CPU times and the sampler's counts are summed. What a session can have only once, such as
  /// its start, its description, its engine and the stack at its start, is the earlier one's.
  public static func combining(_ a: Session, _ b: Session) -> Session {
    let (first, second) = b.metadata.startTime < a.metadata.startTime ? (b, a) : (a, b)
    var combiner = SessionCombiner()
    combiner.append(first)
    combiner.append(second)
    return Session(
      combiner, metadata: first.metadata.combined(with: second.metadata),
      statistics: first.statistics + second.statistics)
  }
}

extension SessionMetadata {
  fileprivate func combined(with later: SessionMetadata) -> SessionMetadata {
    var combined = self
    combined.duration += later.duration
    combined.cpuTime += later.cpuTime
    combined.minInterval = min(minInterval, later.minInterval)
    combined.maxInterval = max(maxInterval, later.maxInterval)
    combined.sysPath = Self.union(sysPath, later.sysPath)
    combined.sysPrefixes = Self.union(sysPrefixes, later.sysPrefixes)
    return combined
  }

  /// The entries of both lists in order, each once.
  private static func union(_ a: [String], _ b: [String]) -> [String] {
    var seen: Set<String> = []
    return (a + b).filter { seen.insert($0).inserted }
  }
}
