import Profile

/// Turns the frames of a look into a stack of the recording, leaving out what isn't the program's.
///
/// The outer frames of a thread seldom change between two looks, so the part that is as it was isn't looked up again.
struct StackRecorder: ~Copyable {
  private let own: OwnCode
  /// The last stack, outermost frame first: cache rows, instructions, classes, the stack up to here, and whether the stem
  /// goes on above.
  private var rows = Column<Int32>(minimumCapacity: 64)
  private var instructions = Column<UInt64>(minimumCapacity: 64)
  private var classNames = Column<StringID>(minimumCapacity: 64)
  private var stacks = Column<StackID>(minimumCapacity: 64)
  private var isStem = Column<Bool>(minimumCapacity: 64)

  init(own: OwnCode) { self.own = own }

  /// The stack of a chain whose code objects are resolved, and of which this many of the outermost frames are known to be
  /// those of the last one.
  mutating func stack(
    of chain: borrowing FrameChain, unchanged: Int, cache: borrowing CodeCache, names: inout NameTranslation,
    layout: Layout, recording: inout Recording
  ) -> StackID {
    let count = chain.count
    var depth = min(unchanged, min(count, rows.count))
    while depth < count, depth < rows.count, rows[depth] == chain.rows[count - 1 - depth],
      instructions[depth] == chain.instructions[count - 1 - depth],
      classNames[depth] == chain.className(count - 1 - depth)
    {
      depth += 1
    }
    truncate(to: depth)
    while depth < count {
      let index = count - 1 - depth
      append(
        chain, index: index, depth: depth, cache: cache, names: &names, layout: layout, recording: &recording)
      depth += 1
    }
    let stack = stacks.last ?? .empty
    // What Spinetail itself calls doesn't belong to the program.
    guard let builtIn = chain.builtIn, count > 0, !(isStem.last ?? false),
      cache.objects[Int(chain.rows[0])].origin != .own
    else { return stack }
    let function = names.function(builtIn, of: cache.names, in: &recording)
    let leaf = recording.intern(Frame(function: function, line: 0))
    return recording.intern(parent: stack, frame: leaf)
  }

  @inline(__always)
  private mutating func append(
    _ chain: borrowing FrameChain, index: Int, depth: Int, cache: borrowing CodeCache,
    names: inout NameTranslation, layout: Layout, recording: inout Recording
  ) {
    let row = Int(chain.rows[index])
    let code = cache.objects[row]
    let parent = stacks.last ?? .empty
    let isStemFrame = own.isStem(depth: depth, origin: code.origin, isAboveStem: isStem.last)
    var stack = parent
    if !isStemFrame && code.origin != .own {
      let line = cache.line(row: row, unit: chain.unit(index, layout: layout))
      let function = names.function(code.function, of: cache.names, in: &recording)
      let className = names.string(chain.className(index), of: cache.names, in: &recording)
      let frame = recording.intern(
        Frame(
          function: function, line: line, className: className,
          flags: code.isHidden ? .hidden : []))
      stack = recording.intern(parent: parent, frame: frame)
    }
    rows.append(Int32(truncatingIfNeeded: row))
    instructions.append(chain.instructions[index])
    classNames.append(chain.className(index))
    stacks.append(stack)
    isStem.append(isStemFrame)
  }

  /// Forgets the last stack.
  mutating func forget() { truncate(to: 0) }

  private mutating func truncate(to depth: Int) {
    rows.truncate(to: depth)
    instructions.truncate(to: depth)
    classNames.truncate(to: depth)
    stacks.truncate(to: depth)
    isStem.truncate(to: depth)
  }
}
