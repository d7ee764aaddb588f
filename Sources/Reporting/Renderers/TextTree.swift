import Profile

/// The lines of a text report for one call tree.
struct TextTree {
  /// Frames deeper than this are no longer indented; their lines give the depth instead. A stack of 50,000
  /// frames would make gigabytes of spaces.
  private static let deepestIndent = 100
  private static let librariesWidth = 40

  private let tree: CallTree
  private let glyphs: TreeGlyphs
  private let colors: TextColors
  private let line: FrameLine
  private let hidden: HiddenFrames

  /// A node whose children are being written.
  private struct OpenNode {
    var nextChild: NodeID
    /// The last child with a line of its own.
    let lastShown: NodeID
    /// Whether that child was reached.
    var isPastLast: Bool
    /// How many bytes of indentation the children have, and how deep the node itself is.
    let indentation: Int
    let depth: Int
    let layout: Layout
  }

  /// How children stand below their parent.
  private enum Layout {
    case branches
    /// Below the line of a group.
    case group
    /// At their parent's place, since that isn't shown.
    case flattened
  }

  init(_ tree: CallTree, line: FrameLine, glyphs: TreeGlyphs, colors: TextColors) {
    self.tree = tree
    self.line = line
    self.glyphs = glyphs
    self.colors = colors
    hidden = HiddenFrames(tree)
  }

  /// Adds a line for each frame that is shown.
  ///
  /// - Parameter rootHasLine: The root's line is there already.
  func write(to buffer: inout TextBuffer, rootHasLine: Bool = false) {
    guard let root = tree.root else { return }
    var indentation: [UInt8] = []
    if !rootHasLine { line.write(root, to: &buffer) }
    var open = [self.open(root, indentation: indentation, depth: 0, buffer: &buffer)]
    while let parent = open.last {
      let child = parent.nextChild
      guard child != .null else {
        open.removeLast()
        continue
      }
      let isBeforeLast = !parent.isPastLast && child != parent.lastShown
      open[open.count - 1].isPastLast = !isBeforeLast
      open[open.count - 1].nextChild = tree.nextSibling(of: child)
      indentation.removeLast(indentation.count - parent.indentation)

      let depth = parent.layout == .flattened ? parent.depth : parent.depth + 1
      if !hidden.contains(child) {
        buffer.append(indentation)
        buffer.append(lead(parent.layout, isBeforeLast))
        if depth > Self.deepestIndent { buffer.append("[level \(depth)] ") }
        line.write(child, to: &buffer)
      }
      if depth < Self.deepestIndent { indentation += continuation(parent.layout, isBeforeLast) }
      open.append(self.open(child, indentation: indentation, depth: depth, buffer: &buffer))
    }
  }

  /// What comes between the indentation and a child's text.
  private func lead(_ layout: Layout, _ isBeforeLast: Bool) -> [UInt8] {
    switch layout {
    case .branches: return isBeforeLast ? glyphs.branch : glyphs.corner
    case .group: return glyphs.groupGap
    case .flattened: return []
    }
  }

  /// What a child adds to the indentation of its own children.
  private func continuation(_ layout: Layout, _ isBeforeLast: Bool) -> [UInt8] {
    switch layout {
    case .branches: return isBeforeLast ? glyphs.trunk : glyphs.gap
    case .group: return glyphs.groupGap
    case .flattened: return []
    }
  }

  /// Writes the line of the group that begins at `node`, if one does, and prepares the children.
  private func open(
    _ node: NodeID, indentation: [UInt8], depth: Int, buffer: inout TextBuffer
  ) -> OpenNode {
    let left = hidden.frames(below: node)
    if !left.isEmpty {
      buffer.append(indentation)
      buffer.append("   [\(left.count) frames hidden]  \(colors.faint)")
      buffer.append(escaping: libraries(of: left))
      buffer.append("\(colors.end)\n")
    }
    var lastShown = tree.lastChild(of: node)
    while lastShown != .null, hidden.contains(lastShown) {
      lastShown = tree.previousSiblings[lastShown.index]
    }
    return OpenNode(
      nextChild: tree.firstChild(of: node), lastShown: lastShown, isPastLast: lastShown == .null,
      indentation: indentation.count, depth: depth,
      layout: hidden.contains(node) ? .flattened : left.isEmpty ? .branches : .group)
  }

  /// The libraries of `nodes`, each once, cut to a fixed width.
  private func libraries(of nodes: [NodeID]) -> String {
    var names: [Substring] = []
    var seen: Set<Substring> = []
    for node in nodes {
      let name = tree.shortPath(of: node).prefix { $0 != "/" && $0 != "\\" && $0 != "." }
      if !name.isEmpty, seen.insert(name).inserted { names.append(name) }
    }
    let list = names.joined(separator: ", ")
    guard list.unicodeScalars.count > Self.librariesWidth else { return list }
    return String(String.UnicodeScalarView(list.unicodeScalars.prefix(Self.librariesWidth - 3))) + "..."
  }
}
