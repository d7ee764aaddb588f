/// A recorded thread and its samples.
public final class ThreadSamples: @unchecked Sendable {
  // Unchecked: written by one thread at a time while recording (its `Recording` is owned), then read only.

  /// The thread's name, as `threading` has it.
  public let name: String
  /// The thread's identifier, as `threading.get_ident()` gives it.
  public let identifier: UInt64
  /// The samples in time order.
  public internal(set) var samples = SampleColumns()

  public init(name: String, identifier: UInt64) {
    self.name = name
    self.identifier = identifier
  }

  /// The sum of the samples' wall times, in nanoseconds. It wraps where the times of a broken file overflow.
  public var totalWallTime: Int64 {
    var total: Int64 = 0
    for index in 0..<samples.count { total &+= samples[index].wallTime }
    return total
  }
}
