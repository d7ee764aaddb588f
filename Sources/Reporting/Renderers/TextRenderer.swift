import Profile

/// Makes the report that people read in a terminal: a header, then each thread's calls as a tree.
public struct TextRenderer: Sendable {
  /// Draws the tree with box characters instead of ASCII.
  public var unicode: Bool
  /// Colours the report by ANSI control sequences.
  public var color: Bool
  /// Shows the frames that are hidden otherwise: of libraries, of the import machinery, of little time.
  public var showAll: Bool

  public init(unicode: Bool = false, color: Bool = false, showAll: Bool = false) {
    self.unicode = unicode
    self.color = color
    self.showAll = showAll
  }

  /// The report on `session`.
  ///
  /// - Parameter version: The version of Spinetail, for the header.
  public func render(_ session: Session, version: String) -> String {
    var buffer = TextBuffer()
    TextHeader(session, version: version).write(to: &buffer)
    let glyphs = TreeGlyphs(unicode: unicode)
    let colors = TextColors(enabled: color)
    var hasTree = false
    for thread in session.threads.indices {
      // The report merges repeated calls anyhow, and a tree made so stays small.
      var tree = CallTree(session, thread: thread, merging: .repeatedCalls)
      guard tree.root != nil else { continue }
      for processor in Processor.standard(showingAll: showAll) {
        processor.process(&tree)
      }
      if hasTree { buffer.append("\n") }
      hasTree = true
      let decimals = Self.decimals(interval: session.metadata.maxInterval)
      TextTree(tree, glyphs: glyphs, colors: colors, decimals: decimals).write(to: &buffer)
    }
    if !hasTree { buffer.append("No samples were recorded.\n") }
    buffer.append("\n")
    return buffer.text
  }

  /// How many decimals of a second times have: enough to tell one sample's time, nine at most.
  static func decimals(interval: Double) -> Int {
    // Whole nanoseconds, since logarithms of 0.001 and the like would be a rounding error away from a step.
    let nanoseconds = (interval * 1e9).rounded()
    var decimals = 0
    var unit = 1e9
    while decimals < 9, !(nanoseconds >= unit) {
      unit /= 10
      decimals += 1
    }
    return decimals
  }
}
