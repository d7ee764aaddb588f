import Profile

/// What each function of a session was seen with: which class, or which class, line and flags.
///
/// Nearly every function has one class or none, which is known without looking at a sample. Only those
/// that were seen with several, such as an inherited method, need their time counted class by class.
struct FunctionVariants {
  /// What makes two frames of one function different.
  enum Detail: Sendable {
    /// The class alone: what reports show.
    case classes
    /// Class, line and flags: what frames for Python have as attributes.
    case attributes
  }

  let detail: Detail
  private var firstFrames: [Frame?]
  private var mixed: [Bool]
  private var hidden: [Bool]
  /// True if any function is mixed.
  private(set) var hasMixed = false
  /// True if any function is hidden.
  private(set) var hasHidden = false

  init(_ session: Session, detail: Detail) {
    self.detail = detail
    firstFrames = [Frame?](repeating: nil, count: session.functions.count)
    mixed = [Bool](repeating: false, count: session.functions.count)
    hidden = mixed
    for row in 0..<session.frames.count {
      let frame = session.frames[FrameID(index: row)]
      let function = frame.function.index
      guard function < mixed.count else { continue }
      if frame.flags.contains(.hidden) {
        hidden[function] = true
        hasHidden = true
      }
      guard let first = firstFrames[function] else {
        firstFrames[function] = frame
        continue
      }
      if detail == .attributes || first.className != frame.className {
        mixed[function] = true
        hasMixed = true
      }
    }
  }

  /// True if the function was seen with several variants, with none among them.
  func isMixed(_ function: FunctionID) -> Bool {
    function.index < mixed.count && mixed[function.index]
  }

  /// True if the frame's function, if it has one, is mixed.
  func isMixed(_ frame: Frame) -> Bool { frame.syntheticLeaf == nil && isMixed(frame.function) }

  /// True if the function was seen with a local that asks for its frames not to be shown.
  func isHidden(_ function: FunctionID) -> Bool {
    function.index < hidden.count && hidden[function.index]
  }

  /// The only class of a function that isn't mixed; the empty string if it has none.
  func soleClass(of function: FunctionID) -> StringID { soleFrame(of: function)?.className ?? .empty }

  /// What frames of a function that isn't mixed are like; nil if there are none.
  func soleFrame(of function: FunctionID) -> Frame? {
    function.index < firstFrames.count ? firstFrames[function.index] : nil
  }
}
