import Profile

extension CallTree {
  /// Makes the program's first frame the root: the frames of the profiler that started it go away.
  ///
  /// In pyinstrument's recordings of a command these are its main function, the code that this executes, and the frames
  /// of `runpy`, if a script or module was run. They go by what they are, not by how much time they have or when, and
  /// nothing of the program goes with them. Our own recordings hold no such frames, but the time before the program's first
  /// frame and after its last, which the thread's pseudo frame has.
  public mutating func removeFirstProfilerFrames() {
    guard let root else { return }
    if role(of: root) == .pyinstrumentCommand {
      let program = programRoot(below: root)
      if program != root { makeRoot(program) }
    } else if session.threads.count == 1, Self.ownEngines.contains(session.metadata.engine) {
      trimThreadFrame(threshold: Self.stemShare)
    }
  }

  private static let ownEngines: Set<String> = ["sampler", "setprofile"]
  /// The part of the time that the pseudo frame of a thread may have for itself and yet be left out.
  private static let stemShare = 0.02
  /// The part of the time that the frame may have for itself that does nothing but call `runpy`.
  private static let callerShare = 0.01

  private func role(of node: NodeID) -> FileRole {
    let identity = identity(of: node)
    return identity.kind == .function ? files.role(of: fileName(of: identity)) : .other
  }

  /// The first frame of the program that pyinstrument's `main` ran, or `main` itself if there is none.
  private mutating func programRoot(below main: NodeID) -> NodeID {
    let executed = calls(of: main).filter { role(of: $0) == .text && firstChild(of: $0) != .null }
    guard executed.count == 1, let code = executed.first else { return main }
    // Without runpy, the code is the user's own.
    let calls = calls(of: code)
    guard calls.count == 1, let start = calls.first, role(of: start) == .runpy,
      ["run_path", "run_module"].contains(name(of: start)),
      Double(selfTime(of: code))
        <= max(
          Self.callerShare * Double(time(of: code)), 2e9 * session.metadata.maxInterval)
    else { return code }

    let tops = programFrames(startedBy: start)
    guard let first = tops.first else { return code }
    if tops.count == 1 { return first }
    // Code that runs before the module's own, such as its package's: what runpy itself does has to go, and one frame
    // that is left holds the rest together.
    var common = starters(of: first, upTo: start)
    for top in tops.dropFirst() {
      let starters = starters(of: top, upTo: start)
      let shared = zip(common, starters).prefix { $0 == $1 }.count
      common.removeLast(common.count - shared)
    }
    let root = common.last ?? start
    dissolveStarters(below: root)
    return root
  }

  /// The functions that `node` calls.
  private func calls(of node: NodeID) -> [NodeID] {
    children(of: node).filter { !identity(of: $0).isSynthetic }
  }

  /// The outermost frames of the program below a function of runpy.
  private func programFrames(startedBy start: NodeID) -> [NodeID] {
    var tops: [NodeID] = []
    let end = nextInPreorder(after: start, skippingChildren: true)
    // Where runpy imports a package since the module is in it, and what comes after that.
    var isLoading = false
    var loadingEnd = NodeID.null
    var node = nextInPreorder(after: start)
    while node != end, node != .null {
      if node == loadingEnd { isLoading = false }
      let role = role(of: node)
      let caller = parent(of: node)
      let isProgram: Bool
      if identity(of: node).kind != .function {
        isProgram = false
      } else if self.role(of: caller) == .runpy, name(of: caller) == "_run_code" {
        isProgram = true
      } else {
        isProgram =
          name(of: node) == "<module>" && (role == .other || (isLoading && role == .standardLibrary))
      }
      if isProgram { tops.append(node) }
      if role == .runpy, !isLoading, name(of: node) == "_get_module_details" {
        isLoading = true
        loadingEnd = nextInPreorder(after: node, skippingChildren: true)
      }
      node = nextInPreorder(after: node, skippingChildren: isProgram)
    }
    return tops
  }

  /// The functions of runpy above `node`, outermost first.
  private func starters(of node: NodeID, upTo start: NodeID) -> [NodeID] {
    var starters: [NodeID] = []
    var current = parent(of: node)
    while current != .null {
      if role(of: current) == .runpy { starters.append(current) }
      if current == start { break }
      current = parent(of: current)
    }
    return starters.reversed()
  }

  /// Puts in the place of runpy's functions below `top` what they call.
  private mutating func dissolveStarters(below top: NodeID) {
    var child = firstChild(of: top)
    while child != .null {
      guard role(of: child) == .runpy else {
        child = nextSibling(of: child)
        continue
      }
      let next = firstChild(of: child) != .null ? firstChild(of: child) : nextSibling(of: child)
      delete(child, replacingWith: .children)
      child = next
    }
  }
}
