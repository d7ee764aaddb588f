import Profile

/// The stacks of a session without what a call tree ignores: line numbers, unless they are wanted as attributes, and
/// classes that say nothing.
///
/// Stacks that differ only so have the same path. Paths are numbered so that a path's parent has a lower
/// number than the path: of two paths, the higher is never an ancestor of the lower, which finds their
/// common ancestor without knowing depths. Path 0 is the empty one.
struct FunctionPaths {
  /// The path of each stack, by row.
  private var pathOfStack: [UInt32] = [0]
  /// The path without its top function; path 0 is its own parent.
  private(set) var parents: [UInt32] = [0]
  /// What the top frame stands for. Row 0 means nothing.
  private(set) var identities = [NodeIdentity.root]
  /// The top frame, or the first of those that count as the same.
  private(set) var frames = [FrameID(rawValue: .max)]
  /// True where the top function was seen with several variants.
  private(set) var isMixed = [false]
  /// The number of the path's functions, whatever their classes: equal for paths of the same functions.
  private(set) var merged: [UInt32] = [0]
  /// One more than the highest number in `merged`.
  private(set) var mergedCount = 1

  /// The number of paths.
  var count: Int { parents.count }

  init(_ session: Session, variants functions: FunctionVariants) {
    let stackCount = session.stacks.count
    pathOfStack.reserveCapacity(stackCount)
    let variants = Self.variants(session, functions)
    var index = PairIndex(expectedCount: stackCount)
    var mergedIndex = PairIndex(expectedCount: functions.hasMixed ? stackCount : 0)
    for row in 1..<max(stackCount, 1) {
      let stack = StackID(index: row)
      let parent = session.stacks.parent(of: stack)
      guard parent.index < row, let id = session.stacks.frame(of: stack), id.index < variants.count else {
        pathOfStack.append(0)
        continue
      }
      let parentPath = pathOfStack[parent.index]
      // What stands on a synthetic leaf, in a broken file, counts as the leaf.
      guard !identities[Int(parentPath)].isSyntheticLeaf else {
        pathOfStack.append(parentPath)
        continue
      }
      let candidate = UInt32(truncatingIfNeeded: parents.count)
      let path = index.value(of: parentPath, variants[id.index], orInsert: candidate)
      pathOfStack.append(path)
      guard path == candidate else { continue }
      let frame = session.frames[id]
      let mixed = functions.isMixed(frame)
      parents.append(parentPath)
      identities.append(.frame(frame))
      frames.append(id)
      isMixed.append(mixed)
      let mergedCandidate = UInt32(truncatingIfNeeded: mergedCount)
      // Without classes to tell apart, paths are already as few as they can be.
      let mergedPath =
        functions.hasMixed
        ? mergedIndex.value(
          of: merged[Int(parentPath)], Self.number(of: frame, in: session), orInsert: mergedCandidate)
        : mergedCandidate
      merged.append(mergedPath)
      if mergedPath == mergedCandidate { mergedCount += 1 }
    }
  }

  /// The path of `stack`; the empty one if the session has no such stack.
  func path(of stack: StackID) -> UInt32 {
    stack.index < pathOfStack.count ? pathOfStack[stack.index] : 0
  }

  /// A number for each frame, by row: the same for frames that differ only in what is ignored.
  private static func variants(_ session: Session, _ functions: FunctionVariants) -> [UInt32] {
    var variants: [UInt32] = []
    variants.reserveCapacity(session.frames.count)
    var next = firstNumberOfLeaves(in: session) &+ UInt32(SyntheticLeaf.allCases.count)
    var index = PairIndex()
    for row in 0..<session.frames.count {
      let frame = session.frames[FrameID(index: row)]
      guard functions.isMixed(frame) else {
        variants.append(number(of: frame, in: session))
        continue
      }
      let difference =
        functions.detail == .classes ? frame.className.rawValue : UInt32(truncatingIfNeeded: row)
      let variant = index.value(of: frame.function.rawValue, difference, orInsert: next)
      if variant == next { next += 1 }
      variants.append(variant)
    }
    return variants
  }

  /// A number for what `frame` stands for: its function's row, or one of those after the last row.
  private static func number(of frame: Frame, in session: Session) -> UInt32 {
    switch frame.syntheticLeaf {
    case nil: return frame.function.rawValue
    case .await: return firstNumberOfLeaves(in: session)
    case .outOfContext: return firstNumberOfLeaves(in: session) &+ 1
    }
  }

  private static func firstNumberOfLeaves(in session: Session) -> UInt32 {
    UInt32(truncatingIfNeeded: session.functions.count)
  }
}
