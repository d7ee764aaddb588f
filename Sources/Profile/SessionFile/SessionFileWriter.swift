/// Writes a session file.
struct SessionFileWriter {
  let session: Session
  /// What the header is to have beside the session.
  var sources: [SourceText] = []

  /// zlib's: for a million samples, 6 saves one percent and takes nearly twice as long, 9 saves three and takes ten times.
  static let compressionLevel: Int32 = 5

  /// The file's bytes.
  func write() throws(SessionFileError) -> Column<UInt8> {
    let columns = encodedColumns()
    var json = JSONWriter()
    writeHeader(columns.entries, to: &json)
    guard json.bytes.count <= SessionFile.maximumHeaderSize else {
      throw .tooLarge("its header takes \(json.bytes.count) bytes")
    }
    var deflater = try Deflater(level: Self.compressionLevel)
    let length = UInt32(truncatingIfNeeded: json.bytes.count)
    let prefix = (0..<4).map { UInt8(truncatingIfNeeded: length >> UInt32(8 * $0)) }
    prefix.withUnsafeBufferPointer { deflater.write($0) }
    json.bytes.withElements { deflater.write($0) }
    columns.bytes.withElements { deflater.write($0) }
    deflater.finish()
    var file = Column<UInt8>(minimumCapacity: deflater.output.count)
    file.assign(deflater.output)
    return file
  }

  private func encodedColumns() -> ColumnEncoder {
    var columns = ColumnEncoder()
    addFunctions(to: &columns)
    addFrames(to: &columns)
    addStacks(to: &columns)
    for (number, thread) in session.threads.enumerated() {
      add(thread, table: "samples/\(number)", to: &columns)
    }
    return columns
  }

  private func addFunctions(to columns: inout ColumnEncoder) {
    let count = session.functions.count
    func function(_ row: Int) -> Function { session.functions[FunctionID(index: row)] }
    columns.add("functions", "name", .zigzagDelta, count: count) { Int64(function($0).name.rawValue) }
    columns.add("functions", "qualname", .zigzagDelta, count: count) {
      Int64(function($0).qualifiedName.rawValue)
    }
    columns.add("functions", "file", .zigzagDelta, count: count) { Int64(function($0).file.rawValue) }
    columns.add("functions", "firstLine", .varint, count: count) { Int64(function($0).firstLine) }
  }

  private func addFrames(to columns: inout ColumnEncoder) {
    let count = session.frames.count
    func frame(_ row: Int) -> Frame { session.frames[FrameID(index: row)] }
    columns.add("frames", "function", .zigzagDelta, count: count) { Int64(frame($0).function.rawValue) }
    columns.add("frames", "line", .varint, count: count) { Int64(frame($0).line) }
    columns.add("frames", "className", .varint, count: count) { Int64(frame($0).className.rawValue) }
    columns.add("frames", "flags", .u8, count: count) { Int64(frame($0).flags.rawValue) }
  }

  private func addStacks(to columns: inout ColumnEncoder) {
    let count = session.stacks.count
    columns.add("stacks", "parent", .zigzagDelta, count: count) {
      Int64(session.stacks.parent(of: StackID(index: $0)).rawValue)
    }
    columns.add("stacks", "frame", .varint, count: count) {
      Int64(session.stacks.frame(of: StackID(index: $0))?.rawValue ?? 0)
    }
    let threads = session.threads
    let unit = session.metadata.fileTimeUnit
    // Names are strings of the table: their rows follow the session's own.
    columns.add("threads", "name", .varint, count: threads.count) { Int64(session.strings.count + $0) }
    columns.add("threads", "identifier", .varint, count: threads.count) {
      Int64(bitPattern: threads[$0].identifier)
    }
    if threads.contains(where: { $0.start != 0 }) {
      columns.add("threads", "start", .zigzagDelta, count: threads.count) { threads[$0].start / unit }
    }
  }

  private func add(_ thread: ThreadSamples, table: String, to columns: inout ColumnEncoder) {
    let count = thread.samples.count
    let unit = session.metadata.fileTimeUnit
    var hasNegativeTime = false
    var hasCPUTime = false
    var hasState = false
    for row in 0..<count {
      let sample = thread.samples[row]
      hasNegativeTime = hasNegativeTime || sample.wallTime < 0
      hasCPUTime = hasCPUTime || sample.cpuTime != 0
      hasState = hasState || sample.state != []
    }
    columns.add(table, "stack", .varint, count: count) { Int64(thread.samples[$0].stack.rawValue) }
    var wall = TimeRounder(unit: unit)
    columns.add(table, "wall", hasNegativeTime ? .zigzagDelta : .varint, count: count) {
      wall.round(thread.samples[$0].wallTime)
    }
    if hasCPUTime {
      wall = TimeRounder(unit: unit)
      var cpu = TimeRounder(unit: unit)
      columns.add(table, "wait", .zigzagDelta, count: count) {
        wall.round(thread.samples[$0].wallTime) &- cpu.round(thread.samples[$0].cpuTime)
      }
    }
    if hasState {
      columns.add(table, "state", .u8, count: count) { Int64(thread.samples[$0].state.rawValue) }
    }
  }

  private func writeHeader(_ columns: [ColumnEntry], to json: inout JSONWriter) {
    let metadata = session.metadata
    json.beginObject()
    json.key("format")
    json.string("spinetail")
    json.key("version")
    json.number(SessionFile.version)
    json.key("timeUnit")
    json.number(metadata.fileTimeUnit)
    write(metadata, to: &json)
    json.key("startStack")
    json.number(session.startStack.rawValue)
    json.key("statistics")
    json.beginObject()
    for (name, path) in SamplerStatistics.counts {
      json.key(name)
      json.number(session.statistics[keyPath: path])
    }
    json.endObject()
    json.key("strings")
    json.beginArray()
    for row in 0..<session.strings.count {
      session.strings.withBytes(StringID(index: row)) { json.string($0) }
    }
    for thread in session.threads { json.string(thread.name) }
    json.endArray()
    json.key("columns")
    json.beginArray()
    for column in columns { write(column, to: &json) }
    json.endArray()
    if !sources.isEmpty { writeSources(to: &json) }
    json.endObject()
  }

  private func writeSources(to json: inout JSONWriter) {
    json.key("sources")
    json.beginObject()
    for source in sources {
      source.path.withUnsafeBufferPointer { json.key($0) }
      source.text.withUnsafeBufferPointer { json.string($0) }
    }
    json.endObject()
  }

  private func write(_ metadata: SessionMetadata, to json: inout JSONWriter) {
    json.key("startTime")
    json.number(metadata.startTime)
    json.key("duration")
    json.number(metadata.duration)
    json.key("cpuTime")
    json.number(metadata.cpuTime)
    json.key("minInterval")
    json.number(metadata.minInterval)
    json.key("maxInterval")
    json.number(metadata.maxInterval)
    if let count = metadata.sampleCount {
      json.key("sampleCount")
      json.number(count)
    }
    json.key("targetDescription")
    json.string(metadata.targetDescription)
    json.key("commandLine")
    json.strings(metadata.commandLine)
    json.key("engine")
    json.string(metadata.engine)
    json.key("engineReason")
    json.string(metadata.engineReason)
    json.key("engineDetail")
    json.string(metadata.engineDetail)
    json.key("notes")
    json.strings(metadata.notes)
    json.key("pythonVersion")
    json.string(metadata.pythonVersion)
    json.key("subinterpreters")
    json.number(metadata.subinterpreterCount)
    json.key("sysPath")
    json.strings(metadata.sysPath)
    json.key("sysPrefixes")
    json.strings(metadata.sysPrefixes)
  }

  private func write(_ column: ColumnEntry, to json: inout JSONWriter) {
    json.beginObject()
    json.key("table")
    json.string(column.table)
    json.key("name")
    json.string(column.name)
    json.key("encoding")
    json.string(column.encoding.rawValue)
    json.key("count")
    json.number(column.count)
    json.key("offset")
    json.number(column.offset)
    json.key("length")
    json.number(column.length)
    json.endObject()
  }
}

extension SessionFile {
  /// The bytes of a file that holds `session`, and `sources` for a report page to show: no path twice.
  ///
  /// Throws only where there isn't enough memory, or the texts are beyond what a file may hold.
  public static func bytes(
    of session: Session, sources: [SourceText] = []
  ) throws(SessionFileError) -> Column<UInt8> {
    try SessionFileWriter(session: session, sources: sources).write()
  }
}
