import TestSupport
import Testing

@testable import Profile

struct SessionFileTests {
  @Test func everythingComesBack() throws {
    let session = FullSession.make()
    let read = try session.written().read()
    #expect(read.contents == session.contents)
    #expect(read.startStackText == session.startStackText)
    let (a, b) = (read.metadata, session.metadata)
    #expect(a.startTime == b.startTime)
    #expect(a.duration == b.duration)
    #expect(a.cpuTime == b.cpuTime)
    #expect(a.minInterval == b.minInterval)
    #expect(a.maxInterval == b.maxInterval)
    #expect(a.targetDescription == b.targetDescription)
    #expect(a.commandLine == b.commandLine)
    #expect(a.engine == b.engine)
    #expect(a.engineReason == b.engineReason)
    #expect(a.engineDetail == b.engineDetail)
    #expect(a.notes == b.notes)
    #expect(a.pythonVersion == b.pythonVersion)
    #expect(a.sysPath == b.sysPath)
    #expect(a.sysPrefixes == b.sysPrefixes)
    #expect(a.subinterpreterCount == b.subinterpreterCount)
    #expect(a.sampleCount == b.sampleCount)
    #expect(read.sampleCount == 77)
    #expect(read.statistics == session.statistics)
  }

  @Test func theSameSessionGivesTheSameBytes() throws {
    let bytes = try FullSession.make().written().bytes
    #expect(try FullSession.make().written().bytes == bytes)
    #expect(try SessionBytes(bytes).read().written().bytes.count <= bytes.count + 8)
  }

  @Test func sourcesStandInTheHeaderForOthers() throws {
    let session = FullSession.make()
    let sources = [
      SourceText(path: Array("/a\"\u{202E}.py".utf8), text: Array("x = '</script>'\n".utf8)),
      SourceText(path: [0xED, 0xB2, 0x80], text: []),
    ]
    let bytes = try SessionFile.bytes(of: session, sources: sources).withElements { Array($0) }
    let header = try SessionBytes(bytes).parts().header
    #expect(header.hasSuffix(#""sources": {"/a\"\u202e.py": "x = '</script>'\u000a", "\udc80": ""}}"#))
    #expect(try SessionBytes(bytes).read().contents == session.contents)
  }

  @Test func filesOfStacksWithSamples() {
    var profile = ProfileBuilder()
    profile.startStack = "main@/main.py:3;begin@/unused.py:1"
    profile.add("main@/main.py:3;work@/used.py:1;list.append@<built-in>", 1.ms)
    profile.add("main@/main.py:3;other@/main.py:7;[await]", 1.ms)
    let session = profile.session()
    #expect(session.filesWithSamples.map { session.strings[$0] } == ["/main.py", "/used.py"])
  }

  @Test func anEmptySessionIsASession() throws {
    let session = Session(Recording(), threads: [], metadata: SessionMetadata())
    let read = try session.written().read()
    #expect(read.sampleCount == 0)
    #expect(read.stacks.count == 1)
    // Whoever shows a session may ask for its first thread.
    #expect(read.threads.map(\.name) == [""])
  }

  @Test func aStackMayBeDeep() throws {
    var recording = Recording()
    let thread = ThreadSamples(name: "t", identifier: 3)
    var stack = StackID.empty
    let name = recording.intern("f")
    for line in 0..<20_000 {
      let function = recording.intern(
        Function(name: name, qualifiedName: name, file: .empty, firstLine: UInt32(line)))
      stack = recording.intern(parent: stack, frame: recording.intern(Frame(function: function, line: 0)))
    }
    thread.append(Sample(stack: stack, wallTime: 1_000_000))
    let session = Session(recording, threads: [thread], metadata: SessionMetadata())
    let read = try session.written().read()
    #expect(read.stacks.path(of: read.threads[0].samples[0].stack).count == 20_000)
  }

  @Test func namesOfAnyKindComeBack() throws {
    let names: [[UInt8]] = [
      Array("a\0b\u{1}\"\\</script>".utf8), Array("\u{202E}עברית".utf8), [0xED, 0xB2, 0x80], [],
      Array(repeating: UInt8(ascii: "n"), count: 10_000),
    ]
    var recording = Recording()
    for name in names {
      let id = name.withUnsafeBufferPointer { recording.intern($0) }
      _ = recording.intern(Function(name: id, qualifiedName: id, file: id, firstLine: .max))
    }
    let session = Session(recording, threads: [], metadata: SessionMetadata())
    let read = try session.written().read()
    let found = (0..<names.count).map { row in
      read.strings.withBytes(read.functions[FunctionID(index: row)].name) { Array($0) }
    }
    #expect(found == names)
  }

  @Test func timesAreWholeUnitsAndTheirSumsExact() throws {
    var profile = ProfileBuilder()
    for number in 0..<5000 { profile.add("a", 1_003_337, cpu: number % 3 == 0 ? 0 : 700_001) }
    let session = profile.session()
    let thread = try session.written().read().threads[0]
    let unit: Int64 = 15_625
    for row in 0..<thread.samples.count {
      let sample = thread.samples[row]
      #expect(sample.wallTime % unit == 0)
      #expect(sample.cpuTime % unit == 0)
      #expect(abs(sample.wallTime - 1_003_337) < unit)
      #expect(row % 3 != 0 || sample.cpuTime == 0)
    }
    #expect(abs(thread.totalWallTime - session.threads[0].totalWallTime) <= unit / 2)
    #expect(abs(thread.totalCPUTime - session.threads[0].totalCPUTime) <= unit / 2)
  }

  @Test func savingAgainChangesNoTime() throws {
    var profile = ProfileBuilder()
    for number in 0..<100 { profile.add("a", Int64(1_000_000 + number * 777), cpu: Int64(number * 555)) }
    let once = try profile.session().written().read()
    let twice = try once.written().read()
    #expect(twice.contents == once.contents)
  }

  @Test func importedTimesKeepTheirNanoseconds() throws {
    var metadata = SessionMetadata()
    metadata.timeUnit = 1
    let session = ProfileBuilder.session([("a", 1_234_567), ("b", 1)], metadata: metadata)
    #expect(try session.written().read().contents == session.contents)
  }

  @Test func timesMayGoBackwards() throws {
    var metadata = SessionMetadata()
    metadata.timeUnit = 1
    let session = ProfileBuilder.session([("a", 5), ("b", -7), ("a", 3)], metadata: metadata)
    #expect(try session.written().read().contents == session.contents)
  }

  @Test func threadIdentifiersHaveAllBits() throws {
    let threads = [0, 1, UInt64.max, 1 << 63].map { ThreadSamples(name: "t", identifier: $0) }
    let session = Session(Recording(), threads: threads, metadata: SessionMetadata())
    #expect(try session.written().read().threads.map(\.identifier) == threads.map(\.identifier))
  }
}
