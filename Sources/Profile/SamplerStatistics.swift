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

  /// The counts of two recordings together. They wrap where those of broken files overflow.
  public static func + (a: SamplerStatistics, b: SamplerStatistics) -> SamplerStatistics {
    var sum = a
    sum.beats &+= b.beats
    sum.followed &+= b.followed
    sum.nobody &+= b.nobody
    sum.unfollowed &+= b.unfollowed
    sum.truncated &+= b.truncated
    sum.retried &+= b.retried
    sum.late &+= b.late
    sum.unplaced &+= b.unplaced
    sum.refused &+= b.refused
    return sum
  }
}
