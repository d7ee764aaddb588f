import Testing

@testable import Sampling

/// `/proc/self/task/<thread>/stat`.
@Suite struct ThreadStatusFileTests {
  private func parse(_ text: String) -> (state: UInt8, processor: Int32)? {
    Array(text.utf8).withUnsafeBytes { ThreadStatusFile.parse($0) }.map { ($0.state, $0.processor) }
  }

  private func line(name: String, state: String = "R", processor: String = "3") -> String {
    let numbers = (4...38).map { "\($0)" }.joined(separator: " ")
    return "4242 (\(name)) \(state) \(numbers) \(processor) 0 0\n"
  }

  @Test(arguments: ["python", "a b) R 1 (", "x) S 9 9 9", ""]) func aNameMayHoldAnything(_ name: String)
    throws
  {
    let content = try #require(parse(line(name: name)))
    #expect(content.state == UInt8(ascii: "R"))
    #expect(content.processor == 3)
  }

  @Test func processorsBeyond64() throws {
    #expect(try #require(parse(line(name: "p", processor: "1023"))).processor == 1023)
  }

  @Test(arguments: ["", ")", "1 (p)", "1 (p) R", "1 (p) R 1 2 3", "no parenthesis at all"])
  func aDamagedLineSaysNothing(_ text: String) { #expect(parse(text) == nil) }
}
