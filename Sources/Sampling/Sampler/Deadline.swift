import Glibc

/// When a recording's next beat is due: around every interval, jittered by a quarter of it against aliasing.
struct Deadline: BitwiseCopyable {
  /// Nanoseconds.
  let interval: Int64
  /// On the monotonic clock, in nanoseconds.
  private(set) var time: Int64
  private var random: UInt64

  init(interval: Int64, now: Int64) {
    self.interval = interval
    random = UInt64(bitPattern: now) | 1
    time = now
    _ = advance(now: now)
  }

  /// Moves on to the next beat that isn't past; gives how many were skipped because their time had passed.
  mutating func advance(now: Int64) -> Int {
    random ^= random << 13
    random ^= random >> 7
    random ^= random << 17
    time += interval - interval / 4 + Int64(random % UInt64(interval / 2 + 1))
    guard now > time else { return 0 }
    let skipped = (now - time) / interval
    if skipped > 0 { time += skipped * interval }
    return Int(skipped)
  }

  /// Takes over the time of another recording's next beat, if that has the same interval and is about one away: beats
  /// that are due together share one wake-up.
  mutating func join(_ other: Deadline, now: Int64) {
    guard other.interval == interval else { return }
    let wait = other.time - now
    if wait > interval / 2, wait <= interval + interval / 2 { time = other.time }
  }
}

/// The monotonic clock, in nanoseconds.
@inline(__always)
public func monotonicNow() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// The CPU time of the calling thread, in nanoseconds.
func threadTimeNow() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
