/// What readers tell a function by, whichever tree it is in.
struct FunctionKey: Hashable {
  let name: [UInt8]
  /// The full path of the source file; empty if there is none.
  let file: [UInt8]
  /// The line that the function begins at, or a thread's identifier; 0 if unknown.
  let line: UInt64

  init(_ node: NodeID, in tree: CallTree) {
    name = tree.withName(of: node) { Array($0) }
    file = tree.withFile(of: node) { Array($0) }
    line = tree.line(of: node)
  }
}
