import Profile
import Testing

/// The samples of a thread, as they are kept while it is recorded.
@Suite struct SampleColumnsTests {
  @Test func whatIsAppendedCanBeReadAndChanged() {
    var samples = SampleColumns()
    let count = 3 * SampleColumns.blockSize + 7
    for number in 0..<count {
      samples.append(
        Sample(
          stack: StackID(index: number), wallTime: Int64(number) &* 3, cpuTime: -Int64(number),
          state: SampleState(rawValue: UInt8(truncatingIfNeeded: number))))
    }
    #expect(samples.count == count)
    for number in stride(from: 0, to: count, by: 997) {
      #expect(samples[number].stack.index == number)
      #expect(samples[number].wallTime == Int64(number) * 3)
      #expect(samples[number].cpuTime == -Int64(number))
      #expect(samples[number].state.rawValue == UInt8(truncatingIfNeeded: number))
    }
    let last = SampleColumns.blockSize - 1
    samples[last].wallTime += 5
    #expect(samples[last].wallTime == Int64(last) * 3 + 5)
    #expect(samples[last + 1].wallTime == Int64(last + 1) * 3)
  }

  @Test(arguments: [1, 3, 511, 512, 513]) func afterCompactingMoreCanBeAppended(_ first: Int) {
    var samples = SampleColumns()
    func sample(_ number: Int) -> Sample {
      Sample(
        stack: StackID(index: number), wallTime: Int64(number) * 3, cpuTime: Int64(number) * 7,
        state: .heldGIL)
    }
    for number in 0..<first { samples.append(sample(number)) }
    samples.compact()
    #expect(samples.memorySize == 21 * first || first > SampleColumns.firstBlockSize)
    let count = first + SampleColumns.blockSize + 1000
    for number in first..<count { samples.append(sample(number)) }
    for number in 0..<count where samples[number] != sample(number) {
      Issue.record("sample \(number) is another")
      return
    }
  }

  /// One thread for an hour, once a millisecond.
  @Test func anHourTakesLessThanAHundredMegabytes() {
    var samples = SampleColumns()
    let count = 3_600_000
    for _ in 0..<count { samples.append(Sample(stack: .empty, wallTime: 1_000_000)) }
    #expect(samples.memorySize < 100_000_000)
    #expect(samples.memorySize <= 24 * count)
  }
}
