/// Makes a session from records as pyinstrument has them: a stack of frame-info strings, outermost first, and seconds.
///
/// A stack is put together by `truncate` and `push`, so that two records in a row share the work for what they share.
public struct FrameRecordBuilder: ~Copyable {
  private var recording = Recording()
  /// Every frame-info string that was met, and what each is.
  private var texts = StringTable()
  private var kinds = Column<Kind>()
  private var threads: [ThreadSamples] = []
  private var threadRows: [ThreadKey: Int] = [:]
  /// What rounding to nanoseconds has left over, for each thread.
  private var remainders = Column<Double>()
  private var startThread: ThreadKey?
  private var totalTime: Int64 = 0
  private var recordCount = 0
  /// The current stack up to each string.
  private var path = Column<StackID>()
  /// The string that the current stack begins with.
  private var first = 0

  /// What a frame-info string is. Not private: the compiler fails to see it from the files that use the builder.
  struct Kind: BitwiseCopyable {
    /// The frame, once it has been on a stack: a thread's is so only within other frames.
    var frame = FrameID(rawValue: .max)
    let isThread: Bool
    /// The thread's row, once a record has begun with it.
    var thread: Int32 = -1

    var hasFrame: Bool { frame.rawValue != .max }
  }

  private struct ThreadKey: Hashable {
    let name: String
    let identifier: UInt64
  }

  public init() {}

  /// The row of a frame-info string, for `push`.
  public mutating func row(of text: UnsafeBufferPointer<UInt8>) -> Int {
    let row = texts.intern(text).index
    while kinds.count <= row {
      // The first row is the empty string, which the table holds from the start.
      let info = texts.withBytes(StringID(index: kinds.count)) { FrameInfo($0) }
      kinds.append(Kind(isThread: info.isThread))
    }
    return row
  }

  private mutating func frame(ofText row: Int) -> FrameID {
    if kinds[row].hasFrame { return kinds[row].frame }
    let frame = intern(texts.withBytes(StringID(index: row)) { FrameInfo($0) })
    kinds[row].frame = frame
    return frame
  }

  private mutating func intern(_ info: FrameInfo) -> FrameID {
    if let leaf = info.syntheticLeaf { return recording.intern(leaf) }
    func intern(_ text: [UInt8]) -> StringID { text.withUnsafeBufferPointer { recording.intern($0) } }
    let name = intern(info.name)
    let function = Function(
      name: name, qualifiedName: name, file: intern(info.file), firstLine: UInt32(clamping: info.firstLine))
    return recording.intern(
      Frame(
        function: recording.intern(function), line: info.line, className: intern(info.className),
        flags: info.isHidden ? .hidden : []))
  }

  /// Keeps the first `depth` strings of the current stack.
  public mutating func truncate(to depth: Int) { path.truncate(to: depth) }

  /// Puts the string of a row on top of the current stack.
  public mutating func push(_ row: Int) throws(SessionFileError) {
    guard let parent = path.last else {
      first = row
      path.append(kinds[row].isThread ? .empty : recording.intern(parent: .empty, frame: frame(ofText: row)))
      return
    }
    if let top = recording.stacks.frame(of: parent), recording.frames[top].syntheticLeaf != nil {
      throw .damaged("a stack of record \(recordCount + 1) goes on above a wait")
    }
    path.append(recording.intern(parent: parent, frame: frame(ofText: row)))
  }

  /// Takes the current stack for the one at the start.
  public mutating func takeStartStack() {
    recording.startStack = path.last ?? .empty
    startThread = path.count > 0 && kinds[first].isThread ? key(ofText: first) : nil
  }

  /// Adds a record of the current stack.
  public mutating func add(seconds: Double) throws(SessionFileError) {
    let thread = try currentThread()
    let exact = seconds * 1e9 + remainders[thread]
    let whole = exact.rounded()
    recordCount += 1
    guard abs(whole) < Double(SessionFile.maximumTotalTime) else {
      throw .damaged("the time of record \(recordCount) is no number that can be")
    }
    remainders[thread] = exact - whole
    let time = Int64(whole)
    totalTime += abs(time)
    guard totalTime < SessionFile.maximumTotalTime else { throw .damaged("its times add up to too much") }
    guard recordCount <= SessionFile.maximumRows else { throw .tooLarge("it has \(recordCount) records") }
    threads[thread].append(Sample(stack: path.last ?? .empty, wallTime: time))
  }

  private mutating func currentThread() throws(SessionFileError) -> Int {
    guard path.count > 0, kinds[first].isThread else {
      return try row(ofThread: ThreadKey(name: "", identifier: 0))
    }
    if kinds[first].thread >= 0 { return Int(kinds[first].thread) }
    let row = try row(ofThread: key(ofText: first))
    kinds[first].thread = Int32(row)
    return row
  }

  private func key(ofText row: Int) -> ThreadKey {
    let info = texts.withBytes(StringID(index: row)) { FrameInfo($0) }
    return ThreadKey(name: String(decoding: info.name, as: UTF8.self), identifier: info.firstLine)
  }

  private mutating func row(ofThread key: ThreadKey) throws(SessionFileError) -> Int {
    if let row = threadRows[key] { return row }
    let row = threads.count
    guard row < SessionFile.maximumThreads else { throw .tooLarge("it has more than \(row) threads") }
    threadRows[key] = row
    threads.append(ThreadSamples(name: key.name, identifier: key.identifier))
    remainders.append(0)
    return row
  }

  /// The session of all records. Nothing but the number of samples is set in `metadata`.
  public consuming func session(_ metadata: SessionMetadata) -> Session {
    var metadata = metadata
    metadata.timeUnit = 1
    if metadata.sampleCount == recordCount { metadata.sampleCount = nil }
    if threads.isEmpty {
      let key = startThread ?? ThreadKey(name: "", identifier: 0)
      threads.append(ThreadSamples(name: key.name, identifier: key.identifier))
    } else if let startThread, let row = threadRows[startThread], row > 0 {
      threads.insert(threads.remove(at: row), at: 0)
    }
    return Session(recording, threads: threads, metadata: metadata)
  }
}
