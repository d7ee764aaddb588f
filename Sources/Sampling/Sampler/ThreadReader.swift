import Profile

/// What it takes to read a thread: copies of its memory, its frames, and the stack that they were last. Threads that have
/// ended leave theirs to those that begin.
struct ThreadReader: ~Copyable {
  /// The copy of the thread's `PyThreadState`.
  let head: UnsafeMutableRawPointer
  var copy = StackCopy()
  var chain = FrameChain()
  var recorder: StackRecorder

  init(layout: Layout, own: OwnCode) {
    head = .allocate(byteCount: layout.threadReadSize, alignment: 16)
    recorder = StackRecorder(own: own)
  }

  /// One on the heap, which the caller frees.
  static func make(layout: Layout, own: OwnCode) -> UnsafeMutablePointer<ThreadReader> {
    let reader = UnsafeMutablePointer<ThreadReader>.allocate(capacity: 1)
    reader.initialize(to: ThreadReader(layout: layout, own: own))
    return reader
  }

  deinit { head.deallocate() }

  /// Forgets the thread that was read.
  mutating func forget() {
    copy.forget()
    chain.forget()
    recorder.forget()
  }

  /// Follows the frames of the thread whose state was read.
  mutating func walk<M: Memory>(_ state: ThreadState, layout: Layout, knownRoot: UInt64, memory: M)
    -> FrameChain.Fault?
  {
    chain.walk(state, layout: layout, knownRoot: knownRoot, copy: &copy, memory: memory)
  }

  /// Looks up what the frames are.
  mutating func resolve<M: Memory>(
    layout: Layout, cache: inout CodeCache, checker: inout CodeChecker, memory: M
  ) -> FrameChain.Fault? {
    chain.resolve(
      layout: layout, cache: &cache, checker: &checker, copy: &copy, look: cache.look, memory: memory)
  }
}
