import TestSupport
import Testing

@testable import Profile

/// Whatever is in a file: it is read, or refused, and nothing traps.
struct DamagedSessionFileTests {
  /// What reading the file fails with.
  private func failure(_ file: SessionBytes) -> SessionFileError? {
    do {
      _ = try file.read().contents
      return nil
    } catch {
      return error as? SessionFileError
    }
  }

  private func valid() throws -> SessionBytes { try FullSession.make().written() }

  /// A minimal file, with columns for their values.
  private func file(
    functions: [UInt8] = [0], frames: [UInt8] = [0], parents: [UInt8] = [0, 0], tops: [UInt8] = [0, 0],
    flags: [UInt8] = [0], stacks: [UInt8] = [1], wall: [UInt8] = [64], startStack: Int = 0,
    timeUnit: String = "1",
    encoding: String = "varint"
  ) throws -> SessionBytes {
    var body: [UInt8] = []
    var columns: [String] = []
    func add(_ table: String, _ name: String, _ values: [UInt8], _ encoding: String = "varint") {
      // A value ends with a byte below 0x80.
      let count = encoding == "u8" ? values.count : values.count { $0 < 0x80 }
      columns.append(
        #"{"table":"\#(table)","name":"\#(name)","encoding":"\#(encoding)","count":\#(count),"#
          + #""offset":\#(body.count),"length":\#(values.count)}"#)
      body += values
    }
    for name in ["name", "qualname", "file"] { add("functions", name, functions) }
    add("functions", "firstLine", Array(repeating: 1, count: functions.count))
    add("frames", "function", frames)
    add("frames", "line", Array(repeating: 1, count: frames.count))
    add("frames", "className", Array(repeating: 0, count: frames.count))
    add("frames", "flags", flags, "u8")
    add("stacks", "parent", parents)
    add("stacks", "frame", tops)
    add("threads", "name", [0])
    add("threads", "identifier", [5])
    add("samples/0", "stack", stacks)
    add("samples/0", "wall", wall, encoding)
    return try SessionBytes(
      header: #"{"format":"spinetail","version":1,"timeUnit":\#(timeUnit),"startStack":\#(startStack),"#
        + #""strings":[""],"columns":[\#(columns.joined(separator: ","))]}"#, body: body)
  }

  @Test func theMinimalFileIsRead() throws {
    let session = try file().read()
    #expect(session.contents == [" 5 0", "|||1||1|0 64 0 0"])
    #expect(session.metadata.minInterval == 0.001)
    #expect(session.metadata.engine == "")
  }

  @Test func handlesAreChecked() throws {
    for damaged in [
      try file(functions: [1]), try file(frames: [1]), try file(parents: [0, 1]), try file(parents: [0, 2]),
      try file(tops: [0, 1]), try file(stacks: [2]), try file(startStack: 2), try file(parents: [], tops: []),
      try file(frames: [], flags: []),
    ] {
      guard case .damaged = failure(damaged) else {
        Issue.record("\(String(describing: failure(damaged)))")
        continue
      }
    }
    // The values of the empty stack mean nothing.
    #expect(failure(try file(parents: [9, 0], tops: [9, 0])) == nil)
  }

  @Test func nothingStandsOnASyntheticLeaf() throws {
    #expect(failure(try file(parents: [0, 0], flags: [2])) == nil)
    let damaged = try file(parents: [0, 0, 1], tops: [0, 0, 0], flags: [4])
    #expect(failure(damaged) == .damaged("a stack goes on above a wait"))
  }

  @Test func unknownBitsAreIgnored() throws {
    #expect(try file(flags: [0xF9]).read().contents.last == "|||1||1|1 64 0 0")
  }

  @Test func valuesHaveToFit() throws {
    let tooLong = Array(repeating: 0x80 as UInt8, count: 10) + [0]
    let tooLarge = Array(repeating: 0xFF as UInt8, count: 9) + [2]
    let unfinished: [UInt8] = [0x80]
    for wall in [tooLong, tooLarge, [64, 64], [64, 0x80], unfinished] {
      guard case .damaged = failure(try file(wall: wall)) else {
        Issue.record("\(wall)")
        continue
      }
    }
    // -2⁶³, which has no magnitude.
    let least = Array(repeating: 0xFF as UInt8, count: 9) + [1]
    guard case .damaged = failure(try file(wall: least, encoding: "zigzag-delta")) else {
      Issue.record("the least number")
      return
    }
  }

  @Test func timesCantOverflow() throws {
    // 2⁴¹ units.
    let wall: [UInt8] = [0x80, 0x80, 0x80, 0x80, 0x80, 0x40]
    #expect(failure(try file(wall: wall)) == nil)
    for unit in ["1000000000", "1000000000000"] {
      guard case .damaged = failure(try file(wall: wall, timeUnit: unit)) else {
        Issue.record("\(unit)")
        continue
      }
    }
    // Each fits, the sum doesn't.
    #expect(failure(try file(stacks: [1], wall: wall, timeUnit: "1000000")) == nil)
    #expect(
      failure(try file(stacks: [1, 1], wall: wall + wall, timeUnit: "1000000"))
        == .damaged("its times add up to too much"))
  }

  @Test(arguments: [
    ("\"version\": 1", "\"version\": 0"), ("\"version\": 1", "\"version\": \"1\""),
    ("\"timeUnit\": 1", "\"timeUnit\": 0"),
    ("\"timeUnit\": 1", "\"timeUnit\": 1e300"), ("\"timeUnit\": 1", "\"timeUnit\": -5"),
    ("\"duration\": 12.5", "\"duration\": NaN"),
    ("\"duration\": 12.5", "\"duration\": 1e999"), ("\"duration\": 12.5", "\"duration\": null"),
    ("\"startStack\": ", "\"startStack\": 9"), ("\"strings\": [\"\", ", "\"strings\": [\"x\", "),
    ("\"strings\": [", "\"strings\": 5, \"more\": ["), ("\"encoding\": \"varint\"", "\"encoding\": \"rle\""),
    ("\"length\"", "\"size\""), ("\"count\": ", "\"count\": 1"),
    ("\"offset\": ", "\"offset\": 9007199254740990"), ("\"beats\": 1", "\"beats\": -1"),
    ("\"sysPath\": [", "\"sysPath\": [1, "), ("\"samples/0\"", "\"samples/00\""),
    ("\"statistics\": {", "\"statistics\": [{"),
    ("\"name\": \"qualname\"", "\"name\": \"name\""), ("\"table\": \"functions\"", "\"table\": \"other\""),
  ])
  func aBadHeaderIsRefused(_ text: String, _ replacement: String) throws {
    let error = try #require(failure(try valid().replacing(text, with: replacement)))
    #expect(!error.description.contains("\n"))
    #expect(error != .truncated)
  }

  @Test func aNewerVersionIsToldFirst() throws {
    let error = failure(try valid().replacing("\"version\": 1", with: "\"version\": 12, \"timeUnit\": {}"))
    #expect(error == .newerVersion("12"))
    #expect(error?.description.contains("12") == true)
    #expect(error?.description.contains("update") == true)
  }

  @Test func whatIsUnknownIsIgnored() throws {
    let file = try valid().replacing(
      "\"columns\": [",
      with: #"""
        "future": {"a": [1, {}]}, "columns": [{"table": "functions", "name": "docstring", "encoding": "utf-9", "count": 5,
        "offset": 0, "length": 0, "more": null}, {"table": "lines", "name": "x", "encoding": "u8", "count": 0, "offset": 0,
        "length": 0},
        """#)
    #expect(try file.read().contents == FullSession.make().contents)
  }

  @Test func hugeCountsAskForNoMemory() throws {
    let end = try valid().parts().body.count
    for (count, length) in [(1 << 40, 1 << 40), (1 << 26, 1 << 26), (1 << 50, 0), (0, 1 << 29)] {
      let column =
        #""columns": [{"table": "x", "name": "y", "encoding": "u8", "count": \#(count), "offset": \#(end), "#
        + #""length": \#(length)}, "#
      #expect(failure(try valid().replacing("\"columns\": [", with: column)) != nil)
    }
    #expect(failure(try SessionBytes(unpacked: [0xFF, 0xFF, 0xFF, 0xFF])) != nil)
    #expect(failure(try SessionBytes(unpacked: [0xFF, 0xFF, 0xFF, 0x0F])) == .truncated)
  }

  @Test func overlappingColumnsAreRefused() throws {
    let column =
      #""columns": [{"table": "x", "name": "y", "encoding": "u8", "count": 1, "offset": 0, "length": 1}, "#
    let file = try valid().replacing("\"columns\": [", with: column)
    #expect(failure(file) == .damaged("its columns overlap"))
  }

  @Test func everyTruncationIsTold() throws {
    let file = try valid()
    for length in 0..<file.bytes.count {
      #expect(failure(SessionBytes(Array(file.bytes[..<length]))) != nil)
    }
    #expect(failure(SessionBytes(Array(file.bytes[..<(file.bytes.count / 2)]))) == .truncated)
    #expect(failure(SessionBytes(file.bytes + [0])) != nil)
    let content = try file.unpacked()
    #expect(failure(try SessionBytes(unpacked: Array(content.dropLast()))) == .truncated)
    #expect(failure(try SessionBytes(unpacked: content + [0])) != nil)
    #expect(failure(SessionBytes([])) == .truncated)
    #expect(failure(SessionBytes(Array("PK\u{3}\u{4}".utf8))) == .unknownFormat)
  }

  @Test func everyFlippedBitIsNoticed() throws {
    let file = try valid()
    let contents = try file.read().contents
    // The header of gzip has fields that nobody reads.
    for index in 10..<file.bytes.count {
      var damaged = file
      damaged.bytes[index] ^= 1 << UInt8(index % 8)
      // Nor does anything depend on the bits between the compressed data and the check sum.
      if let read = try? damaged.read() { #expect(read.contents == contents, "byte \(index)") }
    }
  }

  @Test func randomContentNeverTraps() throws {
    var random = RandomWalk(seed: 7)
    let session = random.session(samples: 40, syntheticLeaves: true)
    var readable = 0
    for content in [try valid().unpacked(), try session.written().unpacked()] {
      for _ in 0..<1500 {
        var damaged = content
        for _ in 0...random.next(below: 3) {
          let place = 4 + random.next(below: damaged.count - 4)
          switch random.next(below: 4) {
          case 0: damaged[place] = UInt8(random.next(below: 256))
          case 1: damaged[place] ^= 1 << UInt8(random.next(below: 8))
          case 2: damaged[place] = UInt8(ascii: "0") + UInt8(random.next(below: 10))
          default: damaged[place] = damaged[4 + random.next(below: damaged.count - 4)]
          }
        }
        let file = try SessionBytes(unpacked: damaged)
        do {
          let session = try file.read()
          // What is let through can be used.
          _ = session.contents
          _ = Session.combining(session, session).contents
          _ = session.resampled(interval: 5_000_000).contents
          _ = try session.written().read()
          readable += 1
        } catch {
          #expect(error is SessionFileError)
        }
      }
    }
    #expect(readable > 100)
  }
}
