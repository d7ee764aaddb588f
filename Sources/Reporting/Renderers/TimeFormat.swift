/// What a report's times are given in.
public enum TimeUnit: String, CaseIterable, Sendable {
  /// Seconds, with as many decimals as one sample's time needs.
  case seconds
  /// The part of the thread's time.
  case percentOfTotal = "percent_of_total"
}

/// How a report writes times.
struct TimeFormat: Sendable {
  private let unit: TimeUnit
  private let decimals: Int
  private let total: Int64

  /// - Parameters:
  ///   - decimals: How many decimals of a second there are.
  ///   - total: What is 100 %, in nanoseconds.
  init(_ unit: TimeUnit, decimals: Int, total: Int64) {
    self.unit = unit
    self.decimals = decimals
    self.total = total
  }

  /// Adds a time, given in nanoseconds.
  func append(_ time: Int64, to buffer: inout TextBuffer) {
    switch unit {
    case .seconds: buffer.append(seconds: time, decimals: decimals)
    case .percentOfTotal:
      let billionths = (proportion(of: time) * 1e11).rounded()
      buffer.append(seconds: Int64(exactly: billionths) ?? 0, decimals: 1)
      buffer.append("%")
    }
  }

  /// Which part of the whole a time is; all of it where there is no time.
  func proportion(of time: Int64) -> Double { total == 0 ? 1 : Double(time) / Double(total) }

  /// How many decimals of a second times have: enough to tell one sample's time, nine at most.
  ///
  /// - Parameter interval: The longest sampling interval, in seconds.
  static func decimals(interval: Double) -> Int {
    // Whole nanoseconds, since logarithms of 0.001 and the like would be a rounding error away from a step.
    let nanoseconds = (interval * 1e9).rounded()
    var decimals = 0
    var unit = 1e9
    while decimals < 9, !(nanoseconds >= unit) {
      unit /= 10
      decimals += 1
    }
    return decimals
  }
}
