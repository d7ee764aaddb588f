import Glibc
import Testing

@testable import Sampling

/// Every way of reading gives the same, and none touches a file that isn't ours.
@Suite struct ProcessMemoryTests {
  /// A way of reading, as a test calls it.
  final class Way: CustomStringConvertible {
    let description: String
    private var pipe = MemoryPipe()
    private var file = MemoryFile()
    private let memory = ProcessMemory()

    init(_ description: String) { self.description = description }

    deinit {
      pipe.close()
      file.close()
    }

    /// Copies the ranges one behind the other; gives what was copied.
    func read(_ ranges: [(address: UInt, length: Int)]) -> [UInt8] {
      let total = ranges.reduce(0) { $0 + $1.length }
      var bytes = [UInt8](repeating: 0, count: total)
      let sources = ranges.map {
        iovec(iov_base: UnsafeMutableRawPointer(bitPattern: $0.address), iov_len: $0.length)
      }
      let copied = bytes.withUnsafeMutableBytes { buffer in
        var offset = 0
        let destinations = ranges.map { range in
          defer { offset += range.length }
          return iovec(iov_base: buffer.baseAddress?.advanced(by: offset), iov_len: range.length)
        }
        switch description {
        case "pipe": return pipe.read(sources, into: destinations, count: ranges.count)
        case "file": return file.read(sources, into: destinations, count: ranges.count)
        default: return memory.read(sources, into: destinations, count: ranges.count)
        }
      }
      return Array(bytes.prefix(max(0, copied)))
    }
  }

  /// Pages of this process, whose bytes count up.
  final class Pages {
    static let size = 4096
    let start: UInt
    let count: Int

    init(_ count: Int) {
      self.count = count
      let pages = mmap(
        nil, count * Self.size, PROT_READ | PROT_WRITE, Int32(MAP_PRIVATE) | Int32(MAP_ANONYMOUS), -1, 0)
      start = UInt(bitPattern: pages)
      for index in 0..<count * Self.size {
        pages?.storeBytes(of: UInt8(truncatingIfNeeded: index / 7), toByteOffset: index, as: UInt8.self)
      }
    }

    deinit { munmap(UnsafeMutableRawPointer(bitPattern: start), count * Self.size) }

    func address(_ offset: Int) -> UInt { start + UInt(offset) }
    func bytes(_ offset: Int, _ length: Int) -> [UInt8] {
      (offset..<offset + length).map { UInt8(truncatingIfNeeded: $0 / 7) }
    }
    func unmap(_ page: Int) {
      munmap(UnsafeMutableRawPointer(bitPattern: address(page * Self.size)), Self.size)
    }
  }

  @Test(arguments: ["call", "pipe", "file"])
  func rangesAreCopiedInOrder(_ name: String) {
    let (way, pages) = (Way(name), Pages(4))
    let read = way.read([(pages.address(5000), 100), (pages.address(0), 1), (pages.address(4090), 20)])
    #expect(read == pages.bytes(5000, 100) + pages.bytes(0, 1) + pages.bytes(4090, 20))
    #expect(way.read([]) == [])
  }

  @Test(arguments: ["call", "pipe", "file"])
  func aThousandRangesAndMoreThanAPipeTakes(_ name: String) {
    let (way, pages) = (Way(name), Pages(100))
    let ranges = (0..<1000).map { (pages.address($0 * 300), 200) }
    #expect(way.read(ranges) == (0..<1000).flatMap { pages.bytes($0 * 300, 200) })
    let size = pages.count * Pages.size
    #expect(
      way.read([(pages.address(0), 10), (pages.address(0), size), (pages.address(7), 70_000)])
        == pages.bytes(0, 10) + pages.bytes(0, size) + pages.bytes(7, 70_000))
  }

  @Test(arguments: ["call", "pipe", "file"])
  func readingEndsBeforeWhatHasGone(_ name: String) {
    let (way, pages) = (Way(name), Pages(40))
    pages.unmap(20)
    let gone = pages.address(20 * Pages.size)
    for _ in 0..<20 {
      let read = way.read([(pages.address(0), 100), (gone - 50, 100), (pages.address(0), 30)])
      #expect(read.count >= 100 && read.count <= 150)
      #expect(read.prefix(100).elementsEqual(pages.bytes(0, 100)))
      #expect(way.read([(gone, 8)]) == [])
      #expect(way.read([(8, 8)]) == [])
      #expect(way.read([(UInt.max - 100, 8)]) == [])
      // The failure leaves nothing behind.
      #expect(way.read([(pages.address(9), 40)]) == pages.bytes(9, 40))
      #expect(way.read([(pages.address(0), 19 * Pages.size)]) == pages.bytes(0, 19 * Pages.size))
    }
  }

  @Test func aDescriptorThatWasReplacedIsLeftAlone() {
    let owned = OwnedDescriptor(adopting: open("/dev/null", O_RDONLY | O_CLOEXEC))
    #expect(owned.isOurs)
    #expect(fcntl(owned.number, F_GETFD, 0) == FD_CLOEXEC)
    let number = owned.number
    let other = open("/dev/zero", O_RDONLY | O_CLOEXEC)
    #expect(dup2(other, number) == number)
    #expect(!owned.isOurs)
    owned.release()
    #expect(fcntl(number, F_GETFD, 0) >= 0, "it is the other's")
    close(number)
    close(other)
  }

  @Test func aDescriptorThatWasClosedIsNoneOfOurs() {
    let owned = OwnedDescriptor(adopting: open("/dev/null", O_RDONLY | O_CLOEXEC))
    close(owned.number)
    #expect(!owned.isOurs)
    #expect(!OwnedDescriptor(adopting: -1).isOurs)
    #expect(!OwnedDescriptor.none.isOurs)
  }

  /// What a thread of its own gives.
  private func onAThread(
    _ body: @escaping @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?
  ) -> Int {
    var thread = pthread_t()
    guard pthread_create(&thread, nil, body, nil) == 0 else { return -1 }
    var result: UnsafeMutableRawPointer?
    pthread_join(thread, &result)
    return Int(bitPattern: result)
  }

  @Test func aThreadWithATableOfItsOwnSharesNoDescriptors() {
    let shared = open("/dev/null", O_RDONLY | O_CLOEXEC)
    #expect(fcntl(0, F_GETFD, 0) >= 0)
    let result = onAThread { _ in
      guard MemoryDescriptors.leaveProgramsTable() else { return UnsafeMutableRawPointer(bitPattern: 2) }
      defer { MemoryDescriptors.endThread() }
      let isEmpty = (0..<1024).allSatisfy { fcntl(Int32($0), F_GETFD, 0) < 0 }
      let lowest = open("/dev/null", O_RDONLY | O_CLOEXEC)
      return UnsafeMutableRawPointer(bitPattern: isEmpty && lowest == 0 ? 1 : 3)
    }
    // 2 where the system is too old for it.
    #expect(result == 1 || result == 2)
    #expect(MemoryDescriptors.own == nil)
    #expect(fcntl(0, F_GETFD, 0) >= 0)
    #expect(fcntl(shared, F_GETFD, 0) == FD_CLOEXEC)
    close(shared)
  }

  @Test func theUsualWayNeedsNoWords() {
    let memory = ProcessMemory()
    #expect(memory.refusal() == nil)
    #expect(memory.detail == "")
  }
}
