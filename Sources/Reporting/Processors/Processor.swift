/// A step that makes a call tree easier to read.
///
/// Steps are named by what the reference calls them. Each takes time in proportion to the size of the tree.
public enum Processor: String, CaseIterable, Sendable {
  case removeImportlib = "remove_importlib"
  case removeTracebackHide = "remove_tracebackhide"
  case mergeConsecutiveSelfTime = "merge_consecutive_self_time"
  case aggregateRepeatedCalls = "aggregate_repeated_calls"
  case removeIrrelevantNodes = "remove_irrelevant_nodes"
  case removeUnnecessarySelfTimeNodes = "remove_unnecessary_self_time_nodes"
  case removeFirstProfilerFrames = "remove_first_pyinstrument_frames_processor"
  case groupLibraryFrames = "group_library_frames_processor"

  /// The steps of a report for people, in order.
  ///
  /// - Parameter showingAll: Leaves out the steps that hide frames.
  public static func standard(showingAll: Bool = false) -> [Processor] {
    let hiding: Set<Processor> = [
      .removeImportlib, .removeTracebackHide, .removeIrrelevantNodes, .groupLibraryFrames,
    ]
    return allCases.filter { !showingAll || !hiding.contains($0) }
  }

  /// Changes `tree`.
  public func process(_ tree: inout CallTree, options: ProcessorOptions = ProcessorOptions()) {
    switch self {
    case .removeImportlib: tree.removeImportlib()
    case .removeTracebackHide: tree.removeTracebackHide()
    case .mergeConsecutiveSelfTime: tree.mergeConsecutiveSelfTime(isRecursive: options.isRecursive)
    case .aggregateRepeatedCalls: tree.aggregateRepeatedCalls()
    case .removeIrrelevantNodes:
      tree.removeIrrelevantNodes(filterThreshold: options.filterThreshold, totalTime: options.totalTime)
    case .removeUnnecessarySelfTimeNodes: tree.removeUnnecessarySelfTimeNodes()
    case .removeFirstProfilerFrames: tree.removeFirstProfilerFrames()
    case .groupLibraryFrames: tree.groupLibraryFrames(visibility: options.visibility)
    }
    tree.tidyGroups()
  }
}
