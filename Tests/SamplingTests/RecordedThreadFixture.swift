import Glibc
import Profile
import TestSupport

@testable import Sampling

/// A thread in memory that was recorded or is another process's, ready to be read.
final class RecordedThreadFixture<M: Memory> {
  let words: [String: UInt64]
  let memory: M
  let interpreter: InterpreterAddresses
  private let recording: UnsafeMutablePointer<ProgramRecording<M>>
  private let cache: UnsafeMutablePointer<CodeCache>
  private var batch = ReadBatch()

  /// Nil if the interpreter isn't where the words say, or not laid out as its version is.
  init?(words: [String: UInt64], memory: M) {
    let minor = Int(words["minor"] ?? 0)
    let runtime = words["runtime"] ?? 0
    let threadState = words["threadState"] ?? 0
    var start = [UInt8](repeating: 0, count: DebugOffsets.size)
    guard memory.read(runtime, start.count, into: &start),
      let layout = start.withUnsafeBytes({ Layout.of(minor: minor, runtime: $0) }),
      case .found(let interpreter) = InterpreterAddresses.find(
        layout, objects: Self.objects(words), runtime: runtime, threadState: threadState, memory: memory),
      let thread = memory.word(threadState + UInt64(layout.threadIdentifier)),
      let native = memory.word(threadState + UInt64(layout.threadNativeIdentifier))
    else { return nil }
    self.words = words
    self.memory = memory
    self.interpreter = interpreter
    let identity = ThreadIdentity(
      address: threadState, thread: thread, nativeIdentifier: native & 0xFFFF_FFFF)
    cache = .allocate(capacity: 1)
    cache.initialize(to: CodeCache(interpreter: interpreter, own: OwnCode()))
    recording = .allocate(capacity: 1)
    recording.initialize(
      to: ProgramRecording(
        scope: .current, starter: identity, interpreter: interpreter, cache: cache, memory: memory,
        sequences: nil,
        interval: 1_000_000, own: OwnCode()))
  }

  deinit {
    recording.pointee.releaseBuffers()
    recording.deinitialize(count: 1)
    recording.deallocate()
    cache.deinitialize(count: 1)
    cache.deallocate()
  }

  private static func objects(_ words: [String: UInt64]) -> KnownObjects {
    func word(_ name: String) -> UInt64 { words[name] ?? 0 }
    return KnownObjects(
      codeType: word("codeType"), cellType: word("cellType"), builtInType: word("builtInType"),
      builtInMethodType: word("builtInMethodType"), methodDescriptorType: word("methodDescriptorType"),
      moduleType: word("moduleType"), none: word("none"))
  }

  func look() -> FrameChain.Fault? { recording.pointee.readAtRest(recording.pointee.starter, &batch) }

  /// The frames of the last look, outermost first, as `class.function:line@file`, with a `!` where a frame is hidden.
  var stack: [String] {
    let stack = recording.pointee.currentStack(recording.pointee.starter)
    return recording.pointee.recording.stacks.path(of: stack).map { id in
      let frame = recording.pointee.recording.frames[id]
      let function = recording.pointee.recording.functions[frame.function]
      let name = recording.pointee.recording.strings[function.name]
      let className = recording.pointee.recording.strings[frame.className]
      let file = recording.pointee.recording.strings[function.file]
      return (className.isEmpty ? "" : className + ".") + "\(name):\(frame.line)@\(file)"
        + (frame.flags.contains(.hidden) ? "!" : "")
    }
  }
}
