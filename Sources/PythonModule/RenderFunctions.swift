import CPythonABI
import Profile
import Reporting

/// `_native`'s functions that make reports. Their Python signatures stand in `_native.pyi`.
enum RenderFunctions {
  static func makeThreadTrees(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let session = try arguments.capsule(0, Capsules.session)
    let merging: CallTree.Merging = try arguments.bool(1) ? .repeatedCalls : .consecutiveCalls
    let trees = CallTree.ofThreads(
      in: session, merging: merging, clock: try clock(arguments, 2),
      withAttributes: try arguments.bool(3))
    return try Python.list(trees.count) { (index) throws(PythonError) in
      try Capsules.tree.wrap(TreeBox(trees[index]))
    }
  }

  static func hasCPUTime(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    Python.bool(try arguments.capsule(0, Capsules.session).hasCPUTime)
  }

  static func text(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let session = try arguments.capsule(0, Capsules.session)
    var renderer = TextRenderer(
      unicode: try arguments.bool(3), color: try arguments.bool(4), showAll: try arguments.bool(5))
    renderer.timeline = try arguments.bool(6)
    renderer.unit = try word(arguments, 7)
    renderer.flat = try arguments.string(8).isEmpty ? nil : try word(arguments, 8)
    renderer.short = try arguments.bool(9)
    renderer.clock = try clock(arguments, 10)
    let report = renderer.report(session, trees: try trees(arguments), version: try arguments.string(11))
    return Python.string(report)
  }

  static func json(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    Python.string(
      JSONRenderer().report(try arguments.capsule(0, Capsules.session), trees: try trees(arguments)))
  }

  static func speedscope(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let session = try arguments.capsule(0, Capsules.session)
    let renderer = SpeedscopeRenderer(clock: try clock(arguments, 4))
    let isBySamples = try arguments.bool(3)
    let trees = try trees(arguments)
    return Python.string(
      isBySamples ? renderer.reportOfSamples(session, trees: trees) : renderer.report(session, trees: trees))
  }

  static func pstats(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let report = PstatsRenderer().report(
      try arguments.capsule(0, Capsules.session), trees: try trees(arguments))
    return report.withUnsafeBufferPointer { Python.bytes($0) }
  }

  /// The trees in argument 1, each below its node in argument 2.
  private static func trees(_ arguments: Arguments) throws(PythonError) -> [CallTree] {
    let boxes = try arguments.capsules(1, Capsules.tree)
    let roots = try arguments.ints(2)
    guard boxes.count == roots.count else { throw Python.fail("There must be one root for each tree.") }
    return zip(boxes, roots).compactMap { box, root in
      UInt32(exactly: root).map { box.tree.rooted(at: NodeID(rawValue: $0)) }
    }
  }

  private static func clock(_ arguments: Arguments, _ index: Int) throws(PythonError) -> SampleClock {
    try word(arguments, index)
  }

  /// The case that a text names.
  private static func word<Word: RawRepresentable<String> & CaseIterable>(
    _ arguments: Arguments, _ index: Int
  ) throws(PythonError) -> Word {
    let text = try arguments.string(index)
    if let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    throw Python.fail("'\(text)' is none of \(words).")
  }
}
