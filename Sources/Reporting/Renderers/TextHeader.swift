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

  /// What a report by CPU time says of its times.
  static let cpuClockNote = "Times are CPU time: waiting isn't counted."

  private let session: Session
  private let version: String
  private let clock: SampleClock

  init(_ session: Session, version: String, clock: SampleClock) {
    self.session = session
    self.version = version
    self.clock = clock
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
      [("Version:  ", version), ("Engine:   ", metadata.engine.isEmpty ? "unknown" : metadata.engine)],
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
    let notes =
      [clock == .cpu ? Self.cpuClockNote : nil, engineNote, detailNote].compactMap { $0 }
      + metadata.notes.map { Self.note($0) } + [viewNote].compactMap { $0 }
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
    return Self.note("recorded by the \(metadata.engine) engine: \(metadata.engineReason)")
  }

  /// A line about how the engine had to work, if that was unusual.
  private var detailNote: String? {
    let metadata = session.metadata
    return metadata.engineDetail.isEmpty ? nil : Self.note("the \(metadata.engine) \(metadata.engineDetail)")
  }

  /// A line about looks that weren't made the best way, if they are more than a few.
  private var viewNote: String? {
    let statistics = session.statistics
    let good = statistics.followed &+ statistics.nobody
    guard statistics.beats > 100, Double(good) < 0.97 * Double(statistics.beats) else { return nil }
    return Self.note(
      "\(good) of \(statistics.beats) looks were made from the program's own core."
        + " Of the others, \(statistics.unfollowed) were confirmed by a second look"
        + " and \(statistics.truncated) show only the outer frames. \(viewReason)")
  }

  /// Why looks weren't made the best way, as far as the counts tell.
  private var viewReason: String {
    let statistics = session.statistics
    let few = 0.03 * Double(statistics.beats)
    if Double(statistics.unplaced) > few {
      return "The system doesn't tell on which core the program runs"
    }
    if Double(statistics.refused) > few {
      return "The system keeps the sampler off cores that the program runs on"
    }
    if Double(statistics.late) > few {
      return "The processors were busy: \(statistics.late) looks were due and came too late"
    }
    if Double(statistics.retried) > few {
      return "The program didn't hold still: \(statistics.retried) attempts were repeated"
    }
    return "The sampler couldn't get onto that core"
  }

  /// A line of its own for `text`, which ends with a period or gets one.
  private static func note(_ text: String) -> String {
    "Note: \(text)\(text.hasSuffix(".") ? "" : ".")"
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
