import Testing

@testable import Reporting

struct PairIndexTests {
  @Test func remembersTheFirstNumberOfEachPair() {
    var index = PairIndex()
    for first in 0..<100 as Range<UInt32> {
      for second in 0..<100 as Range<UInt32> {
        #expect(index.value(of: first, second, orInsert: first * 100 + second) == first * 100 + second)
      }
    }
    for first in 0..<100 as Range<UInt32> {
      for second in 0..<100 as Range<UInt32> {
        #expect(index.value(of: first, second, orInsert: .max) == first * 100 + second)
      }
    }
    #expect(index.value(of: 0, .max, orInsert: 7) == 7)
    #expect(index.value(of: .max, 0, orInsert: 8) == 8)
  }
}
