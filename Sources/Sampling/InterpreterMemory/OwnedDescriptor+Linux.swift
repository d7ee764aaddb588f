import Glibc

/// A file descriptor of ours in a process whose program may close it, and open something else under its number.
///
/// A program that becomes a daemon closes every descriptor there is. So each use asks first whether the number still
/// stands for the file that was opened (`fstat`, 0.2 µs), and numbers are taken from high up: the system gives new
/// files the lowest that is free, so what was closed there isn't handed out again by chance. Between the question and
/// the use a program would have to close that number and open another file under it; threads with descriptors of their
/// own (`MemoryDescriptors`) are safe from that, too.
struct OwnedDescriptor: BitwiseCopyable {
  /// Below what `select` takes, and high enough to be out of the way.
  private static let firstNumber: Int32 = 960
  private static let duplicateCloseOnExec: Int32 = 1030  // F_DUPFD_CLOEXEC, linux/fcntl.h

  /// −1 for none.
  let number: Int32
  private let device: dev_t
  private let inode: ino_t

  /// No file.
  static var none: OwnedDescriptor { OwnedDescriptor(number: -1, device: 0, inode: 0) }

  private init(number: Int32, device: dev_t, inode: ino_t) {
    self.number = number
    self.device = device
    self.inode = inode
  }

  /// Takes over a descriptor that was just opened and is closed on `exec`, and moves it to a high number where there is
  /// one. A negative number gives no file.
  init(adopting opened: Int32) {
    guard opened >= 0 else {
      self = .none
      return
    }
    var number = fcntl(opened, Self.duplicateCloseOnExec, Self.firstNumber)
    if number < 0 { number = opened } else { _ = close(opened) }
    var status = stat()
    guard fstat(number, &status) == 0 else {
      _ = close(number)
      self = .none
      return
    }
    self.init(number: number, device: status.st_dev, inode: status.st_ino)
  }

  /// Whether there is a file and the number still stands for it.
  var isOurs: Bool {
    guard number >= 0 else { return false }
    var status = stat()
    return fstat(number, &status) == 0 && status.st_dev == device && status.st_ino == inode
  }

  /// Closes the file, unless the number has become somebody else's. It must not be used any more.
  func release() { if isOurs { _ = close(number) } }
}
