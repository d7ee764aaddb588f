import Profile

/// The classes of `self` and `cls` in the frames of one thread. Where a frame is as it was at the last look, and holds the
/// same object, nothing is read.
struct ReceiverClasses: ~Copyable {
  /// A frame at this many looks' distance is read again even so: an object may have died, and another one have its place.
  private static let recheckAfterLooks: UInt64 = 16
  /// How many of the innermost frames are.
  private static let recheckedFrames = 64

  /// What the last look has found, outermost frame first.
  private var values = Column<UInt64>(minimumCapacity: 64)
  private var names = Column<StringID>(minimumCapacity: 64)

  /// The name at a depth, counted from the outermost frame; empty if there is none.
  @inline(__always)
  func name(_ depth: Int) -> StringID { depth >= 0 && depth < names.count ? names[depth] : .empty }

  mutating func truncate(to depth: Int) {
    values.truncate(to: depth)
    names.truncate(to: depth)
  }

  mutating func assign(_ other: borrowing ReceiverClasses) {
    values.assign(other.values)
    names.assign(other.names)
  }

  /// Takes the frames of a look, innermost first, with the value of each one's `self` or `cls` (0: none), and how many of
  /// the outermost are those of the last look, at the same instructions. Gives how many of the outermost have the same name
  /// as then.
  mutating func update<M: Memory>(
    rows newRows: borrowing Column<Int32>, values newValues: borrowing Column<UInt64>, unchanged: Int,
    cache: inout CodeCache, look: UInt64, memory: M
  ) -> Int {
    let count = newValues.count
    var depth = 0
    let known = min(unchanged, min(count, values.count))
    while depth < known, values[depth] == newValues[count - 1 - depth] { depth += 1 }
    if look % Self.recheckAfterLooks == 0 { depth = min(depth, max(0, count - Self.recheckedFrames)) }
    truncate(to: depth)
    let first = depth
    cache.types.fetchTypes(of: newValues, from: count - 1 - first, count: count - first, memory: memory)
    var lastValue: UInt64 = 0
    var lastName = StringID.empty
    var lastIsClass = false
    while depth < count {
      let position = count - 1 - depth
      let value = newValues[position]
      var name = StringID.empty
      if value != 0 {
        let isClass = cache.objects[Int(newRows[position])].receiver == .class
        // A method that calls another one of the same object.
        if value != lastValue || isClass != lastIsClass {
          lastName = cache.className(
            ofReceiver: value, type: cache.types.fetchedType(depth - first), isClass: isClass, look: look,
            memory: memory)
          lastValue = value
          lastIsClass = isClass
        }
        name = lastName
      }
      values.append(value)
      names.append(name)
      depth += 1
    }
    return first
  }
}
