/// Reads the header of a session file.
struct SessionFileHeaderReader: ~Copyable {
  private(set) var header = SessionFileHeader()
  /// The file's strings by row, in the table that they were added to.
  private(set) var strings = Column<StringID>()
  private var scratch = Column<UInt8>()
  private var seen: Set<String> = []

  /// Reads `bytes`, and adds the strings to `table`.
  mutating func read(
    _ bytes: UnsafeBufferPointer<UInt8>, into table: inout StringTable
  ) throws(SessionFileError) {
    try Self.checkVersion(bytes)
    header.metadata.engine = ""
    var reader = JSONReader(bytes)
    try reader.beginObject()
    while let key = try reader.nextKey() {
      seen.insert(key)
      if try readStructure(key, &reader, into: &table) { continue }
      if try readMetadata(key, &reader) { continue }
      try reader.skip()
    }
    try reader.end()
    for key in ["timeUnit", "strings", "columns"] where !seen.contains(key) {
      throw .damaged("its header has no \(key)")
    }
    guard strings.count > 0, strings[0] == .empty else {
      throw .damaged("its first string isn't the empty one")
    }
    header.metadata.timeUnit = header.timeUnit
  }

  /// Looks for format and version alone: a later version may have changed what else there is.
  private static func checkVersion(_ bytes: UnsafeBufferPointer<UInt8>) throws(SessionFileError) {
    var reader = JSONReader(bytes)
    var format: String?
    var version: JSONNumber?
    try reader.beginObject()
    while version == nil || format == nil, let key = try reader.nextKey() {
      switch key {
      case "format": format = try reader.string()
      case "version": version = try reader.number()
      default: try reader.skip()
      }
    }
    guard format == "spinetail", let version else { throw .unknownFormat }
    guard let number = version.count, number >= 1 else {
      throw .damaged("its version is no number that can be")
    }
    if number > SessionFile.version { throw .newerVersion(String(number)) }
  }

  /// Reads the value of a key that tells how the file is made up. False for another key.
  private mutating func readStructure(
    _ key: String, _ reader: inout JSONReader, into table: inout StringTable
  ) throws(SessionFileError) -> Bool {
    switch key {
    case "timeUnit":
      header.timeUnit = Int64(try reader.count(key, upTo: SessionFile.maximumTimeUnit))
      guard header.timeUnit >= 1 else { throw .damaged("timeUnit is 0") }
    case "startStack": header.startStack = try reader.count(key)
    case "strings": try readStrings(&reader, into: &table)
    case "columns":
      header.columns.removeAll()
      try reader.beginArray()
      while try reader.nextElement() { try readColumn(&reader) }
    case "statistics": try readStatistics(&reader)
    default: return false
    }
    return true
  }

  /// Reads the value of a key that goes to the metadata. False for another key.
  private mutating func readMetadata(
    _ key: String, _ reader: inout JSONReader
  ) throws(SessionFileError) -> Bool {
    switch key {
    case "startTime": header.metadata.startTime = try reader.boundedNumber(key)
    case "duration": header.metadata.duration = try reader.boundedNumber(key)
    case "cpuTime": header.metadata.cpuTime = try reader.boundedNumber(key)
    case "minInterval": header.metadata.minInterval = try reader.boundedNumber(key)
    case "maxInterval": header.metadata.maxInterval = try reader.boundedNumber(key)
    case "sampleCount": header.metadata.sampleCount = try reader.count(key)
    case "targetDescription": header.metadata.targetDescription = try reader.string()
    case "commandLine": header.metadata.commandLine = try reader.strings()
    case "engine": header.metadata.engine = try reader.string()
    case "engineReason": header.metadata.engineReason = try reader.string()
    case "engineDetail": header.metadata.engineDetail = try reader.string()
    case "notes": header.metadata.notes = try reader.strings()
    case "pythonVersion": header.metadata.pythonVersion = try reader.string()
    case "subinterpreters": header.metadata.subinterpreterCount = try reader.count(key)
    case "sysPath": header.metadata.sysPath = try reader.strings()
    case "sysPrefixes": header.metadata.sysPrefixes = try reader.strings()
    default: return false
    }
    return true
  }

  private mutating func readStrings(
    _ reader: inout JSONReader, into table: inout StringTable
  ) throws(SessionFileError) {
    strings.removeAll()
    try reader.beginArray()
    while try reader.nextElement() {
      let raw = try reader.rawString()
      scratch.removeAll()
      try reader.decode(raw, into: &scratch)
      strings.append(scratch.withElements { table.intern($0) })
    }
  }

  private mutating func readStatistics(_ reader: inout JSONReader) throws(SessionFileError) {
    try reader.beginObject()
    while let key = try reader.nextKey() {
      if let known = SamplerStatistics.counts.first(where: { $0.name.description == key }) {
        header.statistics[keyPath: known.path] = try reader.count(key)
      } else {
        try reader.skip()
      }
    }
  }

  private mutating func readColumn(_ reader: inout JSONReader) throws(SessionFileError) {
    var column = ColumnEntry()
    var encoding = ""
    var keys: Set<String> = []
    try reader.beginObject()
    while let key = try reader.nextKey() {
      keys.insert(key)
      switch key {
      case "table": column.table = try reader.string()
      case "name": column.name = try reader.string()
      case "encoding": encoding = try reader.string()
      case "count": column.count = try reader.count(key)
      case "offset": column.offset = try reader.count(key)
      case "length": column.length = try reader.count(key)
      default: try reader.skip()
      }
    }
    guard keys.isSuperset(of: ["table", "name", "encoding", "count", "offset", "length"]) else {
      throw .damaged("its header lacks facts of a column")
    }
    // An unknown encoding is no fault of a column that nobody wants.
    if let known = ColumnEncoding(rawValue: encoding) {
      column.encoding = known
    } else {
      column.isReadable = false
    }
    header.columns.append(column)
  }
}
