import Profile
import TestSupport
import Testing

@testable import Reporting

/// Sums over the calls of functions.
struct FunctionTotalsTests {
  private func totals(_ samples: [(String, Int64)]) -> (FunctionTotals, (Int) -> String) {
    let tree = CallTree(ProfileBuilder.session(samples, startStack: "main"), merging: .repeatedCalls)
    let totals = FunctionTotals(tree)
    return (totals, { tree.name(of: totals.rows[$0].example) })
  }

  @Test func callersTotalsUnderRecursion() {
    let (totals, name) = totals([
      ("main;fib;fib;fib", 10.ms), ("main;fib;fib", 20.ms), ("main;fib;even;fib;even", 5.ms),
      ("main;other;fib", 2.ms),
    ])
    var calls: [String: [Int64]] = [:]
    for call in totals.calls {
      calls["\(name(call.caller)) \(name(call.callee))"] = [call.ownTime / 1.ms, call.totalTime / 1.ms]
    }
    #expect(
      calls == [
        "main fib": [0, 35], "fib fib": [30, 30], "fib even": [5, 5], "even fib": [0, 5],
        "main other": [0, 2],
        "other fib": [2, 2],
      ])
    let own = totals.rows.reduce(0) { $0 + $1.ownTime }
    #expect(own == 37.ms)
  }

  /// What each number must be, straight from the samples.
  @Test func totalsAgreeWithTheSamples() {
    for seed in 1...20 as ClosedRange<UInt64> {
      var random = RandomWalk(seed: seed)
      let session = random.session(samples: 150, depth: 6, functions: 4, syntheticLeaves: true)
      let tree = CallTree(session, merging: .repeatedCalls)
      let totals = FunctionTotals(tree)
      var own: [FunctionID: Int64] = [:]
      var total: [FunctionID: Int64] = [:]
      var edges: [[FunctionID]: Int64] = [:]
      for row in 0..<session.threads[0].samples.count {
        let sample = session.threads[0].samples[row]
        let path = session.stacks.path(of: sample.stack).map { session.frames[$0] }
          .filter { $0.syntheticLeaf == nil }.map { $0.function }
        for function in Set(path) { total[function, default: 0] += sample.wallTime }
        for edge in Set(zip(path, path.dropFirst()).map { [$0, $1] }) {
          edges[edge, default: 0] += sample.wallTime
        }
        if let last = path.last { own[last, default: 0] += sample.wallTime }
      }
      func function(_ row: Int) -> FunctionID? { tree.identity(of: totals.rows[row].example).function }
      for row in totals.rows.indices {
        guard let function = function(row) else { continue }
        #expect(totals.rows[row].ownTime == own[function] ?? 0)
        #expect(totals.rows[row].totalTime == total[function])
      }
      for call in totals.calls {
        guard let caller = function(call.caller), let callee = function(call.callee) else { continue }
        #expect(call.totalTime == edges[[caller, callee]])
      }
    }
  }
}
