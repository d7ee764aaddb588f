/// A path taken apart, by its text alone: no file is looked at.
///
/// Empty components and `.` are left out and `..` is resolved. Paths with a drive or of a network share are
/// Windows paths, whatever system this is, since sessions travel.
struct PathComponents {
  /// "/", a drive such as "c:", "\\" for a share; empty for a relative path.
  let root: String
  let parts: [Substring]
  let isWindows: Bool

  init(_ path: String) {
    let start = Array(path.utf8.prefix(2))
    let hasDrive =
      start.count == 2 && start[1] == UInt8(ascii: ":") && start[0] | 0x20 >= UInt8(ascii: "a")
      && start[0] | 0x20 <= UInt8(ascii: "z")
    let isShare = start == [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
    isWindows = hasDrive || isShare
    if hasDrive {
      root = path.prefix(2).lowercased()
    } else if isShare {
      root = "\\\\"
    } else {
      root = start.first == UInt8(ascii: "/") ? "/" : ""
    }
    let isWindows = isWindows
    var parts: [Substring] = []
    let rest = hasDrive ? path.dropFirst(2) : path[...]
    for part in rest.split(whereSeparator: { $0 == "/" || (isWindows && $0 == "\\") }) where part != "." {
      if part != ".." {
        parts.append(part)
      } else if parts.last.map({ $0 != ".." }) ?? false {
        parts.removeLast()
      } else if root.isEmpty {
        parts.append(part)
      }
    }
    self.parts = parts
  }

  /// How many of the first components are those of `other`. Case doesn't matter on Windows.
  func sharedCount(with other: PathComponents) -> Int {
    guard root == other.root else { return 0 }
    var count = 0
    for (a, b) in zip(parts, other.parts) {
      guard a == b || (isWindows && a.lowercased() == b.lowercased()) else { break }
      count += 1
    }
    return count
  }

  /// The components after those of `folder`; nil if the path isn't below `folder`.
  func parts(below folder: PathComponents) -> ArraySlice<Substring>? {
    guard root == folder.root, sharedCount(with: folder) == folder.parts.count,
      parts.count > folder.parts.count
    else { return nil }
    return parts[folder.parts.count...]
  }
}
