import Profile
import TestSupport
import Testing

@testable import Reporting

struct TextRendererTests {
  private let libraries = [
    "loads": "/usr/lib/python3.11/json/__init__.py", "decode": "/usr/lib/python3.11/json/decoder.py",
    "scan": "/usr/lib/python3.11/json/scanner.py", "sub": "/usr/lib/python3.11/re.py",
  ]

  private var metadata: SessionMetadata {
    var metadata = SessionMetadata()
    metadata.sysPath = ["/app", "/usr/lib/python3.11"]
    metadata.sysPrefixes = ["/usr"]
    metadata.targetDescription = "Program: program.py"
    return metadata
  }

  /// The report without the header.
  private func tree(_ renderer: TextRenderer, _ samples: [(String, Int64)]) -> String {
    let session = ProfileBuilder.session(samples, startStack: "main", files: libraries, metadata: metadata)
    return treePart(renderer.render(session, version: "1.0"))
  }

  private func treePart(_ report: String) -> String {
    let marker = "Program: program.py\n\n"
    guard let start = report.firstRange(of: marker) else { return "no header" }
    return String(report[start.upperBound...])
  }

  private let small: [(String, Int64)] = [
    ("main", 0), ("main;load;Parser.parse:7", 700.ms), ("main;load", 100.ms),
    ("main;show@<string>:0", 190.ms),
    ("main;rare", 5.ms), ("main", 5.ms),
  ]

  @Test func asciiTree() {
    #expect(
      tree(TextRenderer(), small) == """
        1.000 main  program.py:1
        |- 0.800 load  program.py:1
        |  |- 0.700 Parser.parse  program.py:7
        |  `- 0.100 [self]  program.py
        `- 0.190 show  <string>


        """)
  }

  @Test func unicodeTree() {
    #expect(
      tree(TextRenderer(unicode: true), small) == """
        1.000 main  program.py:1
        ├─ 0.800 load  program.py:1
        │  ├─ 0.700 Parser.parse  program.py:7
        │  └─ 0.100 [self]  program.py
        └─ 0.190 show  <string>


        """)
  }

  @Test func colouredTree() {
    let application = "\u{1B}[48;5;24m\u{1B}[38;5;15m"
    let end = "\u{1B}[0m"
    let faint = "\u{1B}[2m"
    #expect(
      tree(
        TextRenderer(color: true),
        [("main;loads", 500.ms), ("main;a", 300.ms), ("main;b", 150.ms), ("main;c", 50.ms)])
          == """
          \u{1B}[31m1.000\(end) \(application)main\(end)  \(faint)program.py:1\(end)
          |- \u{1B}[33m0.500\(end) loads\(end)  \(faint)json/__init__.py:1\(end)
          |- \u{1B}[33m0.300\(end) \(application)a\(end)  \(faint)program.py:1\(end)
          |- \u{1B}[32m0.150\(end) \(application)b\(end)  \(faint)program.py:1\(end)
          `- \u{1B}[92m\(faint)0.050\(end) \(application)c\(end)  \(faint)program.py:1\(end)


          """)
  }

  @Test func groupsShowRootExitsAndHeavyFrames() {
    // `decode` and `[self]` are left out; `scan` has more than a fifth of the time; `sub` calls the application.
    let samples: [(String, Int64)] = [
      ("main;loads;decode;scan", 300.ms), ("main;loads;decode", 20.ms),
      ("main;loads;decode;sub;hook", 100.ms),
      ("main;loads;decode;sub", 10.ms), ("main;other", 570.ms),
    ]
    #expect(
      tree(TextRenderer(), samples) == """
        1.000 main  program.py:1
        |- 0.570 other  program.py:1
        `- 0.430 loads  json/__init__.py:1
              [3 frames hidden]  json, re
                 0.300 scan  json/scanner.py:1
                 0.110 sub  re.py:1
                 `- 0.100 hook  program.py:1


        """)
  }

  @Test func aGroupThatHidesLittleIsShownInFull() {
    #expect(
      tree(TextRenderer(), [("main;loads;decode;sub;hook", 100.ms)]) == """
        0.100 main  program.py:1
        `- 0.100 loads  json/__init__.py:1
           `- 0.100 decode  json/decoder.py:1
              `- 0.100 sub  re.py:1
                 `- 0.100 hook  program.py:1


        """)
  }

  @Test func longListsOfLibrariesAreCut() {
    var profile = ProfileBuilder()
    profile.metadata = metadata
    profile.startStack = "main"
    let stack = (1...6).map { "f@/usr/lib/python3.11/library\($0)/m.py" }.joined(separator: ";")
    profile.add("main;\(stack);hook", 10.ms)
    #expect(
      treePart(TextRenderer().render(profile.session(), version: "1.0")) == """
        0.010 main  program.py:1
        `- 0.010 f  library1/m.py:1
              [4 frames hidden]  library2, library3, library4, library5
                 0.010 f  library6/m.py:1
                 `- 0.010 hook  program.py:1


        """)
  }

  @Test func showAllShowsAll() {
    let samples: [(String, Int64)] = [
      ("main;loads;decode;scan", 300.ms), ("main;rare", 1.ms), ("main;h!;x", 9.ms),
      ("main;boot@<frozen importlib._bootstrap>;x", 8.ms),
    ]
    #expect(
      tree(TextRenderer(showAll: true), samples) == """
        0.318 main  program.py:1
        |- 0.300 loads  json/__init__.py:1
        |  `- 0.300 decode  json/decoder.py:1
        |     `- 0.300 scan  json/scanner.py:1
        |- 0.009 h  program.py:1
        |  `- 0.009 x  program.py:1
        |- 0.008 boot  <frozen importlib._bootstrap>:1
        |  `- 0.008 x  program.py:1
        `- 0.001 rare  program.py:1


        """)
  }

  @Test func anEmptySessionSaysSo() {
    #expect(tree(TextRenderer(), []) == "No samples were recorded.\n\n")
  }

  @Test func aFirstSampleWithoutTimeIsNotSeen() {
    #expect(
      tree(TextRenderer(), [("main;start", 0), ("main;work", 3.ms)])
        == "0.003 main  program.py:1\n`- 0.003 work  program.py:1\n\n")
  }

  @Test func namesCanNotBreakTheReport() {
    #expect(
      tree(TextRenderer(), [("main;a\nb@/app/\u{1B}[2J.py;漢字@/app/שלום.py", 10.ms)]) == #"""
        0.010 main  program.py:1
        `- 0.010 a\x0ab  \x1b[2J.py:1
           `- 0.010 漢字  שלום.py:1


        """#)
  }

  @Test func header() {
    var metadata = metadata
    metadata.duration = 1.2345
    metadata.cpuTime = 0.5
    metadata.targetDescription = "Program: a\u{7}b"
    let report = TextRenderer().render(
      ProfileBuilder.session([("main", 1.ms), ("main", 1.ms)], metadata: metadata), version: "1.2.3")
    let lines = report.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.count == 10)
    #expect(lines[0] == "")
    let time = lines[1].dropFirst(36).prefix(18)
    #expect(time.hasPrefix("Recorded: ") && time.split(separator: ":").count == 4)
    #expect(lines[1].hasSuffix("  Samples:  2"))
    #expect(lines[2].dropFirst(36) == "Duration: 1.235     CPU time: 0.500")
    #expect(lines[3].dropFirst(36) == "Version:  1.2.3     Engine:   sampler")
    #expect(lines[4...6] == ["", #"Program: a\x07b"#, ""])
    #expect(lines[1...3].allSatisfy { $0.prefix(36).utf8.allSatisfy { (0x20...0x7E).contains($0) } })
  }

  @Test func oddNumbersInTheHeaderDoNoHarm() {
    var metadata = metadata
    for number in [Double.nan, .infinity, -.infinity, 1e300, -1] {
      metadata.startTime = number
      metadata.duration = number
      metadata.cpuTime = number
      metadata.maxInterval = number
      let report = TextRenderer().render(ProfileBuilder.session([], metadata: metadata), version: "1")
      #expect(report.contains("Samples:  0"))
    }
  }

  @Test func aPoorViewIsNoted() {
    func note(
      beats: Int, followed: Int, nobody: Int, late: Int = 0, retried: Int = 0,
      reason: String = "The sampler couldn't get onto that core"
    ) -> Bool {
      var profile = ProfileBuilder()
      profile.statistics.beats = beats
      profile.statistics.followed = followed
      profile.statistics.nobody = nobody
      profile.statistics.late = late
      profile.statistics.retried = retried
      profile.statistics.unfollowed = 31
      profile.statistics.truncated = 9
      let report = TextRenderer().render(profile.session(), version: "1")
      return report.contains(
        "\n\nNote: \(followed + nobody) of \(beats) looks were made from the program's own core."
          + " Of the others, 31 were confirmed by a second look and 9 show only the outer frames."
          + " \(reason).\n\n")
    }
    #expect(note(beats: 1000, followed: 900, nobody: 60))
    #expect(
      note(
        beats: 1000, followed: 900, nobody: 60, late: 31, retried: 500,
        reason: "The processors were busy: 31 looks were due and came too late"))
    #expect(
      note(
        beats: 1000, followed: 900, nobody: 60, late: 30, retried: 31,
        reason: "The program didn't hold still: 31 attempts were repeated"))
    #expect(!note(beats: 1000, followed: 900, nobody: 70))
    #expect(!note(beats: 100, followed: 0, nobody: 0))
  }

  /// The notes in the header, with the empty lines around them.
  private func notes(_ metadata: SessionMetadata, beats: Int = 0) -> String {
    var profile = ProfileBuilder()
    profile.metadata = metadata
    profile.statistics.beats = beats
    profile.add("main", 1.ms)
    let report = TextRenderer().render(profile.session(), version: "1")
    guard let engine = report.firstRange(of: "Engine:   \(metadata.engine)\n"),
      let description = report.firstRange(of: "Program: program.py")
    else { return "no header" }
    return String(report[engine.upperBound..<description.lowerBound])
  }

  @Test func anotherEngineThanTheSamplerIsExplained() {
    var metadata = metadata
    #expect(notes(metadata) == "\n")
    metadata.engine = "setprofile"
    #expect(notes(metadata) == "\n")
    metadata.engineReason = "the interpreter is CPython 3.9"
    #expect(
      notes(metadata) == "\nNote: recorded by the setprofile engine: the interpreter is CPython 3.9.\n\n")
    // A sentence ends once, and a text from a file can't break the line.
    metadata.engineReason = "it can't\nread memory."
    #expect(notes(metadata) == "\nNote: recorded by the setprofile engine: it can't\\x0aread memory.\n\n")
  }

  @Test func notesFollowEachOther() {
    var metadata = metadata
    metadata.engine = "setprofile"
    metadata.engineReason = "timer_func was given"
    #expect(
      notes(metadata, beats: 1000) == """

        Note: recorded by the setprofile engine: timer_func was given.
        Note: 0 of 1000 looks were made from the program's own core. Of the others, 0 were confirmed by a second \
        look and 0 show only the outer frames. The sampler couldn't get onto that core.


        """)
  }

  @Test(arguments: [
    (0.001, 3), (0.002, 3), (0.01, 2), (0.1, 1), (0.5, 1), (1, 0), (60, 0), (0.0001, 4), (0.0005, 4), (0, 9),
    (-1, 9),
    (1e-12, 9), (Double.nan, 9), (Double.infinity, 0),
  ])
  func decimalsFollowTheInterval(interval: Double, expected: Int) {
    #expect(TimeFormat.decimals(interval: interval) == expected)
  }

  /// `python -m black` is a library by its place, and yet what the user wants to see.
  @Test func aProgramThatIsInstalledIsTheApplicationWhereNothingElseIs() {
    func tree(_ samples: [(String, Int64)]) -> String {
      treePart(TextRenderer().render(ProfileBuilder.session(samples, metadata: metadata), version: "1.0"))
    }
    let site = "/usr/lib/python3.11/site-packages"
    let main = "<module>@\(site)/tool/__main__.py"
    let work =
      "run@\(site)/tool/app.py;read@\(site)/tool/files.py;load@\(site)/yaml/load.py;scan@\(site)/yaml/scan.py"
    #expect(
      tree([("\(main);\(work)", 100.ms), ("\(main)", 1.ms)]) == """
        0.101 <module>  site-packages/tool/__main__.py:1
        `- 0.100 run  site-packages/tool/app.py:1
           `- 0.100 read  site-packages/tool/files.py:1
              `- 0.100 load  site-packages/yaml/load.py:1
                 `- 0.100 scan  site-packages/yaml/scan.py:1


        """)
    // The user's own code is below: then the tool is a library like others.
    let report = tree([("\(main);\(work);mine", 100.ms), ("\(main)", 1.ms)])
    #expect(report.contains("hidden") && !report.contains("read  "))
    // A module without a package is a program by itself.
    let single = tree([("<module>@\(site)/one.py;a@\(site)/one.py;b@\(site)/one.py;c@\(site)/two.py", 10.ms)])
    #expect(!single.contains("hidden"))
  }

  @Test func aThreadsFrameIsShownOnlyIfMuchHappenedOutsideOfItsCallee() {
    #expect(tree(TextRenderer(), [("", 3.ms), ("main", 197.ms)]) == "0.200 main  program.py:1\n\n")
    #expect(
      tree(TextRenderer(), [("", 20.ms), ("main", 180.ms)])
        == "0.200 MainThread  <thread>:1\n|- 0.180 main  program.py:1\n`- 0.020 [self]  <thread>\n\n")
  }

  @Test func theIntervalSetsTheDecimals() {
    var metadata = metadata
    metadata.maxInterval = 0.1
    let report = TextRenderer().render(
      ProfileBuilder.session([("a", 1250.ms)], metadata: metadata), version: "1")
    #expect(treePart(report) == "1.3 a  program.py:1\n\n")
  }

  @Test func partsOfTheTotal() {
    var renderer = TextRenderer(unicode: true)
    renderer.unit = .percentOfTotal
    #expect(
      tree(renderer, [("main;a", 2.ms), ("main;b", 1.ms)]) == """
        100.0% main  program.py:1
        ├─ 66.7% a  program.py:1
        └─ 33.3% b  program.py:1


        """)
  }

  @Test func aTimelineKeepsTheOrder() {
    var renderer = TextRenderer()
    renderer.timeline = true
    #expect(
      tree(
        renderer, [("main;a", 1.ms), ("main;b", 5.ms), ("main;a", 2.ms), ("main;a", 3.ms), ("main", 1.ms)])
          == """
          0.012 main  program.py:1
          |- 0.001 a  program.py:1
          |- 0.005 b  program.py:1
          |- 0.005 a  program.py:1
          `- 0.001 [self]  program.py


          """)
  }

  @Test func shortModeHasABannerInPlaceOfTheHeader() {
    var renderer = TextRenderer()
    renderer.short = true
    let session = ProfileBuilder.session([("main;a", 2.ms), ("main;b", 1.ms)], metadata: metadata)
    #expect(
      renderer.render(session, version: "1") == """

        spinetail ...........................................
        .
        .  Program: program.py
        .
        .  0.003 main  program.py:1
        .  |- 0.002 a  program.py:1
        .  `- 0.001 b  program.py:1
        .
        .....................................................


        """)
    #expect(
      renderer.render(ProfileBuilder.session([]), version: "1").contains("\n.  No samples were recorded.\n"))
  }

  @Test func loneSurrogatesAreShownAsEscapes() {
    var recording = Recording()
    let name: [UInt8] = Array("caf".utf8) + [0xED, 0xB3, 0xA9]
    let id = name.withUnsafeBufferPointer { recording.intern($0) }
    let function = recording.intern(Function(name: id, qualifiedName: id, file: id, firstLine: 1))
    let stack = recording.intern(parent: .empty, frame: recording.intern(Frame(function: function, line: 1)))
    let thread = ThreadSamples(name: "MainThread", identifier: 1)
    thread.append(Sample(stack: stack, wallTime: 1.ms))
    let session = Session(recording, threads: [thread], metadata: metadata)
    #expect(treePart(TextRenderer().render(session, version: "1")).hasPrefix(#"0.001 caf\udce9  caf"#))
  }

  @Test func notesOfTheSessionHaveLines() {
    var metadata = metadata
    metadata.notes = ["only the thread that called start() was recorded", "It ended\nearly."]
    #expect(
      notes(metadata)
        == "\nNote: only the thread that called start() was recorded.\nNote: It ended\\x0aearly.\n\n")
  }
}
