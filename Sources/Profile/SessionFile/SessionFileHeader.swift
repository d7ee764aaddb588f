/// What the header of a session file says, but for its strings.
struct SessionFileHeader {
  var metadata = SessionMetadata()
  var statistics = SamplerStatistics()
  var timeUnit: Int64 = 1
  var startStack = 0
  var columns: [ColumnEntry] = []
}
