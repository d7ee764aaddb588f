import Profile

/// The threads of a session as a report for people shows them.
struct ReportedThreads {
  /// How many names of waiting threads are listed.
  private static let listedNames = 8

  /// Those with a tree of their own, in order.
  let shown: [ThreadActivity]
  /// Those that only waited, in the order of the session.
  let waiting: [ThreadActivity]
  /// Whether CPU times are known.
  let hasCPUTime: Bool

  /// Decides which of a session's threads are shown, and in which order.
  ///
  /// The thread that started the recording is always shown: what it waited for is what the user did. The most busy
  /// thread comes first, as the most expensive call does in a tree. In order of time, or where nobody knows who
  /// was busy, threads stand in the order in which they were first seen.
  ///
  /// - Parameters:
  ///   - showsAll: Shows threads that only waited, too.
  ///   - inOrderOfTime: Keeps the session's order.
  init(_ session: Session, showsAll: Bool, inOrderOfTime: Bool) {
    hasCPUTime = session.hasCPUTime
    let all = session.threads.indices.map { ThreadActivity(session, thread: $0) }
    let folds = hasCPUTime && !showsAll && all.count > 1
    waiting = folds ? all.filter { $0.number != 0 && $0.onlyWaited } : []
    let hidden = Set(waiting.map { $0.number })
    let shown = all.filter { !hidden.contains($0.number) }
    guard hasCPUTime, !inOrderOfTime else {
      self.shown = shown
      return
    }
    self.shown = shown.sorted { $0.cpuTime != $1.cpuTime ? $0.cpuTime > $1.cpuTime : $0.number < $1.number }
  }

  /// Adds a line that names the threads that only waited, if there are any.
  func writeWaiting(to buffer: inout TextBuffer) {
    guard let first = waiting.first else { return }
    buffer.append(waiting.count == 1 ? "1 thread only waited: " : "\(waiting.count) threads only waited: ")
    buffer.append(escaping: first.name)
    for thread in waiting.dropFirst().prefix(Self.listedNames - 1) {
      buffer.append(", ")
      buffer.append(escaping: thread.name)
    }
    if waiting.count > Self.listedNames { buffer.append(" and \(waiting.count - Self.listedNames) more") }
    buffer.append("\n")
  }
}
