import Profile

/// Makes the report for other programs: the call tree as one JSON object.
///
/// Several threads stand under a frame `[root]`, whose time is the sum of theirs.
public struct JSONRenderer: Sendable {
  public init() {}

  /// The report on `session`, whose threads' calls are `trees`, as processors left them, as UTF-8.
  public func report(_ session: Session, trees: [CallTree]) -> [UInt8] {
    var buffer = TextBuffer()
    let metadata = session.metadata
    buffer.append("{\"start_time\": ")
    buffer.append(jsonNumber: metadata.startTime)
    buffer.append(",\"duration\": ")
    buffer.append(jsonNumber: metadata.duration)
    buffer.append(",\"sample_count\": \(session.sampleCount),\"target_description\": ")
    buffer.append(json: metadata.targetDescription)
    buffer.append(",\"cpu_time\": ")
    buffer.append(jsonNumber: metadata.cpuTime)
    buffer.append(",\"root_frame\": ")
    let trees = trees.filter { $0.root != nil }
    if trees.count > 1 {
      write(joined: trees, to: &buffer)
    } else if let tree = trees.first {
      var frames = JSONFrames(tree)
      frames.write(to: &buffer)
    } else {
      buffer.append("null")
    }
    buffer.append("}\n")
    return buffer.bytes
  }

  private func write(joined trees: [CallTree], to buffer: inout TextBuffer) {
    var time: Int64 = 0
    var awaitTime: Int64 = 0
    var children = TextBuffer()
    for (index, tree) in trees.enumerated() {
      guard let root = tree.root else { continue }
      time &+= tree.time(of: root)
      awaitTime &+= tree.awaitTime(of: root)
      if index > 0 { children.append(",") }
      var frames = JSONFrames(tree)
      frames.write(to: &children)
    }
    buffer.append(#"{"function": "[root]","file_path_short": "","file_path": "","line_no": 0,"time": "#)
    buffer.append(jsonSeconds: time)
    buffer.append(",\"await_time\": ")
    buffer.append(jsonSeconds: awaitTime)
    buffer.append(",\"is_application_code\": false,\"children\": [")
    buffer.append(children.bytes)
    buffer.append("]}")
  }
}
