/// Which files' frames are left out of the stacks.
public struct OwnCode: Hashable, Sendable {
  /// Frames of files below this folder are Spinetail's own.
  public var folder: String
  /// Frames of this file are left out where they stand directly above the stem.
  public var stemFile: String
  /// How many of the outermost frames are the command's own.
  public var stemFrames: Int

  public init(folder: String = "", stemFile: String = "", stemFrames: Int = 0) {
    self.folder = folder.hasSuffix("/") || folder.isEmpty ? folder : folder + "/"
    self.stemFile = stemFile
    self.stemFrames = stemFrames
  }

  /// The same for a thread that the command didn't start.
  var withoutStem: OwnCode { OwnCode(folder: folder) }

  /// Whose code a file's is, by its path as UTF-8.
  func origin(ofFile path: UnsafeBufferPointer<UInt8>) -> CodeObject.Origin {
    if !folder.isEmpty, path.starts(with: folder.utf8) { return .own }
    if !stemFile.isEmpty, path.elementsEqual(stemFile.utf8) { return .stem }
    return .program
  }

  /// Whether a frame belongs to the stem, the frames between a thread's outermost one and the program's.
  ///
  /// - Parameters:
  ///   - depth: How many frames are outside of it.
  ///   - isAboveStem: Whether the frame outside of it belongs to the stem, nil for the outermost frame.
  func isStem(depth: Int, origin: CodeObject.Origin, isAboveStem: Bool?) -> Bool {
    depth < stemFrames || (origin == .stem && (isAboveStem ?? (stemFrames > 0)))
  }
}
