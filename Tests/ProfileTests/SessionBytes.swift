import TestSupport

@testable import Profile

/// The bytes of a session file, and what tests do with them.
struct SessionBytes {
  var bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Packs a file of this content.
  init(header: String, body: [UInt8]) throws {
    let length = UInt32(header.utf8.count)
    try self.init(
      unpacked: (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + header.utf8 + body)
  }

  /// Packs bytes of any kind.
  init(unpacked: [UInt8]) throws {
    var deflater = try Deflater(level: 1)
    unpacked.withUnsafeBufferPointer { deflater.write($0) }
    deflater.finish()
    bytes = deflater.output.withElements { Array($0) }
  }

  func read() throws -> Session { try bytes.withUnsafeBytes { try Session.inFile($0) } }

  /// What is packed in the file.
  func unpacked() throws -> [UInt8] {
    try bytes.withUnsafeBytes { packed in
      var inflater = try Inflater(packed)
      var output = Column<UInt8>()
      // The file's trailer tells its size.
      let size = (0..<4).reduce(0) { $0 | Int(packed[packed.count - 4 + $1]) << (8 * $1) }
      try inflater.read(size, into: &output)
      try inflater.end()
      return output.withElements { Array($0) }
    }
  }

  /// The header's text and the columns.
  func parts() throws -> (header: String, body: [UInt8]) {
    let content = try unpacked()
    let length = (0..<4).reduce(0) { $0 | Int(content[$1]) << (8 * $1) }
    return (String(decoding: content[4..<4 + length], as: UTF8.self), Array(content[(4 + length)...]))
  }

  /// The file with something else in its header.
  func replacing(_ text: String, with replacement: String) throws -> SessionBytes {
    let (header, body) = try parts()
    let pieces = header.split(separator: text, maxSplits: 1, omittingEmptySubsequences: false)
    precondition(pieces.count == 2, "the header has no \(text)")
    return try SessionBytes(header: pieces.joined(separator: replacement), body: body)
  }
}

extension Session {
  func written() throws -> SessionBytes {
    SessionBytes(try SessionFile.bytes(of: self).withElements { Array($0) })
  }

  /// A stack as text.
  func text(of stack: StackID) -> String {
    stacks.path(of: stack).map { id in
      let frame = frames[id]
      let function = functions[frame.function]
      return "\(strings[function.name])|\(strings[function.qualifiedName])|\(strings[function.file])"
        + "|\(function.firstLine)|\(strings[frame.className])|\(frame.line)|\(frame.flags.rawValue)"
    }.joined(separator: ";")
  }

  var startStackText: String { text(of: startStack) }

  /// Everything that is in the samples, as text. Whatever handle is wrong traps here.
  var contents: [String] {
    threads.flatMap { thread in
      ["\(thread.name) \(thread.identifier) \(thread.start)"]
        + (0..<thread.samples.count).map { row in
          let sample = thread.samples[row]
          return "\(text(of: sample.stack)) \(sample.wallTime) \(sample.cpuTime) \(sample.state.rawValue)"
        }
    }
  }
}

/// A session in which nothing has its standard value.
enum FullSession {
  static func make() -> Session {
    var profile = ProfileBuilder(thread: "MainThread", identifier: 140_527_157_472_128)
    profile.metadata.startTime = 1_795_517_485.105_834_7
    profile.metadata.duration = 12.5
    profile.metadata.cpuTime = 11.25
    profile.metadata.minInterval = 0.000_5
    profile.metadata.maxInterval = 0.002
    profile.metadata.targetDescription = "Program: \"x\" é 😀"
    profile.metadata.commandLine = ["spinetail", "x.py", "--y"]
    profile.metadata.engine = "setprofile"
    profile.metadata.engineReason = "the interpreter is CPython 3.9"
    profile.metadata.engineDetail = "reads memory through a pipe"
    profile.metadata.notes = ["one", "two"]
    profile.metadata.pythonVersion = "3.9.18"
    profile.metadata.sysPath = ["/app", ""]
    profile.metadata.sysPrefixes = ["/usr"]
    profile.metadata.subinterpreterCount = 2
    profile.metadata.sampleCount = 77
    profile.metadata.timeUnit = 1
    for (number, key) in SamplerStatistics.counts.enumerated() {
      profile.statistics[keyPath: key.path] = number + 1
    }
    profile.startStack = "main@/app/m.py:3*4"
    profile.add("main;load;Parser.parse@/lib/parser.py:7*9!", 12.ms, cpu: 3.ms)
    profile.add("main;list.append@<built-in>", 1.ms, cpu: 2.ms)
    profile.add("", 5)
    profile.begin(thread: "worker é", identifier: .max)
    profile.add("main;[await]", 7.ms)
    profile.add("main;[out-of-context]", 7.ms + 1)
    profile.add("main;load", 2.ms)
    let base = profile.session()
    // What the builder can't say.
    let threads = base.threads.enumerated().map { number, thread in
      let copy = ThreadSamples(name: thread.name, identifier: thread.identifier, start: Int64(number) * 5.ms)
      for row in 0..<thread.samples.count {
        var sample = thread.samples[row]
        sample.state = SampleState(rawValue: UInt8(row + number * 2))
        copy.append(sample)
      }
      return copy
    }
    var combiner = SessionCombiner()
    _ = combiner.intern(tablesOf: base)
    return Session(combiner, threads: threads, metadata: base.metadata, statistics: base.statistics)
  }
}
