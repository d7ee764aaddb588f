/// How well the sampler could look: counts over one recording. All are zero where another engine recorded.
public struct SamplerStatistics: BitwiseCopyable, Hashable, Sendable {
  /// Beats that were taken.
  public var beats = 0
  /// Looks from the thread's own core while somebody held the GIL: nothing moved meanwhile.
  public var followed = 0
  /// Looks from the thread's own core while nobody held the GIL.
  public var nobody = 0
  /// Looks that had to be made from elsewhere and were believed after two equal walks.
  public var unfollowed = 0
  /// Looks of which only the part at the bottom that two walks shared was kept.
  public var truncated = 0
  /// Attempts that were given up because something moved.
  public var retried = 0
  /// Beats that were skipped because their time had passed.
  public var late = 0
  /// Attempts that were given up because the system didn't say on which CPU the target was.
  public var unplaced = 0
  /// Attempts that were given up because the system keeps the sampler off the target's CPU.
  public var refused = 0

  public init() {}

  /// All counts by the names that they have in files and in Python.
  public static let counts: [(name: StaticString, path: WritableKeyPath<SamplerStatistics, Int> & Sendable)] =
    [
      ("beats", \.beats), ("followed", \.followed), ("nobody", \.nobody), ("unfollowed", \.unfollowed),
      ("truncated", \.truncated), ("retried", \.retried), ("late", \.late), ("unplaced", \.unplaced),
      ("refused", \.refused),
    ]

  /// The counts of two recordings together. They wrap where those of broken files overflow.
  public static func + (a: SamplerStatistics, b: SamplerStatistics) -> SamplerStatistics {
    var sum = a
    for (_, count) in counts { sum[keyPath: count] &+= b[keyPath: count] }
    return sum
  }
}
