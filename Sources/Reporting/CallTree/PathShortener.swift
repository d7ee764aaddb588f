/// Shortens paths of source files by telling them from an entry of `sys.path`.
///
/// Of all ways to write the path, relative to each entry or as it is, the one with the fewest components
/// wins: the path itself if that is no longer than the others, else the first entry of equals. Paths are
/// texts here; entries must be absolute to be of use.
public struct PathShortener: Sendable {
  private let entries: [PathComponents]

  public init(sysPath: [String]) {
    entries = sysPath.filter { !$0.isEmpty }.map { PathComponents($0) }
  }

  /// The shortest way to write `path`.
  public func shorten(_ path: String) -> String {
    let components = PathComponents(path)
    let separators = path.utf8.count {
      $0 == UInt8(ascii: "/") || (components.isWindows && $0 == UInt8(ascii: "\\"))
    }
    // A name without a folder is no file: "<string>", "<built-in>".
    guard separators > 0 else { return path }
    var fewest = separators + 1
    var best: (up: Int, shared: Int)?
    for entry in entries where entry.root == components.root {
      let shared = components.sharedCount(with: entry)
      let up = entry.parts.count - shared
      let count = max(up + components.parts.count - shared, 1)
      if count < fewest {
        fewest = count
        best = (up, shared)
      }
    }
    guard let best else { return path }
    let parts = Array(repeating: "..", count: best.up) + components.parts.dropFirst(best.shared)
    return parts.isEmpty ? "." : parts.joined(separator: components.isWindows ? "\\" : "/")
  }
}
