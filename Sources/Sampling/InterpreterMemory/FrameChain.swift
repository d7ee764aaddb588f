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
    /// A caller stands at an instruction that calls nothing.
    case impossibleCaller
  }

  /// Addresses of code objects and of instructions, innermost frame first.
  private(set) var codes = Column<UInt64>(minimumCapacity: 64)
  private(set) var instructions = Column<UInt64>(minimumCapacity: 64)
  /// Addresses of the frames themselves, and the values of their `self` or `cls`, 0 where there is none.
  private var frames = Column<UInt64>(minimumCapacity: 64)
  private var receivers = Column<UInt64>(minimumCapacity: 64)
  /// Which variable of each frame tells a class.
  private var receiverKinds = Column<CodeObject.Receiver>(minimumCapacity: 64)
  private var classes = ReceiverClasses()
  /// The C function that the innermost frame is calling; nil if it calls none.
  private(set) var builtIn: FunctionID?
  /// Whether a trace function may have been called from any instruction (3.11).
  private var isTraced = false
  /// Whether a frame is a generator's or coroutine's.
  private var areGenerators = Column<Bool>(minimumCapacity: 64)
  /// Rows of the code cache, once `resolve` has succeeded.
  private(set) var rows = Column<Int32>(minimumCapacity: 64)
  /// The chain as it was when it was resolved last, and whether that is what it is now.
  private var last = ResolvedFrames()
  private var isResolved = false
  /// How many of the outermost frames, with their classes, haven't changed since `takeUnchangedDepth`.
  private var unchangedDepth = 0
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
    isTraced = state.isTraced
    let size = UInt64(layout.frameReadSize)
    let lastMark = layout.lastMarkOwner ?? 0
    let address = ~layout.referenceTags
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
        codes.append(bytes.load(fromByteOffset: layout.frameCode, as: UInt64.self) & address)
        instructions.append(bytes.load(fromByteOffset: layout.frameInstruction, as: UInt64.self))
        frames.append(frame)
        areGenerators.append(owner == CPythonConstants.ownerGenerator)
        bottom = frame
      default:
        // Not a frame of the program: it marks where C code called the interpreter, or the end of the stack.
        guard owner >= CPythonConstants.firstMarkOwner, owner <= lastMark else { return .badOwner }
        if frame == state.baseFrame { return nil }
      }
      frame = bytes.load(fromByteOffset: layout.framePrevious, as: UInt64.self)
    }
    guard count > 0, bottom != knownRoot else { return nil }
    // The outermost frame has a place of its own. Where 3.15's mark is missing below it, it is a greenlet's.
    return bottom == rootChunk &+ UInt64(CPythonConstants.rootFrameInChunk) ? nil : .badRoot
  }

  /// Forgets all frames.
  mutating func removeAll() {
    if isResolved {
      swap(&last.frames, &frames)
      swap(&last.codes, &codes)
      swap(&last.instructions, &instructions)
      swap(&last.rows, &rows)
      swap(&last.receivers, &receiverKinds)
      isResolved = false
    }
    receiverKinds.removeAll()
    codes.removeAll()
    instructions.removeAll()
    frames.removeAll()
    receivers.removeAll()
    builtIn = nil
    areGenerators.removeAll()
    rows.removeAll()
    bottom = 0
    top = 0
  }

  /// Looks every code object up, learning those that are new and comparing with memory those that weren't for a
  /// while, and checks that every instruction lies inside its code and every caller's can have a callee. Then finds the
  /// class of each `self` and `cls`, and the C function that is being called. Nil if all is well.
  mutating func resolve<M: Memory>(
    layout: Layout, cache: inout CodeCache, checker: inout CodeChecker,
    copy: inout StackCopy, look: UInt64, memory: M
  ) -> Fault? {
    let generation = cache.generation(memory: memory)
    let shared = last.sharedDepth(frames: frames, codes: codes, instructions: instructions)
    // What is inside of this has changed, or has to be compared.
    let changed = last.isCurrent(generation: generation, look: look) ? count - shared : count
    let isReplaced = learn(
      changed, cache: &cache, checker: &checker, look: look, generation: generation,
      layout: layout, memory: memory)
    guard let isReplaced else { return .badCode }
    // The innermost frame that hasn't changed may have become a caller.
    for index in 0..<min(changed + 1, count) {
      let offset = Int64(bitPattern: instructions[index] &- codes[index] &- UInt64(layout.codeInstructions))
      let length = Int64(bitPattern: cache.objects[Int(rows[index])].identity.size) * 2
      // 3.11 and 3.12 point at the unit that ran last, so a frame that has yet to begin stands one before the first.
      guard offset >= -2, offset < length, offset & 1 == 0 else { return .badInstruction }
      if index > 0, cache.isInert(row: Int(rows[index]), unit: Int(offset >> 1)),
        !isIncomplete(index, layout: layout, cache: cache),
        isInertNow(index, cache: cache, memory: memory)
      {
        return .impossibleCaller
      }
    }
    noteChecks(changed, cache: cache, generation: generation, look: look)
    leaveOutIncomplete(changed, layout: layout, cache: cache)
    readReceivers(layout: layout, copy: &copy, memory: memory)
    let unchanged = classes.update(
      rows: rows, values: receivers, unchanged: isReplaced ? 0 : shared, cache: &cache, look: look,
      memory: memory)
    unchangedDepth = min(unchangedDepth, unchanged)
    builtIn = findBuiltIn(
      layout: layout, cache: &cache, copy: &copy, look: look, memory: memory)
    isResolved = true
    return nil
  }

  /// Finds the rows of all code objects: those of the `changed` innermost frames in the cache or in memory, the others'
  /// are as they were. Nil if there is something else in a code object's place, else whether a known one was replaced.
  private mutating func learn<M: Memory>(
    _ changed: Int, cache: inout CodeCache, checker: inout CodeChecker, look: UInt64, generation: UInt64?,
    layout: Layout, memory: M
  ) -> Bool? {
    rows.removeAll()
    receiverKinds.removeAll()
    checker.removeAll()
    for index in 0..<changed {
      let address = codes[index]
      guard address >= 4096, address & 7 == 0 else { return nil }
      var row = cache.row(at: address)
      if row == nil { row = cache.learn(address, from: memory, look: look) }
      guard let row else { return nil }
      if cache.isDue(row, look: look, generation: generation) {
        checker.add(address, row: row, position: index)
      }
      rows.append(Int32(truncatingIfNeeded: row))
      receiverKinds.append(cache.objects[row].receiver)
    }
    rows.append(contentsOf: last.rows, last: count - changed)
    receiverKinds.append(contentsOf: last.receivers, last: count - changed)
    checker.check(layout: layout, cache: &cache, look: look, memory: memory)
    for stale in 0..<checker.staleCount {
      let position = checker.stalePosition(stale)
      guard let row = cache.learn(codes[position], from: memory, look: look) else {
        return nil
      }
      for index in 0..<count where codes[index] == codes[position] {
        rows[index] = Int32(truncatingIfNeeded: row)
        receiverKinds[index] = cache.objects[row].receiver
      }
    }
    return checker.staleCount > 0
  }

  /// Notes until when the chain's code objects are known to be the cached ones.
  private mutating func noteChecks(
    _ changed: Int, cache: borrowing CodeCache, generation: UInt64?, look: UInt64
  ) {
    var nextCheck = changed < count ? last.nextCheck : UInt64.max
    var known = generation
    for index in 0..<changed {
      let row = Int(rows[index])
      // More than the checker takes at once.
      if cache.isDue(row, look: look, generation: generation) { known = nil }
      nextCheck = min(nextCheck, cache.nextCheck(row))
    }
    last.confirm(generation: known, nextCheck: generation == nil ? nextCheck : 0)
  }

  /// Whether a caller's instruction is one that calls nothing even now: a trace function may be called from anywhere,
  /// which from 3.12 on shows in the instruction itself.
  private func isInertNow<M: Memory>(_ index: Int, cache: borrowing CodeCache, memory: M) -> Bool {
    guard !isTraced else { return false }
    var unit: UInt16 = 0
    guard memory.read(instructions[index], 2, into: &unit) else { return true }
    return cache.isInert(instruction: UInt8(truncatingIfNeeded: unit))
  }

  /// Reads the value of every `self` and `cls`.
  private mutating func readReceivers<M: Memory>(layout: Layout, copy: inout StackCopy, memory: M) {
    receivers.removeAll()
    for index in 0..<count {
      var value: UInt64 = 0
      if receiverKinds[index] != .none {
        value = slot(0, of: index, layout: layout, copy: &copy, memory: memory) ?? 0
      }
      receivers.append(value)
    }
  }

  /// What a slot of a frame refers to: variables first, then the value stack. 0 if nothing, nil if it can't be read.
  private func slot<M: Memory>(
    _ slot: Int, of index: Int, layout: Layout, copy: inout StackCopy, memory: M
  ) -> UInt64? {
    let address = frames[index] &+ UInt64(layout.frameLocals) &+ UInt64(slot) &* 8
    guard let reference = copy.bytes(address, 8, from: memory)?.load(as: UInt64.self) else { return nil }
    // Both tags together mean a number in the place of an address (Include/internal/pycore_stackref.h).
    if layout.referenceTags != 0, reference & layout.referenceTags == layout.referenceTags { return 0 }
    return reference & ~layout.referenceTags
  }

  /// The C function that the innermost frame is calling: the callee on its value stack, if it stands at a call.
  private func findBuiltIn<M: Memory>(
    layout: Layout, cache: inout CodeCache, copy: inout StackCopy, look: UInt64,
    memory: M
  ) -> FunctionID? {
    guard count > 0, let site = cache.callSite(row: Int(rows[0]), unit: unit(0, layout: layout)) else {
      return nil
    }
    let base = Int(cache.objects[Int(rows[0])].variableCount) + Int(site.slot)
    func value(_ offset: Int) -> UInt64 {
      slot(base + offset, of: 0, layout: layout, copy: &copy, memory: memory) ?? 0
    }
    // The two slots are a method and its object, or one of them is empty: up to 3.12 the first, later the second.
    var callee = value(0)
    var first = value(1)
    if callee == 0 {
      callee = first
      first = 0
    }
    if first == 0, site.hasArguments { first = value(2) }
    guard callee >= 4096, callee & 7 == 0,
      let bytes = copy.bytes(callee, CFunction.readSize, from: memory), let function = cache.cFunction(bytes)
    else { return nil }
    let bound = function.descriptorType == 0 ? function.receiver : first
    var type: UInt64 = 0
    if bound >= 4096, bound & 7 == 0 {
      let address = bound &+ UInt64(CPythonConstants.objectType)
      type = copy.bytes(address, 8, from: memory)?.load(as: UInt64.self) ?? 0
    }
    return cache.builtIn(
      function, boundTo: bound, type: type, look: look, memory: memory)
  }

  /// The class of a frame's `self` or `cls`; empty if there is none.
  @inline(__always)
  func className(_ index: Int) -> StringID { classes.name(count - 1 - index) }

  /// How many of the outermost frames are what they were when this was called last.
  mutating func takeUnchangedDepth() -> Int {
    defer { unchangedDepth = .max }
    return unchangedDepth
  }

  /// Leaves out the frames that the interpreter itself doesn't show because they have yet to begin
  /// (`_PyFrame_IsIncomplete`, Include/internal/pycore_frame.h): some of the `changed` innermost ones.
  private mutating func leaveOutIncomplete(_ changed: Int, layout: Layout, cache: borrowing CodeCache) {
    var kept = 0
    for index in 0..<count {
      if index >= changed, kept == index { return }
      if index < changed, isIncomplete(index, layout: layout, cache: cache) { continue }
      if kept < index {
        codes[kept] = codes[index]
        instructions[kept] = instructions[index]
        rows[kept] = rows[index]
        receiverKinds[kept] = receiverKinds[index]
        frames[kept] = frames[index]
      }
      kept += 1
    }
    codes.truncate(to: kept)
    instructions.truncate(to: kept)
    rows.truncate(to: kept)
    receiverKinds.truncate(to: kept)
    frames.truncate(to: kept)
  }

  private func isIncomplete(_ index: Int, layout: Layout, cache: borrowing CodeCache) -> Bool {
    let offset = Int64(bitPattern: instructions[index] &- codes[index] &- UInt64(layout.codeInstructions))
    return !areGenerators[index] && offset < 2 * Int64(cache.objects[Int(rows[index])].firstTraceable)
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
    isResolved = false
    forgetLast()
    codes.removeFirst(count - depth)
    instructions.removeFirst(instructions.count - depth)
    if depth < rows.count {
      rows.removeFirst(rows.count - depth)
      builtIn = nil
    }
    classes.truncate(to: depth)
  }

  /// Takes over another chain's frames.
  mutating func assign(_ other: borrowing FrameChain) {
    removeAll()
    forgetLast()
    codes.assign(other.codes)
    instructions.assign(other.instructions)
    rows.assign(other.rows)
    classes.assign(other.classes)
    builtIn = other.builtIn
    top = other.top
    bottom = other.bottom
  }

  /// Forgets everything, for another thread.
  mutating func forget() {
    removeAll()
    classes.truncate(to: 0)
    forgetLast()
  }

  /// What was resolved last can't be compared with any more.
  private mutating func forgetLast() {
    last.frames.removeAll()
    unchangedDepth = 0
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
