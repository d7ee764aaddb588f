extension Session {
  /// Both profiles as one: the samples of the earlier one, then those of the later one.
  ///
  /// Durations, CPU times and the sampler's counts are summed. What a session can have only once, such as
  /// its start, its description, its engine and the stack at its start, is the earlier one's.
  public static func combining(_ a: Session, _ b: Session) -> Session {
    let (first, second) = b.metadata.startTime < a.metadata.startTime ? (b, a) : (a, b)
    var combiner = SessionCombiner()
    combiner.append(first, at: 0)
    // What is longer than any time that can be read is no place to put samples.
    combiner.append(second, at: Int64(exactly: (first.metadata.duration * 1e9).rounded()) ?? 0)
    var metadata = first.metadata.combined(with: second.metadata)
    if first.metadata.sampleCount != nil || second.metadata.sampleCount != nil {
      metadata.sampleCount = first.sampleCount &+ second.sampleCount
    }
    return Session(combiner, metadata: metadata, statistics: first.statistics + second.statistics)
  }
}

extension SessionMetadata {
  fileprivate func combined(with later: SessionMetadata) -> SessionMetadata {
    var combined = self
    combined.duration += later.duration
    combined.cpuTime += later.cpuTime
    combined.minInterval = min(minInterval, later.minInterval)
    combined.maxInterval = max(maxInterval, later.maxInterval)
    combined.notes = Self.union(notes, later.notes)
    combined.sysPath = Self.union(sysPath, later.sysPath)
    combined.sysPrefixes = Self.union(sysPrefixes, later.sysPrefixes)
    combined.subinterpreterCount = max(subinterpreterCount, later.subinterpreterCount)
    combined.timeUnit = min(fileTimeUnit, later.fileTimeUnit)
    return combined
  }

  /// The entries of both lists in order, each once.
  private static func union(_ a: [String], _ b: [String]) -> [String] {
    var seen: Set<String> = []
    return (a + b).filter { seen.insert($0).inserted }
  }
}
