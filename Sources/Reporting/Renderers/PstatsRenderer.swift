import Profile

/// Makes a file for the `pstats` module and the tools that read its files: the functions of all threads, with callers.
///
/// A sampler counts no calls. In their place stands the number of samples that a function's total time amounts to, which
/// tools can add up and divide by; -1, or 0, would give negative times a call and empty columns.
public struct PstatsRenderer: Sendable {
  public init() {}

  /// The file's bytes for `session`, whose threads' calls are `trees`, as processors left them.
  ///
  /// Times are exact sums over the trees: the functions' own times add up to the threads' times.
  public func report(_ session: Session, trees: [CallTree]) -> [UInt8] {
    var functions = PstatsFunctions(trees, sampleTime: Self.sampleTime(session, trees))
    return functions.marshalled()
  }

  /// What a sample stands for on average, in nanoseconds.
  private static func sampleTime(_ session: Session, _ trees: [CallTree]) -> Double {
    let time = trees.reduce(0.0) { sum, tree in sum + (tree.root.map { Double(tree.time(of: $0)) } ?? 0) }
    return max(time / Double(max(session.sampleCount, 1)), 1)
  }
}
