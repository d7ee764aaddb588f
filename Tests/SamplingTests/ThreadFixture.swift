import Profile
import TestSupport

@testable import Sampling

/// A thread of a made-up interpreter, ready to be read.
final class ThreadFixture {
  let image: InterpreterImage
  let thread: UnsafeMutablePointer<RecordedThread<RecordedMemory.Reader>>
  private var batch = ReadBatch()

  init(_ image: InterpreterImage, memory: RecordedMemory? = nil, own: OwnCode = OwnCode()) {
    self.image = image
    thread = .allocate(capacity: 1)
    thread.initialize(
      to: RecordedThread(
        image.identity, interpreter: image.interpreter, memory: (memory ?? image.memory).reader,
        sequences: RestartableSequences(offset: 256), threadName: "MainThread", interval: 1_000_000,
        own: own))
  }

  deinit {
    thread.pointee.releaseBuffers()
    thread.deinitialize(count: 1)
    thread.deallocate()
  }

  /// One look at a thread that stands still.
  func look() -> FrameChain.Fault? { thread.pointee.readAtRest(&batch) }

  /// The names on the stack that the last look gives, outermost first, with lines as `name:line`.
  var stack: [String] {
    let stack = thread.pointee.currentStack()
    return thread.pointee.recording.stacks.path(of: stack).map { id in
      let frame = thread.pointee.recording.frames[id]
      let function = thread.pointee.recording.functions[frame.function]
      let name = thread.pointee.recording.strings[function.name]
      return frame.line == 0 ? name : "\(name):\(frame.line)"
    }
  }
}
