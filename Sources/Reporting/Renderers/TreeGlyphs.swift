/// What draws the lines of a tree: each three columns wide.
struct TreeGlyphs {
  /// Before a child that others follow, and before the lines below it.
  let branch: [UInt8]
  let trunk: [UInt8]
  /// Before the last child, and before the lines below it.
  let corner: [UInt8]
  let gap = Array("   ".utf8)
  /// Before the frames that a group shows, whatever their place.
  let groupGap = Array("      ".utf8)

  init(unicode: Bool) {
    branch = Array((unicode ? "├─ " : "|- ").utf8)
    trunk = Array((unicode ? "│  " : "|  ").utf8)
    corner = Array((unicode ? "└─ " : "`- ").utf8)
  }
}
