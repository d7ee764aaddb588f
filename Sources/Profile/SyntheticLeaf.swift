/// What stands on top of a stack instead of a function while a recorded context didn't run.
///
/// It is a frame of a function with the raw value as its name, without file and line, and a flag that tells
/// it from any function of the program. Nothing stands on top of it. As text, it is how the reference writes it.
public enum SyntheticLeaf: String, CaseIterable, Sendable {
  /// The recorded context waited in `await`: the frames below are those that it went away from.
  case await = "[await]"
  /// Another context ran, and how the recorded one gave way isn't known.
  case outOfContext = "[out-of-context]"

  /// What marks its frame.
  public var flags: FrameFlags {
    switch self {
    case .await: return .await
    case .outOfContext: return .outOfContext
    }
  }
}

extension Frame {
  /// What the frame stands for where that is no function of the program; else nil.
  public var syntheticLeaf: SyntheticLeaf? {
    if flags.isDisjoint(with: [.await, .outOfContext]) { return nil }
    return flags.contains(.await) ? .await : .outOfContext
  }
}

extension Recording {
  /// The handle of the frame that ends a stack whose context waits in `await`.
  public mutating func awaitFrame() -> FrameID { intern(.await) }

  /// The handle of the frame that ends a stack whose context gave way for reasons unknown.
  public mutating func outOfContextFrame() -> FrameID { intern(.outOfContext) }

  /// The handle of the frame of `leaf`.
  public mutating func intern(_ leaf: SyntheticLeaf) -> FrameID {
    let name = intern(leaf.rawValue)
    let function = intern(Function(name: name, qualifiedName: name, file: .empty, firstLine: 0))
    return intern(Frame(function: function, line: 0, flags: leaf.flags))
  }
}
