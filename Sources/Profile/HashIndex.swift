/// An index from hashes to row numbers: what makes a table of columns intern its rows.
///
/// Open addressing with linear probing, at most half full. The rows themselves, and so the comparison,
/// belong to the table that owns the index.
struct HashIndex: ~Copyable {
  /// A slot holds a row in its low and the hash's upper half in its high 32 bits.
  private static let empty = UInt64.max
  private var slots: UnsafeMutablePointer<UInt64>
  private var mask: Int
  private var count = 0

  init() {
    mask = 63
    slots = .allocate(capacity: mask + 1)
    slots.initialize(repeating: Self.empty, count: mask + 1)
  }

  deinit { slots.deallocate() }

  /// The row with this hash for which `isEqual` answers true, or nil.
  @inline(__always)
  borrowing func row(hash: UInt64, where isEqual: (Int) -> Bool) -> Int? {
    let tag = hash >> 32
    var slot = Int(truncatingIfNeeded: tag) & mask
    while slots[slot] != Self.empty {
      if slots[slot] >> 32 == tag {
        let row = Int(truncatingIfNeeded: slots[slot] & 0xFFFF_FFFF)
        if isEqual(row) { return row }
      }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Adds a row that isn't there yet.
  @inline(__always)
  mutating func insert(row: Int, hash: UInt64) {
    if (count + 1) * 2 > mask { grow() }
    place((hash >> 32) << 32 | UInt64(UInt32(truncatingIfNeeded: row)))
    count += 1
  }

  private mutating func grow() {
    let old = slots
    let oldSize = mask + 1
    mask = oldSize * 2 - 1
    slots = .allocate(capacity: mask + 1)
    slots.initialize(repeating: Self.empty, count: mask + 1)
    for slot in 0..<oldSize where old[slot] != Self.empty { place(old[slot]) }
    old.deallocate()
  }

  private func place(_ entry: UInt64) {
    var slot = Int(truncatingIfNeeded: entry >> 32) & mask
    while slots[slot] != Self.empty { slot = (slot + 1) & mask }
    slots[slot] = entry
  }
}

/// Mixes `word` into `hash`; the upper half of the result is what an index uses.
@inline(__always)
func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
  let product = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
  return product ^ (product >> 29) ^ (product << 32)
}
