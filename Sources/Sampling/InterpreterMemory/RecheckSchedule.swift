/// When something that was read from an address has to be compared with memory again, counted in looks: the older it is,
/// the less often. What was made just now may soon make room for another at the same place.
struct RecheckSchedule: BitwiseCopyable {
  /// Old ones are compared at every look whose number this divides, all at once, so that most looks have none to compare;
  /// or when twice as many looks have passed.
  static let longestWait: UInt64 = 64

  /// The look of the last comparison.
  private var checkedAtLook: UInt64
  private var wait: UInt64 = 1

  /// For what was read in this look.
  init(look: UInt64) { checkedAtLook = look }

  @inline(__always)
  func isDue(_ look: UInt64) -> Bool {
    let age = look &- checkedAtLook
    guard wait == Self.longestWait else { return age >= wait }
    return age >= 2 * wait || (age > 0 && look % wait == 0)
  }

  /// The look from which on it is due.
  @inline(__always)
  var nextCheck: UInt64 {
    guard wait == Self.longestWait else { return checkedAtLook &+ wait }
    return (checkedAtLook / wait &+ 1) &* wait
  }

  /// Notes that it was found to be the same.
  mutating func confirm(_ look: UInt64) {
    checkedAtLook = look
    wait = min(2 * wait, Self.longestWait)
  }
}
