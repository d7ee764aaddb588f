import Glibc
import Profile

/// Ranges that are read by as few calls as the system allows, in order.
struct ReadBatch: ~Copyable {
  /// What the system takes in one call (`IOV_MAX`).
  private static let callLimit = 1024

  private var sources = Column<iovec>(minimumCapacity: callLimit)
  private var destinations = Column<iovec>(minimumCapacity: callLimit)
  /// Whose each range is.
  private var owners = Column<Int32>(minimumCapacity: callLimit)
  /// The owners of ranges that couldn't be read, in order.
  private(set) var failedOwners = Column<Int32>(minimumCapacity: 64)

  var isEmpty: Bool { sources.count == 0 }

  mutating func removeAll() {
    sources.removeAll()
    destinations.removeAll()
    owners.removeAll()
    failedOwners.removeAll()
  }

  /// Adds a range that belongs to `owner`.
  mutating func add(
    _ address: UInt64, _ length: Int, into destination: UnsafeMutableRawPointer, owner: Int = 0
  ) {
    sources.append(iovec(iov_base: UnsafeMutableRawPointer(bitPattern: UInt(address)), iov_len: length))
    destinations.append(iovec(iov_base: destination, iov_len: length))
    owners.append(Int32(truncatingIfNeeded: owner))
  }

  /// Reads all ranges; true if every byte was read. What stands behind a range that has gone is read all the same.
  mutating func read<M: Memory>(from memory: M) -> Bool {
    var start = 0
    while start < sources.count {
      let count = min(sources.count - start, Self.callLimit)
      let done = readSlice(start, count, from: memory)
      if done < count { failedOwners.append(owners[start + done]) }
      start += done < count ? done + 1 : count
    }
    return failedOwners.count == 0
  }

  /// Whether a range of `owner` couldn't be read.
  func hasFailed(_ owner: Int) -> Bool {
    for index in 0..<failedOwners.count where Int(failedOwners[index]) == owner { return true }
    return false
  }

  /// How many ranges from `start` on were read whole.
  private func readSlice<M: Memory>(_ start: Int, _ count: Int, from memory: M) -> Int {
    let total = sources.withElements { sources in
      destinations.withElements { destinations -> Int in
        guard let from = sources.baseAddress, let to = destinations.baseAddress else { return 0 }
        return memory.read(from + start, into: to + start, count: count)
      }
    }
    var left = total
    for index in 0..<count {
      left -= sources[start + index].iov_len
      if left < 0 { return index }
    }
    return count
  }
}
