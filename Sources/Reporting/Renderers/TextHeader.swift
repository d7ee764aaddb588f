import Profile

/// The first lines of a text report: what was recorded, when, and how well.
struct TextHeader {
  /// A swift from below, with the spines of its tail.
  private static let logo = [
    #"`-.._                       _..-'"#,
    #"    `-..__  spinetail  __..-'"#,
    #"         `-..__\|/__..-'"#,
  ]
  private static let logoWidth = 36
  private static let valueWidth = 10

  private let session: Session
  private let version: String

  init(_ session: Session, version: String) {
    self.session = session
    self.version = version
  }

  /// Adds the header and the empty line after it.
  func write(to buffer: inout TextBuffer) {
    let metadata = session.metadata
    let facts = [
      [
        ("Recorded: ", localTimeOfDay(metadata.startTime) ?? "unknown"),
        ("Samples:  ", String(session.sampleCount)),
      ],
      [("Duration: ", seconds(metadata.duration)), ("CPU time: ", seconds(metadata.cpuTime))],
      [("Version:  ", version), ("Engine:   ", metadata.engine)],
    ]
    buffer.append("\n")
    for (line, facts) in zip(Self.logo, facts) {
      append(line, width: Self.logoWidth, to: &buffer)
      for (index, fact) in facts.enumerated() {
        buffer.append(fact.0)
        let isLast = index == facts.count - 1
        append(fact.1, width: isLast ? 0 : Self.valueWidth, to: &buffer)
      }
      buffer.append("\n")
    }
    let notes = [engineNote, detailNote, viewNote].compactMap { $0 }
    if !notes.isEmpty { buffer.append("\n") }
    for note in notes {
      buffer.append(escaping: note)
      buffer.append("\n")
    }
    buffer.append("\n")
    buffer.append(escaping: metadata.targetDescription)
    buffer.append("\n\n")
  }

  /// A line that says why the sampler didn't record, if there is a reason.
  private var engineNote: String? {
    let metadata = session.metadata
    guard !metadata.engineReason.isEmpty else { return nil }
    let end = metadata.engineReason.hasSuffix(".") ? "" : "."
    return "Note: recorded by the \(metadata.engine) engine: \(metadata.engineReason)\(end)"
  }

  /// A line about how the engine had to work, if that was unusual.
  private var detailNote: String? {
    let metadata = session.metadata
    return metadata.engineDetail.isEmpty ? nil : "Note: the \(metadata.engine) \(metadata.engineDetail)."
  }

  /// A line about looks that weren't made the best way, if they are more than a few.
  private var viewNote: String? {
    let statistics = session.statistics
    let good = statistics.followed &+ statistics.nobody
    guard statistics.beats > 100, Double(good) < 0.97 * Double(statistics.beats) else { return nil }
    return "Note: \(good) of \(statistics.beats) looks were made from the program's own core."
      + " Of the others, \(statistics.unfollowed) were confirmed by a second look"
      + " and \(statistics.truncated) show only the outer frames."
  }

  private func seconds(_ seconds: Double) -> String {
    var buffer = TextBuffer()
    buffer.append(seconds: Int64(exactly: (seconds * 1e9).rounded()) ?? 0, decimals: 3)
    return buffer.text
  }

  private func append(_ text: String, width: Int, to buffer: inout TextBuffer) {
    buffer.append(escaping: text)
    buffer.append(repeatElement(UInt8(ascii: " "), count: max(width - text.count, width == 0 ? 0 : 1)))
  }
}
