import Profile

/// Goes through the instructions of a code object once, and finds what a look must know of them: which of them can't
/// have called anything, and where a call's callee stands on the value stack.
///
/// The depth of the value stack is followed from the start and from every exception handler, as the interpreter itself
/// does it where a frame's line is set (`mark_stacks`, Objects/frameobject.c).
struct InstructionScan: ~Copyable {
  /// Longer code isn't gone through: it is nothing that was written by hand.
  static let maxUnits = 1 << 15
  /// Blocks that are reached only from behind need another round; real code needs two.
  private static let maxRounds = 4
  private static let unknown: Int32 = -1

  /// A call instruction.
  struct Site: BitwiseCopyable {
    var unit: UInt32
    /// Which slot of the value stack, counted from its bottom, is the first of the callee's two.
    var slot: UInt16
    /// Whether the arguments follow the two slots.
    var hasArguments: Bool
  }

  private let instructions: InstructionSet
  /// The depth before each code unit.
  private var depths = Column<Int32>(minimumCapacity: 1024)
  /// Calls in order, and for every code unit whether it can't have a callee, 64 to a word.
  private(set) var sites = Column<Site>(minimumCapacity: 64)
  private(set) var inert = Column<UInt64>(minimumCapacity: 64)

  init(minor: Int) { instructions = InstructionSet(minor: minor) }

  /// Whether an instruction with this number can't have a callee.
  @inline(__always)
  func isInert(_ code: UInt8) -> Bool { instructions[code].role.isWithoutCallee }

  /// Goes through `code` and fills `sites` and `inert`. False, with both empty, if something in it isn't known.
  mutating func scan(_ code: UnsafeRawBufferPointer, handlers: UnsafeRawBufferPointer) -> Bool {
    sites.removeAll()
    inert.removeAll()
    let units = code.count / 2
    guard units > 0, units <= Self.maxUnits else { return false }
    depths.removeAll()
    for _ in 0...units { depths.append(Self.unknown) }
    depths[0] = 0
    setHandlerDepths(handlers, units: units)
    var rounds = 0
    var isSettled = false
    while !isSettled, rounds < Self.maxRounds {
      guard let settled = follow(code, units: units) else { return false }
      isSettled = settled
      rounds += 1
    }
    collect(code, units: units)
    return true
  }

  /// One round over all instructions. Gives whether nothing new was learned behind, nil if an instruction isn't known.
  private mutating func follow(_ code: UnsafeRawBufferPointer, units: Int) -> Bool? {
    var isSettled = true
    var unit = 0
    var prefix = 0
    while unit < units {
      let instruction = instructions[code[unit * 2]]
      guard instruction.isKnown else { return nil }
      let argument = prefix << 8 | Int(code[unit * 2 + 1])
      let isPrefix = instruction.role == .prefix
      prefix = isPrefix ? argument & 0xFF_FFFF : 0
      let next = unit + 1 + Int(instruction.cache)
      let depth = Int(depths[unit])
      if depth >= 0 {
        if instruction.jump != .never {
          let target = instruction.jump == .forward ? next + argument : next - argument
          if set(target, depth + Int(instruction.jumpEffect), units: units), target < unit {
            isSettled = false
          }
        }
        if !instruction.endsBlock {
          _ = set(next, isPrefix ? depth : depth + instruction.effect(argument), units: units)
        }
      }
      unit = next
    }
    return isSettled
  }

  private mutating func collect(_ code: UnsafeRawBufferPointer, units: Int) {
    for _ in 0..<(units + 63) / 64 { inert.append(0) }
    var unit = 0
    var prefix = 0
    while unit < units {
      let instruction = instructions[code[unit * 2]]
      let argument = prefix << 8 | Int(code[unit * 2 + 1])
      prefix = instruction.role == .prefix ? argument & 0xFF_FFFF : 0
      if instruction.role.isWithoutCallee { inert[unit / 64] |= 1 << UInt64(unit & 63) }
      if let above = instruction.depthOfCallee(argument) {
        let slot = Int(depths[unit]) - above
        if slot >= 0, slot <= Int(UInt16.max) {
          let hasArguments = instruction.role != .callUnpacked
          sites.append(
            Site(
              unit: UInt32(truncatingIfNeeded: unit), slot: UInt16(truncatingIfNeeded: slot),
              hasArguments: hasArguments))
        }
      }
      unit += 1 + Int(instruction.cache)
    }
  }

  /// True if the unit's depth wasn't known.
  private mutating func set(_ unit: Int, _ depth: Int, units: Int) -> Bool {
    guard unit >= 0, unit < units, depths[unit] == Self.unknown, depth >= 0, depth < 1 << 20 else {
      return false
    }
    depths[unit] = Int32(truncatingIfNeeded: depth)
    return true
  }

  /// Where handlers begin, from the exception table (Objects/exception_handling_notes.txt, 3.11 and later): start,
  /// length, target, depth and flag, each as groups of six bits, most significant first, of which bit 6 says that more
  /// follow.
  private mutating func setHandlerDepths(_ table: UnsafeRawBufferPointer, units: Int) {
    var position = 0
    func number() -> Int? {
      var value = 0
      while position < table.count {
        let byte = table[position]
        position += 1
        value = (value << 6 | Int(byte & 63)) & 0xFFFF_FFFF
        if byte & 64 == 0 { return value }
      }
      return nil
    }
    while number() != nil, number() != nil, let target = number(), let depth = number() {
      // The exception itself, and before it the instruction's place if the flag is set.
      _ = set(target, (depth >> 1) + (depth & 1) + 1, units: units)
    }
  }
}
