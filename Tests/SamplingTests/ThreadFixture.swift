import Profile
import TestSupport

@testable import Sampling

/// A recording of a made-up interpreter.
final class ThreadFixture {
  typealias Recording = ProgramRecording<RecordedMemory.Reader>

  let image: InterpreterImage
  let recording: UnsafeMutablePointer<Recording>
  private let cache: UnsafeMutablePointer<CodeCache>
  /// The recording before this one, whose cache this one goes on with.
  private let previous: ThreadFixture?
  private var batch = ReadBatch()

  init(
    _ image: InterpreterImage, memory: RecordedMemory? = nil, own: OwnCode = OwnCode(),
    scope: RecordedScope = .current, gil: GIL? = nil, countsCode: Bool = false,
    after previous: ThreadFixture? = nil
  ) {
    self.image = image
    recording = .allocate(capacity: 1)
    let interpreter = InterpreterAddresses(
      layout: image.layout, objects: InterpreterImage.objects,
      mainInterpreter: InterpreterImage.interpreterState, gil: gil, countsCode: countsCode)
    self.previous = previous
    if let previous {
      cache = previous.cache
      cache.pointee.beginRecording()
    } else {
      cache = .allocate(capacity: 1)
      cache.initialize(to: CodeCache(interpreter: interpreter, own: own))
    }
    recording.initialize(
      to: Recording(
        scope: scope, starter: image.identity, interpreter: interpreter, cache: cache,
        memory: (memory ?? image.memory).reader, sequences: RestartableSequences(offset: 256),
        interval: 1_000_000, own: own))
  }

  deinit {
    recording.pointee.releaseBuffers()
    recording.deinitialize(count: 1)
    recording.deallocate()
    guard previous == nil else { return }
    cache.deinitialize(count: 1)
    cache.deallocate()
  }

  var thread: Recording.ThreadPointer { recording.pointee.starter }

  /// One look at the starting thread, which stands still.
  func look() -> FrameChain.Fault? { recording.pointee.readAtRest(thread, &batch) }

  /// The names on the stack that the last look gives, outermost first, with lines as `name:line`.
  var stack: [String] { names(of: recording.pointee.currentStack(thread)) }

  /// The frames of the last look, outermost first, as `class.function`, with a `!` where a frame is hidden, and with the
  /// file for C functions.
  var details: [String] {
    let stack = recording.pointee.currentStack(thread)
    return recording.pointee.recording.stacks.path(of: stack).map { id in
      let frame = recording.pointee.recording.frames[id]
      let function = recording.pointee.recording.functions[frame.function]
      let className = recording.pointee.recording.strings[frame.className]
      let file = recording.pointee.recording.strings[function.file]
      return (className.isEmpty ? "" : className + ".") + recording.pointee.recording.strings[function.name]
        + (frame.flags.contains(.hidden) ? "!" : "") + (file.hasPrefix("<") ? "@" + file : "")
    }
  }

  /// The stacks of a thread's samples, the names joined by semicolons, and their times in nanoseconds.
  func samples(of image: InterpreterImage) -> [(stack: String, time: Int64, state: SampleState)] {
    var all: [Recording.ThreadPointer] = []
    for index in 0..<recording.pointee.threads.count { all.append(recording.pointee.threads[index]) }
    for index in 0..<recording.pointee.ended.count { all.append(recording.pointee.ended[index]) }
    guard let thread = all.first(where: { $0.pointee.isThread(of: image.identity) }) else { return [] }
    return (0..<thread.pointee.samples.count).map { row in
      let sample = thread.pointee.samples[row]
      return (names(of: sample.stack).joined(separator: ";"), sample.wallTime, sample.state)
    }
  }

  private func names(of stack: StackID) -> [String] {
    recording.pointee.recording.stacks.path(of: stack).map { id in
      let frame = recording.pointee.recording.frames[id]
      let function = recording.pointee.recording.functions[frame.function]
      let name = recording.pointee.recording.strings[function.name]
      return frame.line == 0 ? name : "\(name):\(frame.line)"
    }
  }
}
