/// Reads a session in pyinstrument's format.
struct PyinstrumentReader: ~Copyable {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var metadata: SessionMetadata
  private var builder = FrameRecordBuilder()
  private var seen: Set<String> = []
  /// Frame-info strings as they stand in the file, and the builder's row of each: a string is decoded once.
  private var rawTexts = StringTable()
  private var rows = Column<Int>()
  private var scratch = Column<UInt8>()
  /// Where the strings of the last record stand in the file, quotes included.
  private var lastRecord: [Range<Int>] = []

  init(_ bytes: UnsafeBufferPointer<UInt8>, metadata: SessionMetadata) {
    self.bytes = bytes
    self.metadata = metadata
  }

  consuming func session() throws(SessionFileError) -> Session {
    var reader = JSONReader(bytes)
    try reader.beginObject()
    while let key = try reader.nextKey() {
      // Its records would count twice.
      guard seen.insert(key).inserted || key != "frame_records" else {
        throw .damaged("it has frame_records twice")
      }
      try read(key, &reader)
    }
    try reader.end()
    for key in ["frame_records", "start_time", "duration", "sample_count", "start_call_stack", "cpu_time"]
    where !seen.contains(key) {
      throw .damaged("it has no \(key)")
    }
    if seen.isDisjoint(with: ["target_description", "program"]) {
      throw .damaged("it has no target_description")
    }
    return builder.session(metadata)
  }

  private mutating func read(_ key: String, _ reader: inout JSONReader) throws(SessionFileError) {
    switch key {
    case "start_time": metadata.startTime = try reader.boundedNumber(key)
    case "duration": metadata.duration = try reader.boundedNumber(key)
    case "cpu_time":
      if try reader.kind() == .null {
        try reader.null()
      } else {
        metadata.cpuTime = try reader.boundedNumber(key)
      }
    case "min_interval": metadata.minInterval = try reader.boundedNumber(key)
    case "max_interval": metadata.maxInterval = try reader.boundedNumber(key)
    case "sample_count": metadata.sampleCount = try reader.count(key)
    // Up to version 4.1.
    case "program": metadata.targetDescription = try reader.string()
    case "target_description": metadata.targetDescription = try reader.string()
    case "sys_path": metadata.sysPath = try reader.strings()
    case "sys_prefixes": metadata.sysPrefixes = try reader.strings()
    case "start_call_stack":
      try readStack(&reader)
      builder.takeStartStack()
    case "frame_records": try readRecords(&reader)
    default: try reader.skip()
    }
  }

  private mutating func readRecords(_ reader: inout JSONReader) throws(SessionFileError) {
    try reader.beginArray()
    while try reader.nextElement() {
      try reader.beginArray()
      guard try reader.nextElement() else { throw .damaged("a record is empty") }
      try readStack(&reader)
      guard try reader.nextElement() else { throw .damaged("a record has no time") }
      try builder.add(seconds: try reader.number().value)
      guard try !reader.nextElement() else { throw .damaged("a record has more than a stack and a time") }
    }
  }

  /// Reads an array of strings into the builder's current stack.
  private mutating func readStack(_ reader: inout JSONReader) throws(SessionFileError) {
    try reader.beginArray()
    var depth = 0
    var isShared = true
    while try reader.nextElement() {
      if isShared, depth < lastRecord.count, reader.skip(ifNextIs: lastRecord[depth]) {
        depth += 1
        continue
      }
      if isShared {
        isShared = false
        builder.truncate(to: depth)
        lastRecord.removeSubrange(depth...)
      }
      let raw = try reader.rawString()
      lastRecord.append(raw.range.lowerBound - 1..<raw.range.upperBound + 1)
      try builder.push(try row(of: raw, reader))
      depth += 1
    }
    if isShared {
      builder.truncate(to: depth)
      lastRecord.removeSubrange(depth...)
    }
  }

  private mutating func row(of raw: JSONReader.RawString, _ reader: JSONReader) throws(SessionFileError)
    -> Int
  {
    let id = rawTexts.intern(reader.rawBytes(raw)).index
    // The table holds the empty string from the start.
    while rows.count <= id { rows.append(-1) }
    if rows[id] >= 0 { return rows[id] }
    scratch.removeAll()
    try reader.decode(raw, into: &scratch)
    rows[id] = scratch.withElements { builder.row(of: $0) }
    return rows[id]
  }
}
