/// Rows of some table by 64-bit keys, mostly addresses. Key 0 isn't one.
///
/// Open addressing with linear probing, at most half full.
struct AddressIndex: ~Copyable {
  private var keys: UnsafeMutablePointer<UInt64>
  private var rows: UnsafeMutablePointer<Int32>
  private var mask: Int
  private var count = 0

  init(minimumCapacity: Int = 256) {
    mask = 63
    while mask < minimumCapacity * 2 { mask = mask * 2 + 1 }
    keys = .allocate(capacity: mask + 1)
    keys.initialize(repeating: 0, count: mask + 1)
    rows = .allocate(capacity: mask + 1)
    rows.initialize(repeating: 0, count: mask + 1)
  }

  deinit {
    keys.deallocate()
    rows.deallocate()
  }

  /// The row of a key, or nil if it has none.
  @inline(__always)
  subscript(key: UInt64) -> Int? {
    guard key != 0 else { return nil }
    var slot = Self.hash(key) & mask
    while keys[slot] != 0 {
      if keys[slot] == key { return Int(rows[slot]) }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Gives a key a row, in the place of the one that it had.
  mutating func set(_ key: UInt64, row: Int) {
    guard key != 0 else { return }
    var slot = Self.hash(key) & mask
    while keys[slot] != 0 && keys[slot] != key { slot = (slot + 1) & mask }
    if keys[slot] == 0 { count += 1 }
    keys[slot] = key
    rows[slot] = Int32(truncatingIfNeeded: row)
    if count * 2 > mask { grow() }
  }

  /// Forgets all keys and keeps the memory.
  mutating func removeAll() {
    keys.update(repeating: 0, count: mask + 1)
    count = 0
  }

  private mutating func grow() {
    let (oldKeys, oldRows, oldSize) = (keys, rows, mask + 1)
    mask = oldSize * 2 - 1
    keys = .allocate(capacity: mask + 1)
    keys.initialize(repeating: 0, count: mask + 1)
    rows = .allocate(capacity: mask + 1)
    rows.initialize(repeating: 0, count: mask + 1)
    for old in 0..<oldSize where oldKeys[old] != 0 {
      var slot = Self.hash(oldKeys[old]) & mask
      while keys[slot] != 0 { slot = (slot + 1) & mask }
      keys[slot] = oldKeys[old]
      rows[slot] = oldRows[old]
    }
    oldKeys.deallocate()
    oldRows.deallocate()
  }

  @inline(__always)
  private static func hash(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: ((key >> 4) &* 0x9E37_79B9_7F4A_7C15) >> 40)
  }
}
