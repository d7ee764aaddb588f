/// A recorded thread and its samples.
public final class ThreadSamples: @unchecked Sendable {
  // Unchecked: written while a session is put together, by its owner, then read only.

  /// The thread's name, as `threading` has it.
  public let name: String
  /// The thread's identifier, as `threading.get_ident()` gives it.
  public let identifier: UInt64
  /// When its recording began, in nanoseconds after the session's start.
  public let start: Int64
  /// The samples in time order.
  public internal(set) var samples: SampleColumns

  public init(
    name: String, identifier: UInt64, start: Int64 = 0, samples: consuming SampleColumns = SampleColumns()
  ) {
    self.name = name
    self.identifier = identifier
    self.start = start
    self.samples = samples
  }

  /// Adds a sample at the end.
  public func append(_ sample: Sample) { samples.append(sample) }

  /// Gives the samples the CPU time that they are still owed.
  public func settle(_ credit: inout CPUTimeCredit) { credit.settle(in: &samples) }

  /// The sum of the samples' wall times, in nanoseconds. It wraps where the times of a broken file overflow.
  public var totalWallTime: Int64 { total(by: .wall) }

  /// The sum of the samples' CPU times, in nanoseconds; wraps likewise.
  public var totalCPUTime: Int64 { total(by: .cpu) }

  /// The sum of the samples' times by one of the clocks.
  public func total(by clock: SampleClock) -> Int64 {
    var total: Int64 = 0
    for index in 0..<samples.count { total &+= samples[index].time(by: clock) }
    return total
  }
}
