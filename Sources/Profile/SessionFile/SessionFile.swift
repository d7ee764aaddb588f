/// Spinetail's own session file, as docs/session-format.md describes it.
public enum SessionFile {
  /// The version that is written, and the highest that is read.
  public static let version = 1

  /// More than the rows of any table that could be recorded.
  static let maximumRows = 1 << 26
  static let maximumThreads = 1 << 14
  static let maximumHeaderSize = 1 << 28
  static let maximumBodySize = 1 << 30
  /// In seconds, or what is counted otherwise: more than any real session has.
  static let maximumNumber = 1e12
  /// The longest `timeUnit`, in nanoseconds.
  static let maximumTimeUnit: UInt64 = 1_000_000_000_000
  /// The sum of all times must stay below it, in nanoseconds, so that nothing that adds them overflows.
  static let maximumTotalTime: Int64 = 1 << 61

  /// Whether a file that begins with these bytes may be one.
  static func mayBe(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B
  }
}
