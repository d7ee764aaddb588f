import Profile

/// Makes a file for the viewer at speedscope.app: what each thread did in the order of time, a profile a thread.
///
/// Up to `eventLimit` samples a profile is a list of calls and returns, above that a list of samples, which is smaller.
/// Format: https://www.speedscope.app/file-format-schema.json.
public struct SpeedscopeRenderer: Sendable {
  /// How many samples of a session are written as calls and returns, at most.
  public static let eventLimit = 100_000
  static let schema = "https://www.speedscope.app/file-format-schema.json"

  /// By which clock the trees were made.
  public var clock: SampleClock

  public init(clock: SampleClock = .wall) { self.clock = clock }

  /// The file for `session`, whose threads' calls are `trees` in the order of time, as processors left
  /// them.
  public func report(_ session: Session, trees: [CallTree]) -> [UInt8] {
    let sampled = session.sampleCount > Self.eventLimit
    return write(session, trees) { tree, start, frames, buffer in
      if sampled {
        var samples = SpeedscopeSamples(tree, frames: frames)
        samples.addLeaves()
        return samples.write(to: &buffer)
      }
      return SpeedscopeEvents(tree, start: start, frames: frames).write(to: &buffer)
    }
  }

  /// The file for `session` by its samples, with those frames that are left in `trees`.
  ///
  /// This takes no tree in the order of time, which would be large where there are many samples.
  ///
  /// - Parameter trees: The calls of the threads, with repeated calls merged and none left out for its little time.
  public func reportOfSamples(_ session: Session, trees: [CallTree]) -> [UInt8] {
    write(session, trees) { tree, _, frames, buffer in
      var samples = SpeedscopeSamples(tree, frames: frames)
      if let thread = tree.threadNumber, thread < session.threads.count {
        samples.add(session.threads[thread], clock: clock)
      }
      return samples.write(to: &buffer)
    }
  }

  /// Adds a profile for each tree, with what `body` adds for a tree and the time of its thread's start.
  private func write(
    _ session: Session, _ trees: [CallTree],
    _ body: (CallTree, Int64, SpeedscopeFrames, inout TextBuffer) -> Void
  ) -> [UInt8] {
    let name =
      "CPU profile for '\(session.metadata.targetDescription)' at \(localDate(session.metadata.startTime))"
    let frames = SpeedscopeFrames(session)
    var buffer = TextBuffer()
    buffer.append("{\"$schema\": \"\(Self.schema)\", \"name\": ")
    buffer.append(json: name)
    buffer.append(", \"activeProfileIndex\": null, \"exporter\": \"spinetail\", \"profiles\": [")
    var isFirst = true
    for tree in trees {
      guard let root = tree.root else { continue }
      if !isFirst { buffer.append(", ") }
      isFirst = false
      let thread = tree.threadNumber.flatMap { $0 < session.threads.count ? session.threads[$0] : nil }
      buffer.append("{\"name\": ")
      buffer.append(json: session.threads.count > 1 ? thread?.name ?? name : name)
      let start = thread?.start ?? 0
      buffer.append(", \"unit\": \"seconds\", \"startValue\": ")
      buffer.append(exactSeconds: start)
      buffer.append(", \"endValue\": ")
      buffer.append(exactSeconds: start &+ tree.time(of: root))
      body(tree, start, frames, &buffer)
      buffer.append("}")
    }
    buffer.append("], \"shared\": {\"frames\": [")
    frames.write(to: &buffer)
    buffer.append("]}}")
    return buffer.bytes
  }
}
