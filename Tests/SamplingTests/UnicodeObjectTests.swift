import TestSupport
import Testing

@testable import Sampling

@Suite struct UnicodeObjectTests {
  let image = InterpreterImage(.cpython312)

  private func read(_ address: UInt64) -> [UInt8]? {
    var reader = UnicodeObject(layout: image.layout)
    return reader.read(address, from: image.memory.reader) { Array($0) }
  }

  @Test func everyWidth() {
    #expect(read(image.string("plain")) == Array("plain".utf8))
    #expect(read(image.string("")) == [])
    #expect(read(image.string([0x63, 0xE9], kind: 1, isASCII: false)) == Array("cé".utf8))
    #expect(read(image.string([0x42, 0x04, 0x20, 0xAC], kind: 2, isASCII: false)) == Array("т갠".utf8))
    #expect(read(image.string([0x26, 0xF4, 0x01, 0x00], kind: 4, isASCII: false)) == Array("🐦".utf8))
  }

  @Test func loneSurrogatesKeepTheirThreeByteForm() {
    #expect(read(image.string([0x80, 0xDC], kind: 2, isASCII: false)) == [0xED, 0xB2, 0x80])
  }

  @Test func whatIsNoStringIsRefused() {
    #expect(read(0x9999_0000) == nil)
    #expect(read(0) == nil)
    #expect(read(image.string([1, 2, 3], kind: 3, isASCII: false)) == nil)
    #expect(read(image.string([0x61], kind: 1, isASCII: true, isCompact: false)) == nil)
  }

  @Test func absurdLengthsAreCut() {
    let address = image.string("abc")
    image.memory.store(UInt64(1) << 40, at: address + 16)
    #expect((read(address)?.count ?? 0) <= UnicodeObject.maxLength)
    image.memory.store(UInt64.max, at: address + 16)
    #expect(read(address) == nil)
  }
}
