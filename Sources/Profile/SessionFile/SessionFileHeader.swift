/// What the header of a session file says, but for its strings.
struct SessionFileHeader {
  var metadata = SessionMetadata()
  var statistics = SamplerStatistics()
  var timeUnit: Int64 = 1
  var startStack = 0
  var columns: [ColumnEntry] = []
}

/// The counts of `SamplerStatistics` by the names that they have in files.
let statisticsKeys: [(name: StaticString, path: WritableKeyPath<SamplerStatistics, Int> & Sendable)] = [
  ("beats", \.beats), ("followed", \.followed), ("nobody", \.nobody), ("unfollowed", \.unfollowed),
  ("truncated", \.truncated), ("retried", \.retried), ("late", \.late),
  ("unplaced", \.unplaced), ("refused", \.refused),
]
