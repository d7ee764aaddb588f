/// A number of a JSON text.
struct JSONNumber {
  /// The nearest Double; infinite if there is none, and NaN for `NaN`.
  let value: Double
  /// The number itself where it is written without fraction and exponent and has up to 64 bits.
  let integer: Integer?

  struct Integer {
    let magnitude: UInt64
    let isNegative: Bool
  }

  /// The number as a whole, non-negative one. Nil if it is another.
  var count: UInt64? {
    if let integer { return integer.isNegative && integer.magnitude != 0 ? nil : integer.magnitude }
    guard value >= 0, value <= 1e15, value == value.rounded(.down) else { return nil }
    return UInt64(value)
  }
}
