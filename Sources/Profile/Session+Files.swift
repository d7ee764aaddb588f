extension Session {
  /// The source files of all functions that are in a stack which has samples, once each.
  ///
  /// Functions without a file, such as waits, and those written in C count for none.
  public var filesWithSamples: [StringID] {
    var isInFile = [Bool](repeating: false, count: strings.count)
    let hasSamples = stacksWithSamples
    for row in 0..<stacks.count where hasSamples[row] {
      guard let frame = stacks.frame(of: StackID(index: row)) else { continue }
      let file = functions[frames[frame].function].file.index
      if file < isInFile.count { isInFile[file] = true }
    }
    return isInFile.indices.filter { isInFile[$0] }.map { StringID(index: $0) }.filter { file in
      file != .empty && strings[file] != "<built-in>"
    }
  }

  /// Whether a sample has this stack or one that goes on from it, by row.
  private var stacksWithSamples: [Bool] {
    var hasSamples = [Bool](repeating: false, count: stacks.count)
    for thread in threads {
      for row in 0..<thread.samples.count {
        let stack = thread.samples[row].stack.index
        if stack < hasSamples.count { hasSamples[stack] = true }
      }
    }
    // Parents stand before their children.
    for row in hasSamples.indices.reversed() where hasSamples[row] {
      hasSamples[stacks.parent(of: StackID(index: row)).index] = true
    }
    return hasSamples
  }
}
