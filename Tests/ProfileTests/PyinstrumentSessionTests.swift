import TestSupport
import Testing

@testable import Profile

struct PyinstrumentSessionTests {
  private func read(_ text: String, sysPath: [String] = [], sysPrefixes: [String] = []) throws -> Session {
    try Array(text.utf8).withUnsafeBytes {
      try Session.inFile($0, sysPath: sysPath, sysPrefixes: sysPrefixes)
    }
  }

  private func written(_ session: Session, pieceSize: Int = 1 << 20) -> String {
    let writer = PyinstrumentWriter(session)
    var bytes: [UInt8] = []
    while writer.nextPiece(
      size: pieceSize,
      {
        bytes += $0; return $0.count
      }) > 0
    {}
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A file with these records, and other things as they usually are.
  private func file(
    _ records: String, start: String = #"["MainThread\u0000<thread>\u00005"]"#, more: String = ""
  ) -> String {
    """
    {"start_time": 1795517485.5, "duration": 0.25, "sample_count": 3, "start_call_stack": \(start),
    "target_description": "Program: x", "cpu_time": 0.125, \(more) "frame_records": [\(records)]}
    """
  }

  private func record(_ frames: [String], _ time: String) -> String {
    let escaped = frames.map {
      "\"" + $0.replacing("\0", with: "\\u0000").replacing("\u{1}", with: "\\u0001") + "\""
    }
    return "[[\(escaped.joined(separator: ", "))], \(time)]"
  }

  private let thread = "MainThread\0<thread>\u{0}5"

  @Test func aSessionIsRead() throws {
    let session = try read(
      file(
        [
          record([thread, "main\0/a.py\u{0}1\u{1}l3", "m\0/a.py\u{0}7\u{1}cC\u{1}l9\u{1}h1"], "0.001"),
          record([thread, "main\0/a.py\u{0}1\u{1}l4", "[await]"], "0.1"),
          record([thread], "1e-9"),
        ].joined(separator: ", "), more: #""min_interval": 0.002, "max_interval": 0.004, "sys_path": ["/p"],"#
      ))
    #expect(
      session.contents == [
        "MainThread 5 0", "main|main|/a.py|1||3|0;m|m|/a.py|7|C|9|1 1000000 0 0",
        "main|main|/a.py|1||4|0;[await]|[await]||0||0|2 100000000 0 0", " 1 0 0",
      ])
    #expect(session.metadata.startTime == 1_795_517_485.5)
    #expect(session.metadata.duration == 0.25)
    #expect(session.metadata.cpuTime == 0.125)
    #expect(session.metadata.minInterval == 0.002)
    #expect(session.metadata.maxInterval == 0.004)
    #expect(session.metadata.targetDescription == "Program: x")
    #expect(session.metadata.sysPath == ["/p"])
    #expect(session.sampleCount == 3)
    #expect(session.startStack == .empty)
  }

  @Test func whatOlderVersionsLackIsFilledIn() throws {
    let text = file("").replacing("target_description", with: "program").replacing("0.125", with: "null")
    let session = try read(text, sysPath: ["/here"], sysPrefixes: ["/usr"])
    #expect(session.metadata.targetDescription == "Program: x")
    #expect(session.metadata.cpuTime == 0)
    #expect(session.metadata.minInterval == 0.001)
    #expect(session.metadata.sysPath == ["/here"])
    #expect(session.metadata.sysPrefixes == ["/usr"])
  }

  @Test func eachRootIsAThread() throws {
    let worker = "worker\0<thread>\u{0}6"
    let session = try read(
      file(
        [
          record([worker, "f\0/a.py\u{0}1"], "0.001"), record([thread, "f\0/a.py\u{0}1"], "0.002"),
          record([worker, "f\0/a.py\u{0}1"], "0.003"), record(["f\0/a.py\u{0}1"], "0.004"),
          record([], "0.005"),
        ].joined(separator: ",")))
    // The one that started it comes first.
    #expect(session.threads.map(\.name) == ["MainThread", "worker", ""])
    #expect(session.threads.map(\.identifier) == [5, 6, 0])
    #expect(session.threads.map { $0.samples.count } == [1, 2, 2])
    #expect(session.contents.contains("f|f|/a.py|1||0|0 4000000 0 0"))
  }

  @Test func theStartStackIsKept() throws {
    let start = #"["MainThread\u0000<thread>\u00005", "a\u0000/a.py\u00001\u0001l2", "b\u0000/a.py\u00005"]"#
    let session = try read(file("", start: start))
    #expect(session.startStackText == "a|a|/a.py|1||2|0;b|b|/a.py|5||0|0")
    #expect(session.threads.map(\.name) == ["MainThread"])
    #expect(written(session).contains(#""start_call_stack": \#(start), "#))
  }

  @Test func timesAddUpToTheNanosecond() throws {
    let count = 1000
    let records = (0..<count).map { _ in record([thread], "0.0000000004") }
    let session = try read(file(records.joined(separator: ",")))
    #expect(session.threads[0].totalWallTime == 400)
    #expect(session.sampleCount == 3)
  }

  @Test func keysMayStandInAnyOrder() throws {
    let session = try read(
      #"""
      {"frame_records": [[["T\u0000<thread>\u00007", "f\u0000g\u00001"], 1]], "unknown": [{"x": [null]}], "cpu_time": 0,
      "target_description": "", "sample_count": 1, "start_call_stack": ["T\u0000<thread>\u00007", "f\u0000g\u00001"],
      "duration": 1, "start_time": 0}
      """#)
    #expect(session.contents == ["T 7 0", "f|f|g|1||0|0 1000000000 0 0"])
    #expect(session.startStackText == "f|f|g|1||0|0")
  }

  @Test func whatIsWrittenReadsBack() throws {
    let session = FullSession.make()
    for pieceSize in [1, 100, 1 << 20] {
      let text = written(session, pieceSize: pieceSize)
      #expect(text.utf8.allSatisfy { $0 < 0x80 })
      let read = try read(text)
      // The format has no qualified names, CPU times, states and starts.
      func simplified(_ session: Session) -> [String] {
        session.threads.flatMap { thread in
          ["\(thread.name) \(thread.identifier)"]
            + (0..<thread.samples.count).map { row in
              let sample = thread.samples[row]
              let path = session.stacks.path(of: sample.stack).map {
                String(decoding: session.frameInfo(of: $0).text, as: UTF8.self)
              }
              return path.joined(separator: ";") + " \(sample.wallTime)"
            }
        }
      }
      #expect(simplified(read) == simplified(session))
      #expect(read.sampleCount == 77)
      #expect(read.metadata.maxInterval == 0.002)
      #expect(read.metadata.sysPrefixes == ["/usr"])
      #expect(written(read) == text)
    }
  }

  @Test func surrogatesSurvive() throws {
    let session = try read(file(#"[["a\udc80\u0000/\ud800\u00001"], 1]"#))
    #expect(
      session.strings.withBytes(session.functions[FunctionID(index: 0)].name) { Array($0) } == [
        0x61, 0xED, 0xB2, 0x80,
      ])
    #expect(written(session).contains(#""a\udc80\u0000/\ud800\u00001""#))
  }

  @Test func pyinstrumentCanShowAnEmptySession() {
    let session = Session(Recording(), threads: [], metadata: SessionMetadata())
    #expect(written(session).contains(#""start_call_stack": ["MainThread\u0000<thread>\u00000"]"#))
    #expect(written(session).hasSuffix(#""frame_records": []}"#))
  }

  @Test(arguments: [
    "[[]]", "[[\"a\"]]", "[[[\"a\"], 1, 2]]", "[[\"a\", 1]]", "[[[1], 1]]", "[[[\"a\"], \"1\"]]",
    "[[[\"a\"], null]]", "{}", "[1]", "[[[\"a\"], 1]",
    "[[[\"a\"], NaN]]", "[[[\"a\"], Infinity]]", "[[[\"a\"], 1e10]]", "[[[\"[await]\", \"a\"], 1]]",
    "[[[\"\\x\"], 1]]", "[[[\"a\" \"b\"], 1]]",
  ])
  func badRecordsAreRefused(_ records: String) {
    let text = file("").replacing("\"frame_records\": []", with: "\"frame_records\": \(records)")
    let error = #expect(throws: SessionFileError.self) { try read(text) }
    #expect(error?.description.contains("\n") == false)
  }

  @Test(arguments: [
    ("1795517485.5", "1e300"), ("1795517485.5", "\"x\""), ("0.25", "-Infinity"),
    ("\"sample_count\": 3", "\"sample_count\": -3"),
    ("\"sample_count\": 3", "\"sample_count\": 1.5"), ("start_call_stack", "x"),
    ("\"start_time\"", "\"starttime\""), ("frame_records", "records"),
    ("\"Program: x\"", "5"), ("\"cpu_time\": 0.125, ", ""),
  ])
  func badFactsAreRefused(_ text: String, _ replacement: String) {
    #expect(throws: SessionFileError.self) { try read(file("").replacing(text, with: replacement)) }
  }

  @Test func recordsCountOnce() {
    let text = file("").replacing("}", with: #", "frame_records": []}"#)
    #expect(throws: SessionFileError.damaged("it has frame_records twice")) { try read(text) }
  }

  @Test func everyTruncationIsTold() throws {
    let text = Array(written(FullSession.make()).utf8)
    for length in 0..<text.count {
      #expect(throws: SessionFileError.self) {
        try Array(text[..<length]).withUnsafeBytes { try Session.inFile($0) }
      }
    }
  }

  @Test func randomContentNeverTraps() throws {
    var random = RandomWalk(seed: 5)
    let session = random.session(samples: 30, syntheticLeaves: true)
    let text = Array(written(session).utf8)
    var readable = 0
    for _ in 0..<1000 {
      var damaged = text
      for _ in 0...random.next(below: 3) {
        let place = random.next(below: damaged.count)
        switch random.next(below: 3) {
        case 0: damaged[place] = UInt8(random.next(below: 256))
        case 1: damaged[place] = UInt8(ascii: "0") + UInt8(random.next(below: 10))
        default: damaged[place] = damaged[random.next(below: damaged.count)]
        }
      }
      if let session = try? damaged.withUnsafeBytes({ try Session.inFile($0) }) {
        _ = session.contents
        _ = try session.written().read()
        readable += 1
      }
    }
    #expect(readable > 100)
  }

  @Test func aStackMayBeDeep() throws {
    let frames = (0..<20_000).map { #""f\u0000g\u0000\#($0)""# }.joined(separator: ",")
    let session = try read(file("[[\(frames)], 1], [[\(frames)], 2]"))
    #expect(session.stacks.path(of: session.threads[0].samples[1].stack).count == 20_000)
    #expect(try read(written(session)).stacks.count == 20_001)
  }
}
