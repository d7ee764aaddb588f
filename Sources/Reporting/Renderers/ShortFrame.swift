import Profile

/// What stands around a report in short mode, to tell it from what a program prints: a banner, and a dot before each
/// line.
struct ShortFrame {
  private static let width = 53

  private let description: String
  private let clock: SampleClock

  init(description: String, clock: SampleClock) {
    self.description = description
    self.clock = clock
  }

  /// Adds the report with its frame.
  func write(_ body: TextBuffer, to buffer: inout TextBuffer) {
    let title = "spinetail "
    buffer.append("\n\(title)")
    buffer.append(repeatElement(UInt8(ascii: "."), count: Self.width - title.utf8.count))
    buffer.append("\n.\n.  ")
    buffer.append(escaping: description)
    if clock == .cpu { buffer.append("\n.  \(TextHeader.cpuClockNote)") }
    buffer.append("\n.\n")
    for line in body.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
      buffer.append(line.isEmpty ? "." : ".  ")
      buffer.append(line)
      buffer.append("\n")
    }
    buffer.append(".\n")
    buffer.append(repeatElement(UInt8(ascii: "."), count: Self.width))
    buffer.append("\n\n")
  }
}
