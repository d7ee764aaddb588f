import Profile

/// The frames of one thread as they were resolved last, innermost first, with what came out.
///
/// The outer frames of a thread seldom change between two looks. Those that are the same again need no looking up: the
/// same frame at the same instruction of the same code object.
struct ResolvedFrames: ~Copyable {
  var frames = Column<UInt64>(minimumCapacity: 64)
  var codes = Column<UInt64>(minimumCapacity: 64)
  var instructions = Column<UInt64>(minimumCapacity: 64)
  var rows = Column<Int32>(minimumCapacity: 64)
  /// Which of a frame's variables tells a class.
  var receivers = Column<CodeObject.Receiver>(minimumCapacity: 64)

  /// The code generation at which all code objects were known to be the cached ones; nil where there is none, or not all
  /// were.
  private var generation: UInt64?
  /// Without a generation: the look at which some code object has to be compared with memory again.
  private(set) var nextCheck: UInt64 = 0

  /// How many of the outermost frames are the same again in a newer chain.
  func sharedDepth(
    frames newFrames: borrowing Column<UInt64>, codes newCodes: borrowing Column<UInt64>,
    instructions newInstructions: borrowing Column<UInt64>
  ) -> Int {
    var mine = frames.count - 1
    var theirs = newFrames.count - 1
    while mine >= 0, theirs >= 0, frames[mine] == newFrames[theirs], codes[mine] == newCodes[theirs],
      instructions[mine] == newInstructions[theirs]
    {
      mine -= 1
      theirs -= 1
    }
    return frames.count - 1 - mine
  }

  /// Whether frames that are the same again need no comparison of code objects with memory.
  func isCurrent(generation newGeneration: UInt64?, look: UInt64) -> Bool {
    newGeneration == generation && (newGeneration != nil || look < nextCheck)
  }

  /// Notes that all frames of a chain hold the cached code objects, at this generation or until this look.
  mutating func confirm(generation: UInt64?, nextCheck: UInt64) {
    self.generation = generation
    self.nextCheck = nextCheck
  }
}
