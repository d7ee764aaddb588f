import Profile

/// Makes the report that people read in a terminal: a header, then each thread's calls as a tree or a list.
public struct TextRenderer: Sendable {
  /// Draws the tree with box characters instead of ASCII.
  public var unicode = false
  /// Colours the report by ANSI control sequences.
  public var color = false
  /// Shows the frames that are hidden otherwise: of libraries, of the import machinery, of little time; and the
  /// threads that only waited.
  public var showAll = false
  /// Keeps calls in the order of time.
  public var timeline = false
  /// What times are given in.
  public var unit = TimeUnit.seconds
  /// Lists functions by this time instead of drawing a tree.
  public var flat: FlatTime?
  /// Writes a banner in place of the header.
  public var short = false
  /// By which clock the trees were made.
  public var clock = SampleClock.wall

  public init(unicode: Bool = false, color: Bool = false, showAll: Bool = false) {
    self.unicode = unicode
    self.color = color
    self.showAll = showAll
  }

  /// The report on `session`, with the standard processors.
  ///
  /// - Parameter version: The version of Spinetail, for the header.
  public func render(_ session: Session, version: String) -> String {
    var options = ProcessorOptions()
    // Whatever a tree leaves out would be missing in the sums over all calls of a function.
    if flat != nil { options.filterThreshold = 0 }
    // A report without order of time merges repeated calls anyhow, and a tree made so stays small.
    let trees = CallTree.ofThreads(
      in: session, merging: timeline ? .consecutiveCalls : .repeatedCalls, clock: clock,
      processors: Processor.standard(showingAll: showAll).filter {
        !(timeline && $0 == .aggregateRepeatedCalls)
      }, options: options)
    return String(decoding: report(session, trees: trees, version: version), as: UTF8.self)
  }

  /// The report on `session`, whose threads' calls are `trees`, as processors left them, as UTF-8.
  public func report(_ session: Session, trees: [CallTree], version: String) -> [UInt8] {
    var body = TextBuffer()
    let isMissing = clock == .cpu && !session.hasCPUTime
    if isMissing {
      body.append("CPU time isn't recorded in this session: look at wall time instead.\n")
    } else {
      write(trees, of: session, to: &body)
    }
    var buffer = TextBuffer()
    if short {
      ShortFrame(description: session.metadata.targetDescription, clock: isMissing ? .wall : clock).write(
        body, to: &buffer)
    } else {
      TextHeader(session, version: version, clock: isMissing ? .wall : clock).write(to: &buffer)
      buffer.append(body.bytes)
      buffer.append("\n")
    }
    return buffer.bytes
  }

  private func write(_ trees: [CallTree], of session: Session, to buffer: inout TextBuffer) {
    let threads = ReportedThreads(session, showsAll: showAll, inOrderOfTime: timeline)
    var treesOfThreads: [Int: CallTree] = [:]
    var others: [CallTree] = []
    for tree in trees {
      if session.threads.count > 1, let thread = tree.threadNumber {
        treesOfThreads[thread] = tree
      } else {
        others.append(tree)
      }
    }
    var hasTree = false
    for thread in threads.shown {
      guard let tree = treesOfThreads[thread.number] else { continue }
      if hasTree { buffer.append("\n") }
      hasTree = true
      write(tree, thread: thread, hasCPUTime: threads.hasCPUTime, to: &buffer)
    }
    for tree in others where tree.root != nil {
      if hasTree { buffer.append("\n") }
      hasTree = true
      write(tree, thread: nil, hasCPUTime: false, to: &buffer)
    }
    if !hasTree { buffer.append("No samples were recorded.\n") }
    if !treesOfThreads.isEmpty, !threads.waiting.isEmpty {
      buffer.append("\n")
      threads.writeWaiting(to: &buffer)
    }
  }

  /// Adds what is to be seen of one tree.
  ///
  /// - Parameter thread: The tree's thread, if there are several.
  private func write(
    _ tree: CallTree, thread: ThreadActivity?, hasCPUTime: Bool, to buffer: inout TextBuffer
  ) {
    guard let root = tree.root else { return }
    let rootTime = tree.time(of: root)
    let colors = TextColors(enabled: color)
    let times = TimeFormat(
      unit, decimals: TimeFormat.decimals(interval: tree.session.metadata.maxInterval), total: rootTime)
    let line = FrameLine(tree, times: times, colors: colors)
    let rootIsThread = tree.identity(of: root).kind == .thread
    var hasHeading = false
    if let thread {
      let facts = self.facts(of: thread, hasCPUTime: hasCPUTime)
      // Without more to say, the root's own line does.
      hasHeading = flat != nil || !rootIsThread || !facts.isEmpty
      if hasHeading { line.write(thread: thread, time: rootTime, facts: facts, to: &buffer) }
    }
    if let flat {
      FlatList(tree, line: line, kind: flat).write(to: &buffer, showsAll: showAll)
    } else {
      var tree = tree
      if thread != nil, !showAll { tree.trimThreadBootstrap() }
      TextTree(tree, line: line, glyphs: TreeGlyphs(unicode: unicode), colors: colors)
        .write(to: &buffer, rootHasLine: hasHeading && rootIsThread)
    }
  }

  /// What the times of a thread's calls don't show.
  private func facts(of thread: ThreadActivity, hasCPUTime: Bool) -> [(name: String, time: Int64)] {
    var facts: [(name: String, time: Int64)] = []
    if unit != .seconds || clock != .wall { facts.append(("Duration", thread.wallTime)) }
    if hasCPUTime, unit != .seconds || clock != .cpu { facts.append(("CPU time", thread.cpuTime)) }
    return facts
  }
}
