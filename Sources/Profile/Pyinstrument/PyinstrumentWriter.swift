/// Writes a session in pyinstrument's format, piece by piece: it can be a thousand times as long as the session.
///
/// For one thread at a time.
public final class PyinstrumentWriter {
  private let session: Session
  private var json = JSONWriter()
  /// Each frame's string as JSON, one after the other, and where each ends.
  private var infos = Column<UInt8>()
  private var ends = Column<Int>()
  private var thread = 0
  private var row = 0
  private var hasBegun = false
  private var hasEnded = false
  private var path = Column<FrameID>()

  public init(_ session: Session) { self.session = session }

  /// Calls `body` with the next piece of the file, of `size` bytes or somewhat more; with nothing after the last one.
  public func nextPiece<Result>(size: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    json.removeAll()
    if !hasBegun { begin() }
    while json.bytes.count < size, !hasEnded { writeNext() }
    return json.bytes.withElements(body)
  }

  private func begin() {
    hasBegun = true
    for row in 0..<session.frames.count {
      var quoted = JSONWriter()
      session.frameInfo(of: FrameID(index: row)).text.withUnsafeBufferPointer { quoted.string($0) }
      quoted.bytes.withElements { infos.append(contentsOf: $0) }
      ends.append(infos.count)
    }
    let metadata = session.metadata
    json.beginObject()
    json.key("start_time")
    json.number(metadata.startTime)
    json.key("duration")
    json.number(metadata.duration)
    json.key("min_interval")
    json.number(metadata.minInterval)
    json.key("max_interval")
    json.number(metadata.maxInterval)
    json.key("sample_count")
    json.number(session.sampleCount)
    json.key("start_call_stack")
    json.beginArray()
    for info in session.startCallStack { info.text.withUnsafeBufferPointer { json.string($0) } }
    json.endArray()
    json.key("target_description")
    json.string(metadata.targetDescription)
    json.key("cpu_time")
    json.number(metadata.cpuTime)
    json.key("sys_path")
    json.strings(metadata.sysPath)
    json.key("sys_prefixes")
    json.strings(metadata.sysPrefixes)
    json.key("frame_records")
    json.beginArray()
  }

  /// Writes a record, or the end.
  private func writeNext() {
    while thread < session.threads.count, row >= session.threads[thread].samples.count {
      thread += 1
      row = 0
    }
    guard thread < session.threads.count else {
      json.endArray()
      json.endObject()
      hasEnded = true
      return
    }
    let samples = session.threads[thread]
    let sample = samples.samples[row]
    row += 1
    json.beginArray()
    json.beginArray()
    if let root = session.frameInfo(of: samples) {
      root.text.withUnsafeBufferPointer { json.string($0) }
    }
    path.removeAll()
    var stack = sample.stack
    while let frame = session.stacks.frame(of: stack) {
      path.append(frame)
      stack = session.stacks.parent(of: stack)
    }
    for index in (0..<path.count).reversed() { write(path[index]) }
    json.endArray()
    json.number(Double(sample.wallTime) / 1e9)
    json.endArray()
  }

  private func write(_ frame: FrameID) {
    let start = frame.index == 0 ? 0 : ends[frame.index - 1]
    let end = ends[frame.index]
    infos.withElements { json.value(UnsafeBufferPointer(rebasing: $0[start..<end])) }
  }
}
