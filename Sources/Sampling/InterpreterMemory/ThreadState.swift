/// Which thread a `PyThreadState` belongs to. All three together never come again in a process's life.
public struct ThreadIdentity: BitwiseCopyable, Hashable, Sendable {
  /// The address of the `PyThreadState`.
  public var address: UInt64
  /// `PyThreadState.thread_id`: the `pthread_t`, which is an address on Linux.
  public var thread: UInt64
  /// `PyThreadState.native_thread_id`: the kernel's number of the thread.
  public var nativeIdentifier: UInt64

  public init(address: UInt64, thread: UInt64, nativeIdentifier: UInt64) {
    self.address = address
    self.thread = thread
    self.nativeIdentifier = nativeIdentifier
  }
}

/// What a look takes from a `PyThreadState`.
struct ThreadState: BitwiseCopyable {
  var identity: ThreadIdentity
  /// The state of the thread that was made before this one; 0 for the first.
  var next: UInt64
  var interpreter: UInt64
  /// The current frame, or up to 3.12 the `_PyCFrame` that points to it.
  var frame: UInt64
  /// The mark that every stack ends at; 0 before 3.15.
  var baseFrame: UInt64
  /// Whether the thread has a trace function that doesn't show in the instructions (3.11).
  var isTraced: Bool
  var chunk: UInt64
  var chunkTop: UInt64

  init(_ bytes: UnsafeRawPointer, at address: UInt64, layout: Layout) {
    func word(_ offset: Int) -> UInt64 { bytes.load(fromByteOffset: offset, as: UInt64.self) }
    identity = ThreadIdentity(
      address: address, thread: word(layout.threadIdentifier),
      nativeIdentifier: word(layout.threadNativeIdentifier) & 0xFFFF_FFFF)
    next = word(layout.threadNext)
    interpreter = word(layout.threadInterpreter)
    frame = word(layout.threadFrame)
    baseFrame = layout.threadBaseFrame.map(word) ?? 0
    isTraced = layout.threadTraceFunction.map(word) ?? 0 != 0
    chunk = word(layout.threadDataStackChunk)
    chunkTop = word(layout.threadDataStackChunk + 8)
  }
}
