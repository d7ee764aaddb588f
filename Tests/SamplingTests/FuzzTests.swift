import Glibc
import TestSupport
import Testing

@testable import Sampling

/// Damage at random, to memory that was recorded and to memory that was made up: whatever the bytes, a look ends, with or
/// without a stack, and reads no more than a look may.
///
/// `SPINETAIL_FUZZ_LOOKS` says how many looks are made (`make fuzz`), `SPINETAIL_FUZZ_SEED` by which random numbers.
@Suite struct FuzzTests {
  /// A look reads each frame at most a few times; no image has more memory than this for frames.
  static let mostReads = 40_000

  static var looks: Int { getenv("SPINETAIL_FUZZ_LOOKS").flatMap { Int(String(cString: $0)) } ?? 4000 }
  static var seed: UInt64 {
    getenv("SPINETAIL_FUZZ_SEED").flatMap { UInt64(String(cString: $0)) }
      ?? UInt64.random(in: 1...(.max >> 1))
  }

  @Test(arguments: MemoryFixtureTests.minors) func damagedRecordings(_ minor: Int) throws {
    let fixture = try MemoryFixtureTests.fixture(minor)
    let seed = Self.seed
    var random = RandomWalk(seed: seed)
    let threadState = try #require(fixture.words["threadState"])
    var looks = 0
    var believed = 0
    while looks < Self.looks / 5 {
      let memory = fixture.memory
      guard let thread = RecordedThreadFixture(words: fixture.words, memory: memory.reader) else { continue }
      let wanted = random.next(below: 6)
      // Some are damaged from the start, others between two looks.
      for round in 0..<8 {
        if round > 0 || wanted > 2 { damage(memory, &random, near: threadState) }
        let before = memory.readCount
        if thread.look() == nil { believed += 1 }
        _ = thread.stack
        looks += 1
        let reads = memory.readCount - before
        #expect(reads <= Self.mostReads, "seed \(seed), look \(looks)")
        if reads > Self.mostReads { return }
      }
    }
    #expect(believed > 0, "seed \(seed)")
  }

  /// Everything that a search follows, damaged.
  @Test(arguments: MemoryFixtureTests.minors) func damagedRuntimes(_ minor: Int) throws {
    let fixture = try MemoryFixtureTests.fixture(minor)
    let seed = Self.seed
    var random = RandomWalk(seed: seed)
    let runtime = try #require(fixture.words["runtime"])
    for _ in 0..<Self.looks / 50 {
      let memory = fixture.memory
      for _ in 0...random.next(below: 4) {
        let address = runtime + UInt64(random.next(below: 111)) * 8
        memory.store(interesting(&random, near: runtime), at: address)
      }
      let thread = RecordedThreadFixture(words: fixture.words, memory: memory.reader)
      _ = thread?.look()
      _ = thread?.stack
      _ = thread?.interpreter.otherInterpreters(memory: memory.reader)
      #expect(memory.readCount <= 4 * Self.mostReads, "seed \(seed)")
    }
  }

  /// Instructions and tables of any kind.
  @Test(arguments: MemoryFixtureTests.minors) func anyInstructions(_ minor: Int) {
    let seed = Self.seed
    var random = RandomWalk(seed: seed)
    var scan = InstructionScan(minor: minor)
    for _ in 0..<Self.looks / 10 {
      let code = (0..<random.next(below: 400)).map { _ in UInt8(random.next(below: 256)) }
      let handlers = (0..<random.next(below: 60)).map { _ in UInt8(random.next(below: 256)) }
      code.withUnsafeBytes { code in
        handlers.withUnsafeBytes { handlers in
          guard scan.scan(code, handlers: handlers) else { return }
          for index in 0..<scan.sites.count {
            #expect(Int(scan.sites[index].unit) < code.count / 2, "seed \(seed)")
          }
        }
      }
      var lastUnit: Int64 = -1
      code.withUnsafeBytes { bytes in
        LineTable.decode(bytes, firstLine: random.next(below: 100)) { unit, line in
          #expect(Int64(unit) >= lastUnit && line <= Int32.max, "seed \(seed)")
          lastUnit = Int64(unit)
        }
      }
    }
  }

  private func damage(_ memory: RecordedMemory, _ random: inout RandomWalk, near threadState: UInt64) {
    for _ in 0...random.next(below: 12) {
      switch random.next(below: 4) {
      case 0:
        // Anywhere, a byte.
        memory.damage(byte: UInt64(random.next(below: 1 << 31)), with: UInt8(random.next(below: 256)))
      case 1:
        // The thread's own words.
        memory.store(
          interesting(&random, near: threadState), at: threadState + UInt64(random.next(below: 40)) * 8)
      default:
        // A word in some range, made a pointer to somewhere else.
        let address = memory.address(number: random.next(below: 1 << 30)) & ~7
        memory.store(interesting(&random, near: address), at: address)
      }
    }
  }

  /// Numbers that are read as sizes, counts, pointers.
  private func interesting(_ random: inout RandomWalk, near address: UInt64) -> UInt64 {
    switch random.next(below: 9) {
    case 0: 0
    case 1: 1
    case 2: .max
    case 3: 1 << 63
    case 4: UInt64(random.next(below: 1 << 30))
    case 5: UInt64(random.next(below: 1 << 30)) << 34
    case 6: address
    case 7: address &- UInt64(random.next(below: 4096))
    default: address &+ UInt64(random.next(below: 1 << 16)) & ~7
    }
  }
}
