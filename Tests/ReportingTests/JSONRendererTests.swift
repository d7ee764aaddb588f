import Profile
import TestSupport
import Testing

@testable import Reporting

struct JSONRendererTests {
  private func report(_ session: Session, timeline: Bool = false) -> String {
    let trees = CallTree.ofThreads(
      in: session, merging: timeline ? .consecutiveCalls : .repeatedCalls, processors: Processor.standard())
    return String(decoding: JSONRenderer().report(session, trees: trees), as: UTF8.self)
  }

  /// The root's object.
  private func root(_ session: Session) -> String {
    let report = report(session)
    guard let start = report.firstRange(of: "\"root_frame\": ") else { return "no root" }
    return String(report[start.upperBound...].dropLast(2))
  }

  @Test func allFieldsOfASession() {
    var metadata = SessionMetadata()
    metadata.startTime = 1_795_517_785.176086
    metadata.duration = 0.25
    metadata.cpuTime = 1.0 / 3
    metadata.targetDescription = "Program: \"a\" \\ é\n\u{1}"
    metadata.sysPath = ["/app"]
    let session = ProfileBuilder.session(
      [("main;A.go", 3.ms), ("main;nap;[await]", 2.ms), ("main;sum@<built-in>", 1.ms)], startStack: "main",
      metadata: metadata)
    #expect(
      report(session) == #"""
        {"start_time": 1795517785.176086,"duration": 0.250000,"sample_count": 3,"target_description": "Program: \"a\" \\ é\n\u0001","cpu_time": 0.333333,"root_frame": {"function": "main","file_path_short": "program.py","file_path": "/app/program.py","line_no": 1,"time": 0.006000,"await_time": 0.002000,"is_application_code": true,"children": [{"function": "go","file_path_short": "program.py","file_path": "/app/program.py","line_no": 1,"time": 0.003000,"await_time": 0.000000,"is_application_code": true,"class_name": "A","children": []},{"function": "nap","file_path_short": "program.py","file_path": "/app/program.py","line_no": 1,"time": 0.002000,"await_time": 0.002000,"is_application_code": true,"children": [{"function": "[await]","file_path_short": "program.py","file_path": "","line_no": 0,"time": 0.002000,"await_time": 0.002000,"is_application_code": false,"children": []}]},{"function": "sum","file_path_short": "<built-in>","file_path": "<built-in>","line_no": 0,"time": 0.001000,"await_time": 0.000000,"is_application_code": false,"children": []}]}}

        """#)
  }

  @Test func anEmptySessionHasNoRoot() {
    #expect(report(ProfileBuilder.session([])).hasSuffix(",\"root_frame\": null}\n"))
  }

  @Test func threadsStandUnderARoot() {
    var profile = ProfileBuilder()
    profile.add("main", 10.ms)
    profile.begin(thread: "Worker", identifier: 77)
    profile.add("job", 20.ms)
    // So little that it would be left out of a tree of all threads.
    profile.begin(thread: "Short", identifier: 78)
    profile.add("job", 10_000)
    let text = root(profile.session())
    #expect(
      text.hasPrefix(
        #"{"function": "[root]","file_path_short": "","file_path": "","line_no": 0,"time": 0.030010,"#))
    #expect(
      text.contains(
        #"{"function": "Worker","file_path_short": "<thread>","file_path": "<thread>","line_no": 77,"#))
    #expect(text.contains(#""line_no": 78,"time": 0.000010,"#))
  }

  @Test func groupsAreNumbered() {
    var metadata = SessionMetadata()
    metadata.sysPrefixes = ["/usr"]
    let library = "/usr/lib/python3.11/json/__init__.py"
    let text = root(
      ProfileBuilder.session(
        [("main;loads;decode;scan", 5.ms), ("main;x", 1.ms)], startStack: "main",
        files: ["loads": library, "decode": library, "scan": library], metadata: metadata))
    #expect(text.count(of: #","group_id": "0""#) == 3)
  }

  @Test(arguments: [
    (0.0, "0.000000"), (1.5, "1.500000"), (-1.5, "-1.500000"), (-0.25, "-0.250000"), (0.9999999, "1.000000"),
    (-0.9999999, "-1.000000"), (-2.0, "-2.000000"), (Double.nan, "0.000000"), (Double.infinity, "0.000000"),
    (1e300, "0.000000"), (0.000001, "0.000001"), (1e-9, "0.000000"), (-1e-9, "0.000000"),
  ])
  func numbers(number: Double, text: String) {
    var buffer = TextBuffer()
    buffer.append(jsonNumber: number)
    #expect(buffer.text == text)
  }

  @Test func stringsOfAllKinds() {
    func json(_ bytes: [UInt8]) -> String {
      var buffer = TextBuffer()
      bytes.withUnsafeBufferPointer { buffer.append(json: $0) }
      return buffer.text
    }
    #expect(json(Array("漢字 שלום 🐦 </script>\u{7F}".utf8)) == "\"漢字 שלום 🐦 </script>\u{7F}\"")
    #expect(json([0, 1, 0x1F, 9, 10, 13, 0x22, 0x5C]) == #""\u0000\u0001\u001f\t\n\r\"\\""#)
    #expect(json([0x61, 0xED, 0xB2, 0x80, 0x62]) == #""a\udc80b""#)
    // Bytes that no encoding of a character holds: alone, cut off, too long, out of range.
    #expect(json([0x80]) == "\"\u{FFFD}\"")
    #expect(json([0xE2, 0x82]) == "\"\u{FFFD}\u{FFFD}\"")
    #expect(json([0xC0, 0xAF]) == "\"\u{FFFD}\u{FFFD}\"")
    #expect(json([0xED, 0xB2]) == "\"\u{FFFD}\u{FFFD}\"")
    #expect(json([0xF4, 0x90, 0x80, 0x80]) == "\"\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\"")
    #expect(json([0xF0, 0x9F, 0x90, 0xA6]) == "\"🐦\"")
  }
}

extension String {
  /// How often `part` is in the text.
  fileprivate func count(of part: String) -> Int { ranges(of: part).count }
}
