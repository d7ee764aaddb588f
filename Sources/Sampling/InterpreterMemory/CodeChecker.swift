import Profile

/// Compares cached code objects with memory, many by one read.
struct CodeChecker: ~Copyable {
  /// The most that one look compares; the others' turn comes with the next looks.
  private static let capacity = 64

  private var addresses = Column<UInt64>(minimumCapacity: capacity)
  private var rows = Column<Int>(minimumCapacity: capacity)
  private var positions = Column<Int>(minimumCapacity: capacity)
  private var stale = Column<Int>(minimumCapacity: capacity)
  private var batch = ReadBatch()
  private let bytes: UnsafeMutableRawPointer
  /// The hashes of the names that the code objects had.
  private let hashes: UnsafeMutablePointer<UInt64>
  private let size: Int

  init(layout: Layout) {
    size = (layout.codeReadSize + 15) & ~15
    bytes = .allocate(byteCount: size * Self.capacity, alignment: 16)
    hashes = .allocate(capacity: Self.capacity)
    hashes.initialize(repeating: 0, count: Self.capacity)
  }

  deinit {
    bytes.deallocate()
    hashes.deallocate()
  }

  /// How many code objects were asked for.
  var count: Int { rows.count }

  mutating func removeAll() {
    addresses.removeAll()
    rows.removeAll()
    positions.removeAll()
    stale.removeAll()
  }

  /// Asks for a comparison of the code object of the frame at `position`.
  mutating func add(_ address: UInt64, row: Int, position: Int) {
    guard rows.count < Self.capacity else { return }
    // Recursion: the same one needn't be asked for twice in a row.
    if rows.last == row { return }
    addresses.append(address)
    rows.append(row)
    positions.append(position)
  }

  /// Compares what was asked for.
  mutating func check<M: Memory>(layout: Layout, cache: inout CodeCache, look: UInt64, memory: M) {
    guard rows.count > 0 else { return }
    let generation = cache.generation(memory: memory)
    batch.removeAll()
    for index in 0..<rows.count {
      batch.add(addresses[index], layout.codeReadSize, into: bytes + index * size)
      let identity = cache.objects[rows[index]].identity
      if identity.version == 0 {
        batch.add(identity.name &+ UInt64(CPythonConstants.stringHash), 8, into: hashes + index)
      }
    }
    let isWhole = batch.read(from: memory)
    for index in 0..<rows.count {
      let row = rows[index]
      let isSame =
        isWhole && (cache.objects[row].identity.version != 0 || hashes[index] == cache.objects[row].nameHash)
        && cache.confirm(row, bytes + index * size, look: look, generation: generation)
      if !isSame { stale.append(positions[index]) }
    }
  }

  /// How many of the frames asked for have another code object by now.
  var staleCount: Int { stale.count }

  /// The position in the chain of such a frame.
  func stalePosition(_ index: Int) -> Int { stale[index] }
}
