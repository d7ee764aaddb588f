/// The caches that no recording uses just now: what one recording has learned of the program's code, the next need not
/// read again. Everything here is guarded by the GIL.
enum CodeCachePool {
  /// As many as recordings may well run at once, in a server's threads.
  private static let limit = 4
  /// Larger caches aren't kept, so that a program that makes code without end doesn't pay for it for ever.
  private static let largestSize = 4000

  // Unsafe as the compiler sees it: guarded by the GIL.
  private nonisolated(unsafe) static var idle: [UnsafeMutablePointer<CodeCache>] = []

  /// A cache for a new recording, to be given back.
  static func take(_ interpreter: InterpreterAddresses, own: OwnCode) -> UnsafeMutablePointer<CodeCache> {
    if let index = idle.lastIndex(where: { $0.pointee.serves(interpreter, own: own) }) {
      let cache = idle.remove(at: index)
      cache.pointee.beginRecording()
      return cache
    }
    let cache = UnsafeMutablePointer<CodeCache>.allocate(capacity: 1)
    cache.initialize(to: CodeCache(interpreter: interpreter, own: own))
    return cache
  }

  /// Takes back what `take` gave.
  static func giveBack(_ cache: UnsafeMutablePointer<CodeCache>) {
    guard cache.pointee.size <= largestSize else { return free(cache) }
    idle.append(cache)
    if idle.count > limit { free(idle.removeFirst()) }
  }

  private static func free(_ cache: UnsafeMutablePointer<CodeCache>) {
    cache.deinitialize(count: 1)
    cache.deallocate()
  }
}
