extension Session {
  /// The same profile with fewer samples: each stands for `interval` nanoseconds at least, and has the stack at its end.
  ///
  /// Time is conserved, of each thread and each clock: what is left at a thread's end is one more sample.
  public func resampled(interval: Int64) -> Session {
    var combiner = SessionCombiner()
    let stackIDs = combiner.intern(tablesOf: self)
    var resampledThreads: [ThreadSamples] = []
    for thread in threads {
      let target = ThreadSamples(name: thread.name, identifier: thread.identifier, start: thread.start)
      resampledThreads.append(target)
      var wallTime: Int64 = 0
      var cpuTime: Int64 = 0
      for row in 0..<thread.samples.count {
        let sample = thread.samples[row]
        wallTime &+= sample.wallTime
        cpuTime &+= sample.cpuTime
        let isLast = row == thread.samples.count - 1
        guard wallTime >= interval || isLast && (wallTime != 0 || cpuTime != 0) else { continue }
        target.append(
          Sample(
            stack: stackIDs[sample.stack.index], wallTime: wallTime, cpuTime: cpuTime, state: sample.state))
        wallTime = 0
        cpuTime = 0
      }
    }
    var metadata = metadata
    // The unit of the times stays what it was.
    metadata.timeUnit = metadata.fileTimeUnit
    metadata.minInterval = Double(interval) / 1e9
    metadata.maxInterval = metadata.minInterval
    metadata.sampleCount = nil
    return Session(combiner, threads: resampledThreads, metadata: metadata, statistics: statistics)
  }
}
