import Glibc

/// Ranges that are read by one call.
struct ReadBatch: ~Copyable {
  /// What the system takes in one call (`IOV_MAX`).
  private static let capacity = 1024
  private let sources: UnsafeMutablePointer<iovec>
  private let destinations: UnsafeMutablePointer<iovec>
  private var count = 0
  private var total = 0

  init() {
    sources = .allocate(capacity: Self.capacity)
    destinations = .allocate(capacity: Self.capacity)
  }

  deinit {
    sources.deallocate()
    destinations.deallocate()
  }

  mutating func removeAll() {
    count = 0
    total = 0
  }

  /// Adds a range; the batch can't be read whole any more if it holds too many.
  mutating func add(_ address: UInt64, _ length: Int, into destination: UnsafeMutableRawPointer) {
    total += length
    guard count < Self.capacity else { return }
    sources[count] = iovec(iov_base: UnsafeMutableRawPointer(bitPattern: UInt(address)), iov_len: length)
    destinations[count] = iovec(iov_base: destination, iov_len: length)
    count += 1
  }

  /// Reads all ranges in order; true if every byte was read.
  func read<M: Memory>(from memory: M) -> Bool {
    memory.read(sources, into: destinations, count: count) == total
  }
}
