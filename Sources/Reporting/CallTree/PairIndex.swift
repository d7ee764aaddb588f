/// A map from pairs of 32-bit numbers to 32-bit numbers: what finds a row by its parent and its own value.
///
/// Open addressing with linear probing, at most half full. The pair of two `UInt32.max` can't be a key.
struct PairIndex {
  private static let empty = UInt64.max
  private var keys = [UInt64](repeating: empty, count: 64)
  private var values = [UInt32](repeating: 0, count: 64)
  private var count = 0

  /// The number of the pair; `candidate` becomes it if the pair is new.
  mutating func value(of first: UInt32, _ second: UInt32, orInsert candidate: UInt32) -> UInt32 {
    if (count + 1) * 2 > keys.count { grow() }
    let key = UInt64(first) << 32 | UInt64(second)
    let slot = slot(of: key)
    if keys[slot] == key { return values[slot] }
    keys[slot] = key
    values[slot] = candidate
    count += 1
    return candidate
  }

  /// Where `key` is, or belongs.
  private func slot(of key: UInt64) -> Int {
    let mask = keys.count - 1
    let hash = (key ^ key >> 32) &* 0x9E37_79B9_7F4A_7C15
    var slot = Int(truncatingIfNeeded: hash >> 32) & mask
    while keys[slot] != Self.empty && keys[slot] != key { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    let oldKeys = keys
    let oldValues = values
    keys = [UInt64](repeating: Self.empty, count: oldKeys.count * 2)
    values = [UInt32](repeating: 0, count: oldKeys.count * 2)
    for (key, value) in zip(oldKeys, oldValues) where key != Self.empty {
      let slot = slot(of: key)
      keys[slot] = key
      values[slot] = value
    }
  }
}
