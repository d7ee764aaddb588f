import Glibc
import Testing

@testable import Sampling

/// Where the C library keeps a thread's CPU number.
@Suite struct RestartableSequencesTests {
  // As on ARM with glibc 2.36: the area lies in the data before the block that the thread pointer leads to.
  @Test func theAreaIsFoundFromThePthread() {
    let sequences = RestartableSequences(offset: -96, distance: 1856)
    #expect(sequences.processorAddress(ofThread: 0x10_0000) == 0x10_0000 + 1856 - 96 + 4)
  }

  @Test func theOwnAreaIsTheOneOfThisThread() throws {
    guard let sequences = RestartableSequences() else { return }
    let address = sequences.processorAddress(ofThread: UInt64(pthread_self()))
    let number = try #require(UnsafePointer<Int32>(bitPattern: UInt(address)))
    #expect(number.pointee >= 0 && number.pointee < SamplerCrew.processorLimit)
  }
}
