/// Reads a session file, and lets nothing through that a session can't hold: whoever has the session trusts its handles.
struct SessionFileReader: ~Copyable {
  private var recording = Recording()
  private var header = SessionFileHeader()
  /// The columns that are there, by table and name.
  private var columns: [String: [String: ColumnEntry]] = [:]
  private var body = Column<UInt8>()
  // The new handle of each row of the file's tables, which may hold a thing twice.
  private var strings = Column<StringID>()
  private var functions = Column<FunctionID>()
  private var frames = Column<FrameID>()
  private var stacks = Column<StackID>()
  private var threads: [ThreadSamples] = []
  private var rowCount = 0
  private var totalTime: Int64 = 0

  /// The session in `file`.
  consuming func read(_ file: UnsafeRawBufferPointer) throws(SessionFileError) -> Session {
    try unpack(file)
    try readFunctions()
    try readFrames()
    try readStacks()
    try readThreads()
    guard header.startStack < stacks.count else { throw .damaged("its startStack is no stack") }
    recording.startStack = stacks[header.startStack]
    recording.statistics = header.statistics
    return Session(recording, threads: threads, metadata: header.metadata)
  }

  private mutating func unpack(_ file: UnsafeRawBufferPointer) throws(SessionFileError) {
    var inflater = try Inflater(file)
    var bytes = Column<UInt8>()
    try inflater.read(4, into: &bytes)
    let length = (0..<4).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    guard length <= SessionFile.maximumHeaderSize else { throw .tooLarge("its header has \(length) bytes") }
    bytes.removeAll()
    try inflater.read(length, into: &bytes)
    var headerReader = SessionFileHeaderReader()
    try bytes.withElements { (json) throws(SessionFileError) in
      try headerReader.read(json, into: &recording.strings)
    }
    header = headerReader.header
    strings.assign(headerReader.strings)
    let size = try placeColumns()
    try inflater.read(size, into: &body)
    try inflater.end()
  }

  /// Checks where the columns are, and gives the size of them all.
  private mutating func placeColumns() throws(SessionFileError) -> Int {
    var size = 0
    var sum = 0
    for column in header.columns {
      guard column.count <= SessionFile.maximumRows, column.length <= SessionFile.maximumBodySize,
        column.offset <= SessionFile.maximumBodySize, sum <= SessionFile.maximumBodySize
      else { throw .tooLarge("\(column.table).\(column.name) has \(column.count) values") }
      size = max(size, column.offset + column.length)
      sum += column.length
      guard column.isReadable else { continue }
      guard column.length >= column.count,
        column.length <= column.count * column.encoding.maximumValueSize
      else {
        throw .damaged("\(column.table).\(column.name) has \(column.length) bytes for \(column.count) values")
      }
      guard columns[column.table, default: [:]].updateValue(column, forKey: column.name) == nil else {
        throw .damaged("it has \(column.table).\(column.name) twice")
      }
    }
    guard size <= SessionFile.maximumBodySize else { throw .tooLarge("its columns have \(size) bytes") }
    // Reading what overlaps could take for ever.
    guard sum <= size else { throw .damaged("its columns overlap") }
    return size
  }

  /// A column that has to be there.
  private func column(_ table: String, _ name: String) throws(SessionFileError) -> ColumnDecoder {
    guard let decoder = try optionalColumn(table, name) else { throw .damaged("it has no \(table).\(name)") }
    return decoder
  }

  private func optionalColumn(_ table: String, _ name: String) throws(SessionFileError) -> ColumnDecoder? {
    guard let entry = columns[table]?[name] else { return nil }
    // `body` neither grows nor goes while columns are read.
    return body.withElements { ColumnDecoder(entry, body: $0) }
  }

  /// Makes sure that columns have as many values.
  private func check(_ first: ColumnDecoder, _ others: ColumnDecoder?...) throws(SessionFileError) {
    for other in others {
      if let other, other.count != first.count { throw .damaged("columns of a table differ in length") }
    }
  }

  private mutating func readFunctions() throws(SessionFileError) {
    var name = try column("functions", "name")
    var qualifiedName = try column("functions", "qualname")
    var file = try column("functions", "file")
    var firstLine = try column("functions", "firstLine")
    try check(name, qualifiedName, file, firstLine)
    for _ in 0..<name.count {
      let function = Function(
        name: strings[try name.next(below: strings.count)],
        qualifiedName: strings[try qualifiedName.next(below: strings.count)],
        file: strings[try file.next(below: strings.count)],
        firstLine: UInt32(try firstLine.next(below: 1 << 32)))
      functions.append(recording.intern(function))
    }
    try name.end()
    try qualifiedName.end()
    try file.end()
    try firstLine.end()
  }

  private mutating func readFrames() throws(SessionFileError) {
    var function = try column("frames", "function")
    var line = try column("frames", "line")
    var className = try column("frames", "className")
    var flags = try column("frames", "flags")
    try check(function, line, className, flags)
    let known: FrameFlags = [.hidden, .await, .outOfContext]
    for _ in 0..<function.count {
      let frame = Frame(
        function: functions[try function.next(below: functions.count)],
        line: UInt32(try line.next(below: 1 << 32)),
        className: strings[try className.next(below: strings.count)],
        flags: FrameFlags(rawValue: UInt8(truncatingIfNeeded: try flags.next())).intersection(known))
      frames.append(recording.intern(frame))
    }
    try function.end()
    try line.end()
    try className.end()
    try flags.end()
  }

  private mutating func readStacks() throws(SessionFileError) {
    var parent = try column("stacks", "parent")
    var frame = try column("stacks", "frame")
    try check(parent, frame)
    guard parent.count > 0 else { throw .damaged("it has no empty stack") }
    _ = try (parent.next(), frame.next())
    stacks.append(.empty)
    for row in 1..<parent.count {
      let outer = stacks[try parent.next(below: row)]
      if let top = recording.stacks.frame(of: outer), recording.frames[top].syntheticLeaf != nil {
        throw .damaged("a stack goes on above a wait")
      }
      let inner = frames[try frame.next(below: frames.count)]
      stacks.append(recording.intern(parent: outer, frame: inner))
    }
    try parent.end()
    try frame.end()
  }

  private mutating func readThreads() throws(SessionFileError) {
    var name = try column("threads", "name")
    var identifier = try column("threads", "identifier")
    var start = try optionalColumn("threads", "start")
    try check(name, identifier, start)
    guard name.count <= SessionFile.maximumThreads else { throw .tooLarge("it has \(name.count) threads") }
    for row in 0..<name.count {
      let string = strings[try name.next(below: strings.count)]
      let thread = ThreadSamples(
        name: recording.strings[string], identifier: try identifier.nextUnsigned(),
        start: try time(start?.next() ?? 0))
      try readSamples(of: thread, table: "samples/\(row)")
      threads.append(thread)
    }
    try name.end()
    try identifier.end()
    try start?.end()
    // Whoever shows a session may ask for its first thread.
    if threads.isEmpty { threads.append(ThreadSamples(name: "", identifier: 0)) }
  }

  private mutating func readSamples(of thread: ThreadSamples, table: String) throws(SessionFileError) {
    guard columns[table] != nil else { return }
    var stack = try column(table, "stack")
    var wall = try column(table, "wall")
    var wait = try optionalColumn(table, "wait")
    var state = try optionalColumn(table, "state")
    try check(stack, wall, wait, state)
    rowCount += stack.count
    guard rowCount <= SessionFile.maximumRows else { throw .tooLarge("it has \(rowCount) samples") }
    let known: SampleState = [.heldGIL, .unfollowed, .truncated]
    for _ in 0..<stack.count {
      let id = stacks[try stack.next(below: stacks.count)]
      let wallTime = try time(try wall.next())
      let cpuTime = wait == nil ? 0 : wallTime - (try time(try wait?.next() ?? 0))
      try addUp(wallTime, cpuTime)
      let bits = UInt8(truncatingIfNeeded: try state?.next() ?? 0)
      thread.append(
        Sample(
          stack: id, wallTime: wallTime, cpuTime: cpuTime,
          state: SampleState(rawValue: bits).intersection(known)))
    }
    try stack.end()
    try wall.end()
    try wait?.end()
    try state?.end()
  }

  /// A number of units as nanoseconds: so few that two of them can be added.
  @inline(__always)
  private func time(_ units: Int64) throws(SessionFileError) -> Int64 {
    let (time, overflow) = units.multipliedReportingOverflow(by: header.timeUnit)
    guard !overflow, time.magnitude < SessionFile.maximumTotalTime.magnitude else {
      throw .damaged("a time of \(units) units is too long")
    }
    return time
  }

  @inline(__always)
  private mutating func addUp(_ wallTime: Int64, _ cpuTime: Int64) throws(SessionFileError) {
    // Each is below 2⁶², and what was added before below 2⁶¹.
    totalTime &+= max(abs(wallTime), abs(cpuTime))
    guard totalTime >= 0, totalTime < SessionFile.maximumTotalTime else {
      throw .damaged("its times add up to too much")
    }
  }
}

extension SessionFile {
  /// The session in `file`, all the bytes of a `.spinetail` file.
  public static func session(in file: UnsafeRawBufferPointer) throws(SessionFileError) -> Session {
    try SessionFileReader().read(file)
  }
}
