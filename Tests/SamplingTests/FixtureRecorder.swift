import Glibc
import TestSupport
import Testing

@testable import Sampling

/// Records the fixtures: `SPINETAIL_RECORD=/path/to/python3.12 swift test --filter FixtureRecorder`.
@Suite(.enabled(if: getenv("SPINETAIL_RECORD") != nil)) struct FixtureRecorder {
  /// What would tell of the machine that a fixture was made on. Names of files, that is, of folders.
  private static let traces = ["/root", "/home", "/usr", "/tmp", "/work", "/opt", "/var", "site-packages"]

  @Test func recordsOneInterpreter() throws {
    let python = try #require(getenv("SPINETAIL_RECORD").map { String(cString: $0) })
    let program = MemoryFixtureTests.folder + "/../FixtureProgram.py"
    // Run by a name of its own that tells nothing, with nothing of the environment.
    let pipe = try #require(popen("cd / && exec env -i '\(python)' -I -S - < '\(program)'", "r"))
    var line = [CChar](repeating: 0, count: 4096)
    try #require(fgets(&line, Int32(line.count), pipe) != nil)
    var words: [String: UInt64] = [:]
    for pair in String(cString: line).split(whereSeparator: \.isWhitespace) {
      let parts = pair.split(separator: "=")
      words[String(parts[0])] = UInt64(parts[1], radix: 16)
    }
    let process = pid_t(truncatingIfNeeded: try #require(words["process"]))
    words["process"] = nil
    defer {
      kill(process, SIGKILL)
      pclose(pipe)
    }
    let memory = ForeignMemory(process: process)
    for _ in 0..<200 {
      usleep(20_000)
      memory.forget()
      guard let fixture = RecordedThreadFixture(words: words, memory: memory.reader), fixture.look() == nil,
        fixture.stack.last?.hasPrefix("set.isdisjoint") == true
      else { continue }
      // What is compared again later, and what other tests ask for.
      for _ in 0..<20 { _ = fixture.look() }
      _ = fixture.interpreter.otherInterpreters(memory: fixture.memory)
      let segments = memory.segments
      for segment in segments {
        let text = String(decoding: segment.bytes, as: UTF8.self)
        for trace in Self.traces where text.contains(trace) {
          Issue.record("\(trace) at \(String(segment.start, radix: 16)): \(text)")
        }
      }
      let minor = words["minor"] ?? 0
      let path = "\(MemoryFixtureTests.folder)/cpython3.\(minor).memory"
      #expect(MemoryFixture(words: words, segments: segments).write(path: path))
      return
    }
    Issue.record("the program didn't get where it should")
  }
}
