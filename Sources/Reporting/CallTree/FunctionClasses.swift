import Profile

/// Which classes each function of a session was seen with.
///
/// Nearly every function has one class or none, which is known without looking at a sample. Only those
/// that were seen with several, such as an inherited method, need their time counted class by class.
struct FunctionClasses {
  private var names: [StringID]
  private var mixed: [Bool]
  /// True if any function is mixed.
  private(set) var hasMixed = false

  init(_ session: Session) {
    names = [StringID](repeating: .empty, count: session.functions.count)
    mixed = [Bool](repeating: false, count: session.functions.count)
    var seen = mixed
    for row in 0..<session.frames.count {
      let frame = session.frames[FrameID(index: row)]
      let function = frame.function.index
      guard function < names.count else { continue }
      if !seen[function] {
        seen[function] = true
        names[function] = frame.className
      } else if names[function] != frame.className {
        mixed[function] = true
        hasMixed = true
      }
    }
  }

  /// True if the function was seen with several classes, or with and without one.
  func isMixed(_ function: FunctionID) -> Bool {
    function.index < mixed.count && mixed[function.index]
  }

  /// True if the frame's function, if it has one, is mixed.
  func isMixed(_ frame: Frame) -> Bool { frame.syntheticLeaf == nil && isMixed(frame.function) }

  /// The only class of a function that isn't mixed; the empty string if it has none.
  func soleClass(of function: FunctionID) -> StringID { names[function.index] }
}
