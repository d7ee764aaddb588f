import Profile

/// Writes the lines of frames in a text report: time, name and place.
struct FrameLine {
  private let tree: CallTree
  private let times: TimeFormat
  private let colors: TextColors
  private let isApplicationCode: [Bool]

  init(_ tree: CallTree, times: TimeFormat, colors: TextColors) {
    self.tree = tree
    self.times = times
    self.colors = colors
    isApplicationCode = tree.applicationCode()
  }

  /// Adds the line of `node`, with its end.
  ///
  /// - Parameter time: The time to show, in nanoseconds; nil for the node's own.
  func write(_ node: NodeID, time: Int64? = nil, to buffer: inout TextBuffer) {
    let time = time ?? tree.time(of: node)
    write(time: time, to: &buffer)
    if isApplicationCode[node.index] { buffer.append(colors.applicationCode) }
    tree.withClassName(of: node) {
      buffer.append(escaping: $0)
      buffer.append(".")
    }
    tree.withName(of: node) { buffer.append(escaping: $0) }
    buffer.append("\(colors.end)  ")
    let path = tree.shortPath(of: node)
    if !path.isEmpty {
      buffer.append(colors.faint)
      buffer.append(escaping: path)
      let line = tree.line(of: node)
      if line != 0 { buffer.append(":\(line)") }
      buffer.append(colors.end)
    }
    buffer.append("\n")
  }

  /// Adds the line of a thread among others: its name, and what its calls' times don't show.
  func write(
    thread: ThreadActivity, time: Int64, facts: [(name: String, time: Int64)], to buffer: inout TextBuffer
  ) {
    write(time: time, to: &buffer)
    buffer.append(escaping: thread.name)
    buffer.append(colors.end)
    for (name, time) in facts {
      buffer.append("  \(colors.faint)\(name): ")
      buffer.append(seconds: time, decimals: 3)
      buffer.append(colors.end)
    }
    buffer.append("\n")
  }

  private func write(time: Int64, to buffer: inout TextBuffer) {
    buffer.append(colors.time(proportion: times.proportion(of: time)))
    times.append(time, to: &buffer)
    buffer.append("\(colors.end) ")
  }
}
