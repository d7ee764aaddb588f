import CPythonABI
import Profile
import Reporting

/// `_native`'s functions over call trees. Their Python signatures stand in `_native.pyi`.
enum TreeFunctions {
  static func make(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let session = try arguments.capsule(0, Capsules.session)
    let thread = try arguments.int(1)
    let merging: CallTree.Merging
    switch try arguments.string(2) {
    case "consecutive": merging = .consecutiveCalls
    case "repeated": merging = .repeatedCalls
    case let other: throw Python.fail("'\(other)' is no way to merge calls: use 'consecutive' or 'repeated'.")
    }
    let clockName = try arguments.string(3)
    guard let clock = SampleClock(rawValue: clockName) else {
      throw Python.fail("'\(clockName)' is no clock: use 'wall' or 'cpu'.")
    }
    let tree = CallTree(
      session, thread: thread < 0 ? nil : thread, merging: merging, clock: clock,
      trimmingStem: try arguments.bool(4))
    return try Capsules.tree.wrap(TreeBox(tree))
  }

  static func root(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    Python.int(try arguments.capsule(0, Capsules.tree).tree.root?.index ?? -1)
  }
}
