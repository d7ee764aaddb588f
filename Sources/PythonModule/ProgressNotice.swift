import CPythonABI
import Glibc
import Sampling

/// A line for whoever waits at a terminal, written once a delay is over and erased at the end.
///
/// It has a thread of its own: what it tells of may hold the GIL all the while.
final class ProgressNotice {
  private static let stackSize = 64 << 10

  /// What the thread works on, in memory that stays until the thread has been joined.
  private struct Work: BitwiseCopyable {
    let descriptor: Int32
    /// On the monotonic clock, in nanoseconds.
    let deadline: Int64
    let text: UnsafeMutableRawBufferPointer
    /// A futex.
    var stopWord: Int32 = 0
  }

  private let work: UnsafeMutablePointer<Work>
  private var thread: pthread_t?

  /// Starts to wait for `delay` nanoseconds. Where the system gives no thread, nothing will be written.
  init(_ text: String, descriptor: Int32, delay: Int64) {
    let bytes = Array(text.utf8)
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    copy.copyBytes(from: bytes)
    let (deadline, isTooLate) = monotonicNow().addingReportingOverflow(max(delay, 0))
    work = .allocate(capacity: 1)
    work.initialize(
      to: Work(descriptor: descriptor, deadline: isTooLate ? .max : deadline, text: copy))
    thread = Self.startThread(work)
  }

  deinit {
    end()
    work.pointee.text.deallocate()
    work.deallocate()
  }

  /// Erases the line if it stands there. Once this returns, the terminal is as it was.
  func end() {
    guard let thread else { return }
    self.thread = nil
    spinetail_store32(&work.pointee.stopWord, 1)
    spinetail_futex_wake(&work.pointee.stopWord)
    pthread_join(thread, nil)
  }

  private static func startThread(_ work: UnsafeMutablePointer<Work>) -> pthread_t? {
    var thread = pthread_t()
    let error = SamplerThread.start(&thread, stackSize: stackSize, context: work) { context in
      if let context { ProgressNotice.run(context.assumingMemoryBound(to: Work.self)) }
      return nil
    }
    return error == 0 ? thread : nil
  }

  private static func run(_ work: UnsafeMutablePointer<Work>) {
    while spinetail_load32(&work.pointee.stopWord) == 0, monotonicNow() < work.pointee.deadline {
      spinetail_futex_wait(&work.pointee.stopWord, 0, work.pointee.deadline)
    }
    guard spinetail_load32(&work.pointee.stopWord) == 0 else { return }
    write(UnsafeRawBufferPointer(work.pointee.text), to: work.pointee.descriptor)
    while spinetail_load32(&work.pointee.stopWord) == 0 {
      spinetail_futex_wait(&work.pointee.stopWord, 0, -1)
    }
    // To the line's start, and nothing from there on.
    Array("\r\u{1B}[K".utf8).withUnsafeBytes { write($0, to: work.pointee.descriptor) }
  }

  /// What can't be written is left out: it is a courtesy.
  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
    _ = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
  }
}
