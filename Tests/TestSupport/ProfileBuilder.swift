import Profile

/// Makes a session from samples written as text, for tests.
///
///     var profile = ProfileBuilder()
///     profile.add("main;load;Parser.parse@/lib/parser.py:7", 12.ms)
///     let session = profile.session()
///
/// A stack is its frames from the outermost in, joined by semicolons; the empty text is the empty stack.
/// A frame is `name`, then optionally `@file`, `:first line`, `*current line` and a final `!` if it has a local
/// `__tracebackhide__`. `Class.name` gives the class. Without a file, `files[name]` or `defaultFile` is it.
///
/// `list.append@<built-in>` is a C function: its name has the dot, and it has no line and no class. `[await]` and
/// `[out-of-context]` are the synthetic leaves.
public struct ProfileBuilder: ~Copyable {
  public var metadata = SessionMetadata()
  public var statistics = SamplerStatistics()
  /// The file of functions that name none.
  public var defaultFile = "/app/program.py"
  /// The files of functions by name.
  public var files: [String: String] = [:]
  /// The stack at the start, as text.
  public var startStack = ""

  private var threads: [(name: String, identifier: UInt64)]
  private var samples: [(stack: String, time: Int64, cpuTime: Int64, thread: Int)] = []

  public init(thread name: String = "MainThread", identifier: UInt64 = 1) {
    threads = [(name, identifier)]
  }

  /// The samples that are added from now on belong to another thread.
  public mutating func begin(thread name: String, identifier: UInt64) { threads.append((name, identifier)) }

  /// Adds a sample that stands for `time` nanoseconds, of which the thread was on a CPU for `cpuTime`.
  public mutating func add(_ stack: String, _ time: Int64, cpu cpuTime: Int64 = 0) {
    samples.append((stack, time, cpuTime, threads.count - 1))
  }

  /// The profile.
  public consuming func session() -> Session {
    var recording = Recording()
    let threads = threads.map { ThreadSamples(name: $0.name, identifier: $0.identifier) }
    recording.statistics = statistics
    for sample in samples {
      let stack = intern(sample.stack, in: &recording)
      threads[sample.thread].append(Sample(stack: stack, wallTime: sample.time, cpuTime: sample.cpuTime))
    }
    recording.startStack = intern(startStack, in: &recording)
    return Session(recording, threads: threads, metadata: metadata)
  }

  /// The session of `samples`, everything else being standard.
  public static func session(
    _ samples: [(String, Int64)], startStack: String = "", files: [String: String] = [:],
    metadata: SessionMetadata = SessionMetadata()
  ) -> Session {
    var profile = ProfileBuilder()
    profile.startStack = startStack
    profile.files = files
    profile.metadata = metadata
    for (stack, time) in samples { profile.add(stack, time) }
    return profile.session()
  }

  private func intern(_ stack: String, in recording: inout Recording) -> StackID {
    var result = StackID.empty
    for text in stack.split(separator: ";") {
      result = recording.intern(parent: result, frame: intern(frame: text, in: &recording))
    }
    return result
  }

  private func intern(frame text: Substring, in recording: inout Recording) -> FrameID {
    if let leaf = SyntheticLeaf(rawValue: String(text)) { return recording.intern(leaf) }
    var rest = text
    let isHidden = rest.last == "!"
    if isHidden { rest.removeLast() }
    let line = Self.cut(&rest, at: "*").flatMap { UInt32($0) }
    let at = Self.cut(&rest, at: "@")
    var file = at ?? ""
    let givenLine = (at == nil ? Self.cut(&rest, at: ":") : Self.cut(&file, at: ":")).flatMap { UInt32($0) }
    let isInC = file == "<built-in>"
    let firstLine = givenLine ?? (isInC ? 0 : 1)
    var className = ""
    if !isInC, !rest.hasPrefix("<"), let dot = rest.lastIndex(of: ".") {
      className = String(rest[..<dot])
      rest = rest[rest.index(after: dot)...]
    }
    let name = String(rest)
    let nameID = recording.intern(name)
    let path = at == nil ? files[name] ?? defaultFile : String(file)
    let function = recording.intern(
      Function(name: nameID, qualifiedName: nameID, file: recording.intern(path), firstLine: firstLine))
    return recording.intern(
      Frame(
        function: function, line: line ?? firstLine, className: recording.intern(className),
        flags: isHidden ? .hidden : []))
  }

  /// Takes what follows the last `mark` off `text`.
  private static func cut(_ text: inout Substring, at mark: Character) -> Substring? {
    guard let place = text.lastIndex(of: mark) else { return nil }
    let tail = text[text.index(after: place)...]
    text = text[..<place]
    return tail
  }
}

extension Int {
  /// So many milliseconds, in nanoseconds.
  public var ms: Int64 { Int64(self) * 1_000_000 }
}
