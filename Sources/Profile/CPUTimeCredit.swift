/// Gives a thread's CPU time to the samples that it ran for. What a sample has that mostly waited waits for the next that
/// didn't.
public struct CPUTimeCredit: BitwiseCopyable {
  /// Nanoseconds that no sample has yet.
  private var pending: Int64 = 0
  /// The last sample that the thread ran for, or −1.
  private var lastRunning = -1

  public init() {}

  /// The CPU time of a sample before which `time` nanoseconds were used.
  ///
  /// - Parameters:
  ///   - sample: The number that the sample will have.
  ///   - isRunning: Whether the thread ran for it.
  public mutating func take(_ time: Int64, sample: Int, isRunning: Bool) -> Int64 {
    pending += time
    guard isRunning else { return 0 }
    lastRunning = sample
    defer { pending = 0 }
    return pending
  }

  /// At the end, what no sample has belongs to the last one that ran, or else to the last.
  public mutating func settle(in samples: inout SampleColumns) {
    let sample = lastRunning >= 0 ? lastRunning : samples.count - 1
    guard pending > 0, sample >= 0 else { return }
    samples[sample].cpuTime += pending
    pending = 0
  }
}
