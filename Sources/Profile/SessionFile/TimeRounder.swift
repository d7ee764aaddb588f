/// Turns times into whole units, carrying the remainder: the sum of all times so far is never off by more than half a unit.
struct TimeRounder {
  let unit: Int64
  private var sum: Int64 = 0
  private var given: Int64 = 0

  /// `unit` is at least 1.
  init(unit: Int64) { self.unit = max(unit, 1) }

  /// The units that `time` stands for, after all times before it. Sums wrap.
  mutating func round(_ time: Int64) -> Int64 {
    sum &+= time
    let centred = sum &+ unit / 2
    let quotient = centred / unit
    let whole = centred % unit < 0 ? quotient &- 1 : quotient
    defer { given = whole }
    return whole &- given
  }
}
