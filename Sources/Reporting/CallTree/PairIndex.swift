/// A map from pairs of 32-bit numbers to 32-bit numbers: what finds a row by its parent and its own value.
///
/// Open addressing with linear probing, at most half full. The pair of two `UInt32.max` can't be a key.
struct PairIndex {
  private struct Slot {
    var key: UInt64
    var value: UInt32
  }
  private static let empty = Slot(key: .max, value: 0)
  private var slots: [Slot]
  private var count = 0

  /// Makes an empty map that grows once it holds more than `expectedCount` pairs.
  init(expectedCount: Int = 0) {
    var size = 64
    while size < expectedCount * 2 { size *= 2 }
    slots = [Slot](repeating: Self.empty, count: size)
  }

  /// The number of the pair; `candidate` becomes it if the pair is new.
  mutating func value(of first: UInt32, _ second: UInt32, orInsert candidate: UInt32) -> UInt32 {
    let key = UInt64(first) << 32 | UInt64(second)
    let place = place(of: key)
    if slots[place].key == key { return slots[place].value }
    slots[place] = Slot(key: key, value: candidate)
    count += 1
    if count * 2 > slots.count { grow() }
    return candidate
  }

  /// Where `key` is, or belongs.
  private func place(of key: UInt64) -> Int {
    let mask = slots.count - 1
    let hash = (key ^ key >> 32) &* 0x9E37_79B9_7F4A_7C15
    var place = Int(truncatingIfNeeded: hash >> 32) & mask
    while slots[place].key != Self.empty.key && slots[place].key != key { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    let old = slots
    slots = [Slot](repeating: Self.empty, count: old.count * 2)
    for slot in old where slot.key != Self.empty.key { slots[place(of: slot.key)] = slot }
  }
}
