/// One frame of a stack that the events engine has seen, with everything that can change while its code stays.
struct TracedFrame: BitwiseCopyable, Equatable {
  /// What sort of frame: a Python function's, a C function's, or one that stands for a wait.
  enum Kind: UInt8, BitwiseCopyable {
    case python
    case builtIn
    case await
    case outOfContext
  }

  var kind: Kind
  /// A row of the tracer's code objects, or of its strings for a C function's name.
  var row: Int32
  var line: UInt32 = 0
  /// A row of the tracer's strings; 0 means that there is no class.
  var className: Int32 = 0

  static let await = TracedFrame(kind: .await, row: 0)
  static let outOfContext = TracedFrame(kind: .outOfContext, row: 0)
}

/// A stack, outermost frame first.
typealias TracedStack = [TracedFrame]
