import Testing

@testable import Sampling

/// Sets of CPUs.
@Suite struct SamplerWorkerTests {
  private func mask(of processor: Int32) -> [Int] {
    var bytes = [UInt8](repeating: 0xFF, count: SamplerCrew.processorLimit / 8)
    bytes.withUnsafeMutableBytes { SamplerWorker.write(mask: $0, of: processor) }
    return bytes.indices.flatMap { byte in (0..<8).filter { bytes[byte] >> $0 & 1 == 1 }.map { byte * 8 + $0 }
    }
  }

  @Test(arguments: [0, 1, 7, 8, 63, 64, 65, 1023, 1024, 5000, 8191] as [Int32])
  func aMaskHoldsOneProcessor(_ processor: Int32) { #expect(mask(of: processor) == [Int(processor)]) }

  @Test(arguments: [-1, 8192, Int32.max]) func aProcessorThatCannotBeHasNoMask(_ processor: Int32) {
    #expect(mask(of: processor) == [])
  }
}
