import Profile

extension CallTree {
  /// Takes out the frames of functions with a local `__tracebackhide__`: they ask not to be shown.
  public mutating func removeTracebackHide() {
    let session = session
    var hidden = [Bool](repeating: false, count: session.functions.count)
    for row in 0..<session.frames.count {
      let frame = session.frames[FrameID(index: row)]
      if frame.flags.contains(.hidden), frame.function.index < hidden.count {
        hidden[frame.function.index] = true
      }
    }
    replaceWithChildren { hidden[$0.index] }
  }

  /// Puts the children of each node below the root whose function is chosen in the node's place.
  mutating func replaceWithChildren(where isChosen: (FunctionID) -> Bool) {
    var node = root ?? .null
    while node != .null {
      let next = nextInPreorder(after: node)
      if let function = identity(of: node).function, function.index < session.functions.count,
        isChosen(function)
      {
        delete(node, replacingWith: .children)
      }
      node = next
    }
  }
}
