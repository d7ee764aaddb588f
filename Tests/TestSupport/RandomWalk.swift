import Profile

/// Makes profiles of a program that wanders among a few functions: the same profile for the same seed.
public struct RandomWalk {
  private var state: UInt64

  public init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  /// A number from 0 up to and without `bound`.
  public mutating func next(below bound: Int) -> Int {
    // xorshift64*
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return Int((state &* 0x2545_F491_4F6C_DD1D) >> 33) % max(bound, 1)
  }

  /// A profile in which a sample keeps most of the stack before it.
  ///
  /// - Parameters:
  ///   - depth: About how deep stacks become.
  ///   - churn: How many frames change from sample to sample, at most.
  ///   - classes: Whether a third of the functions are seen with several classes.
  ///   - syntheticLeaves: Whether a fifth of the samples end in `[await]` or `[out-of-context]`.
  public mutating func session(
    samples: Int, depth: Int = 8, churn: Int = 4, functions: Int = 9, classes: Bool = true,
    syntheticLeaves: Bool = false
  ) -> Session {
    var recording = Recording()
    let thread = ThreadSamples(name: "MainThread", identifier: 1)
    let file = recording.intern("/app/program.py")
    var frames: [FrameID] = []
    for number in 0..<functions {
      let name = recording.intern("f\(number)")
      let function = recording.intern(Function(name: name, qualifiedName: name, file: file, firstLine: 1))
      for className in classes && number % 3 == 0 ? ["A", "B", ""] : [""] {
        frames.append(
          recording.intern(Frame(function: function, line: 1, className: recording.intern(className))))
      }
    }
    let leaves = [recording.awaitFrame(), recording.outOfContextFrame()]
    var stack: [StackID] = []
    for _ in 0..<samples {
      stack.removeLast(min(next(below: churn + 1), stack.count))
      for _ in 0..<next(below: churn + 1) where stack.count < depth * 2 {
        let parent = stack.last ?? .empty
        stack.append(recording.intern(parent: parent, frame: frames[next(below: frames.count)]))
      }
      while stack.count < depth / 2 {
        stack.append(
          recording.intern(parent: stack.last ?? .empty, frame: frames[stack.count % frames.count]))
      }
      var top = stack.last ?? .empty
      if syntheticLeaves, next(below: 5) == 0 {
        top = recording.intern(parent: top, frame: leaves[next(below: leaves.count)])
      }
      thread.append(Sample(stack: top, wallTime: Int64(1_000_000 + next(below: 1_000_000))))
    }
    return Session(recording, threads: [thread], metadata: SessionMetadata())
  }
}
