import Profile

/// The frames of one thread at one look, innermost first: where each one's code object is, and its instruction.
struct FrameChain: ~Copyable {
  /// More frames than any real stack has: beyond this the chain counts as broken.
  static let maxDepth = 1 << 18

  /// Why a walk isn't believed.
  enum Fault: UInt8, BitwiseCopyable {
    case unreadable
    case misaligned
    case tooDeep
    case circular
    case badOwner
    case badCode
    case badInstruction
    case badRoot
  }

  /// Addresses of code objects and of instructions, innermost frame first.
  private(set) var codes = Column<UInt64>(minimumCapacity: 256)
  private(set) var instructions = Column<UInt64>(minimumCapacity: 256)
  /// Whether a frame is a generator's or coroutine's.
  private var areGenerators = Column<Bool>(minimumCapacity: 256)
  /// Rows of the code cache, once `resolve` has succeeded.
  private(set) var rows = Column<Int32>(minimumCapacity: 256)
  /// The address of the current frame.
  private(set) var top: UInt64 = 0
  /// The address of the outermost frame.
  private(set) var bottom: UInt64 = 0

  var count: Int { codes.count }

  /// Follows the frames of a thread from its state. Nil if all is well: the chain ends at a root that is known.
  mutating func walk<M: Memory>(
    _ state: ThreadState, layout: Layout, knownRoot: UInt64, copy: inout StackCopy, memory: M
  ) -> Fault? {
    removeAll()
    guard let rootChunk = copyChunks(state, copy: &copy, memory: memory) else { return .unreadable }
    var frame = state.frame
    if let current = layout.cFrameCurrent, frame != 0 {
      guard frame & 7 == 0 else { return .misaligned }
      guard let cFrame = copy.bytes(frame, UInt64(current) + 8, from: memory) else { return .unreadable }
      frame = cFrame.load(fromByteOffset: current, as: UInt64.self)
    }
    top = frame
    let size = UInt64(layout.frameReadSize)
    var steps = 0
    // A circle is noticed by meeting the frame that was kept at the last power of two of steps (Brent's algorithm).
    var landmark: UInt64 = 0
    while frame != 0 {
      steps += 1
      guard steps <= Self.maxDepth else { return .tooDeep }
      guard frame != landmark else { return .circular }
      if steps & (steps - 1) == 0 { landmark = frame }
      guard frame & 7 == 0 else { return .misaligned }
      guard let bytes = copy.bytes(frame, size, from: memory) else { return .unreadable }
      let owner = bytes.load(fromByteOffset: layout.frameOwner, as: UInt8.self)
      switch owner {
      case CPythonConstants.ownerThread, CPythonConstants.ownerGenerator:
        codes.append(bytes.load(fromByteOffset: layout.frameCode, as: UInt64.self))
        instructions.append(bytes.load(fromByteOffset: layout.frameInstruction, as: UInt64.self))
        areGenerators.append(owner == CPythonConstants.ownerGenerator)
        bottom = frame
      case CPythonConstants.ownerCStack:
        // Not a frame of the program: it marks where C code called the interpreter.
        break
      default:
        return .badOwner
      }
      frame = bytes.load(fromByteOffset: layout.framePrevious, as: UInt64.self)
    }
    if count > 0, bottom != rootChunk &+ UInt64(CPythonConstants.rootFrameInChunk), bottom != knownRoot {
      return .badRoot
    }
    return nil
  }

  /// Forgets all frames.
  mutating func removeAll() {
    codes.removeAll()
    instructions.removeAll()
    areGenerators.removeAll()
    rows.removeAll()
    bottom = 0
    top = 0
  }

  /// Looks every code object up, learning those that are new and comparing with memory those that weren't for a
  /// while, and checks that every instruction lies inside its code. Nil if all is well.
  mutating func resolve<M: Memory>(
    layout: Layout, cache: inout CodeCache, recording: inout Recording, checker: inout CodeChecker,
    look: UInt64, memory: M
  ) -> Fault? {
    rows.removeAll()
    checker.removeAll()
    for index in 0..<count {
      let address = codes[index]
      guard address >= 4096, address & 7 == 0 else { return .badCode }
      var row = cache.row(at: address)
      if row == nil { row = cache.learn(address, from: memory, into: &recording, look: look) }
      guard let row else { return .badCode }
      if look &- cache.objects[row].checkedAtLook >= CodeCache.recheckAfterLooks {
        checker.add(address, row: row, position: index)
      }
      rows.append(Int32(truncatingIfNeeded: row))
    }
    checker.check(layout: layout, cache: &cache, look: look, memory: memory)
    for stale in 0..<checker.staleCount {
      let position = checker.stalePosition(stale)
      guard let row = cache.learn(codes[position], from: memory, into: &recording, look: look) else {
        return .badCode
      }
      for index in 0..<count where codes[index] == codes[position] {
        rows[index] = Int32(truncatingIfNeeded: row)
      }
    }
    for index in 0..<count {
      let offset = Int64(bitPattern: instructions[index] &- codes[index] &- UInt64(layout.codeInstructions))
      let length = Int64(bitPattern: cache.objects[Int(rows[index])].identity.size) * 2
      // 3.11 and 3.12 point at the unit that ran last, so a frame that has yet to begin stands one before the first.
      guard offset >= -2, offset < length, offset & 1 == 0 else { return .badInstruction }
    }
    leaveOutIncomplete(layout: layout, cache: cache)
    return nil
  }

  /// Leaves out the frames that the interpreter itself doesn't show because they have yet to begin
  /// (`_PyFrame_IsIncomplete`, Include/internal/pycore_frame.h).
  private mutating func leaveOutIncomplete(layout: Layout, cache: borrowing CodeCache) {
    var kept = 0
    for index in 0..<count {
      let offset = Int64(bitPattern: instructions[index] &- codes[index] &- UInt64(layout.codeInstructions))
      let isIncomplete =
        !areGenerators[index] && offset < 2 * Int64(cache.objects[Int(rows[index])].firstTraceable)
      guard !isIncomplete else { continue }
      if kept < index {
        codes[kept] = codes[index]
        instructions[kept] = instructions[index]
        rows[kept] = rows[index]
      }
      kept += 1
    }
    codes.truncate(to: kept)
    instructions.truncate(to: kept)
    rows.truncate(to: kept)
  }

  /// The code unit that a frame of the chain is at.
  @inline(__always)
  func unit(_ index: Int, layout: Layout) -> Int {
    let offset = Int(truncatingIfNeeded: instructions[index] &- codes[index]) - layout.codeInstructions
    return max(offset >> 1, 0)
  }

  /// Whether `other` is the same stack: the top frame's instruction may differ.
  func agrees(with other: borrowing FrameChain) -> Bool {
    guard count == other.count, top == other.top else { return false }
    return commonDepth(with: other) == count
  }

  /// How many of the outermost frames are the same in both chains. The innermost of them may be at another instruction.
  func commonDepth(with other: borrowing FrameChain) -> Int {
    let limit = min(count, other.count)
    var depth = 0
    while depth < limit {
      let mine = count - 1 - depth
      let theirs = other.count - 1 - depth
      guard codes[mine] == other.codes[theirs] else { break }
      depth += 1
      guard instructions[mine] == other.instructions[theirs] else { break }
    }
    return depth
  }

  /// Keeps the `depth` outermost frames only.
  mutating func keepOutermost(_ depth: Int) {
    codes.removeFirst(count - depth)
    instructions.removeFirst(instructions.count - depth)
    if rows.count > depth { rows.removeFirst(rows.count - depth) }
  }

  /// Takes over another chain's frames.
  mutating func assign(_ other: borrowing FrameChain) {
    codes.assign(other.codes)
    instructions.assign(other.instructions)
    rows.assign(other.rows)
    top = other.top
    bottom = other.bottom
  }

  /// Copies all chunks of the data stack, the newest up to the thread's top, older ones up to theirs. Gives the
  /// address of the root chunk; nil if the list is broken.
  private mutating func copyChunks<M: Memory>(
    _ state: ThreadState, copy: inout StackCopy, memory: M
  ) -> UInt64? {
    var chunk = state.chunk
    var top = state.chunkTop
    var root = chunk
    var steps = 0
    while chunk != 0 {
      steps += 1
      guard chunk & 7 == 0, steps < 1 << 16 else { return nil }
      guard let header = copy.chunk(chunk, upTo: top, from: memory) else { return nil }
      root = chunk
      chunk = header.load(as: UInt64.self)
      guard chunk != 0 else { break }
      // The chunk before this one: as long as its header says.
      guard let words = copy.usedWords(ofChunk: chunk, from: memory), words < 1 << 27 else { return nil }
      top = chunk &+ UInt64(CPythonConstants.chunkData) &+ words &* 8
    }
    return root
  }
}
