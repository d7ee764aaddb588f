import CPythonABI
import Profile
import Reporting

/// `_native`'s functions over call trees. Their Python signatures stand in `_native.pyi`.
///
/// A node is a number, which is checked; -1 stands for none.
enum TreeFunctions {
  static func make(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    try make(arguments, withAttributes: false)
  }

  static func makeDetailed(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    try make(arguments, withAttributes: true)
  }

  private static func make(_ arguments: Arguments, withAttributes: Bool) throws(PythonError)
    -> PythonObject?
  {
    let session = try arguments.capsule(0, Capsules.session)
    let thread = try arguments.int(1)
    let merging: CallTree.Merging
    switch try arguments.string(2) {
    case "consecutive": merging = .consecutiveCalls
    case "repeated": merging = .repeatedCalls
    case let other: throw Python.fail("'\(other)' is no way to merge calls: use 'consecutive' or 'repeated'.")
    }
    let clockName = try arguments.string(3)
    guard let clock = SampleClock(rawValue: clockName) else {
      throw Python.fail("'\(clockName)' is no clock: use 'wall' or 'cpu'.")
    }
    let tree = CallTree(
      session, thread: thread < 0 ? nil : thread, merging: merging, clock: clock,
      withAttributes: withAttributes, trimmingStem: try arguments.bool(4))
    return try Capsules.tree.wrap(TreeBox(tree))
  }

  /// What all frames share that were made outside of any session.
  private static let emptySession = Session(Recording(), threads: [], metadata: SessionMetadata())

  static func makeEmpty(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let session =
      try arguments.optional(0).map { (capsule) throws(PythonError) in
        try Capsules.session.object(in: capsule)
      } ?? emptySession
    return try Capsules.tree.wrap(TreeBox(CallTree(emptyFor: session)))
  }

  static func setPaths(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let box = try arguments.capsule(0, Capsules.tree)
    box.tree.setPaths(sysPath: try arguments.strings(1), sysPrefixes: try arguments.strings(2))
    return Python.none()
  }

  static func root(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    number(try arguments.capsule(0, Capsules.tree).tree.root ?? .null)
  }

  static func size(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    Python.int(try arguments.capsule(0, Capsules.tree).tree.nodeCapacity)
  }

  static func files(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let paths = try arguments.capsule(0, Capsules.tree).tree.filePaths
    return try Python.list(paths.count) { (index) throws(PythonError) in Python.string(paths[index]) }
  }

  // MARK: Processors

  static func process(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let box = try arguments.capsule(0, Capsules.tree)
    let processors = try processors(arguments.strings(1))
    let options = try options(arguments, from: 2)
    for processor in processors { processor.process(&box.tree, options: options) }
    return Python.none()
  }

  static func processNode(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let box = try arguments.capsule(0, Capsules.tree)
    let node = try node(arguments, 1, in: box)
    let processors = try processors(arguments.strings(2))
    let options = try options(arguments, from: 3)
    return number(
      box.tree.withRoot(node) { tree in
        for processor in processors { processor.process(&tree, options: options) }
      })
  }

  private static func processors(_ names: [String]) throws(PythonError) -> [Processor] {
    var processors: [Processor] = []
    for name in names {
      guard let processor = Processor(rawValue: name) else {
        throw Python.fail("There is no processor '\(name)'.")
      }
      processors.append(processor)
    }
    return processors
  }

  private static func options(_ arguments: Arguments, from index: Int) throws(PythonError)
    -> ProcessorOptions
  {
    var options = ProcessorOptions()
    options.filterThreshold = try arguments.double(index)
    options.totalTime = try arguments.optional(index + 1) == nil ? nil : Int64(arguments.int(index + 1))
    options.visibility = try Array(arguments.bytes(index + 2)).map {
      ProcessorOptions.Visibility(rawValue: $0) ?? .automatic
    }
    options.isRecursive = try arguments.bool(index + 3)
    return options
  }

  // MARK: Nodes made and moved

  static func addNode(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let box = try arguments.capsule(0, Capsules.tree)
    return number(box.tree.addNode(identifier: try arguments.utf8(1)))
  }

  static func attach(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let box = try arguments.capsule(0, Capsules.tree)
    let node = try node(arguments, 1, in: box)
    let parent = try self.node(arguments, 2, in: box)
    let sibling = try arguments.int(3) < 0 ? NodeID.null : self.node(arguments, 3, in: box)
    guard sibling == .null || (sibling != node && box.tree.parent(of: sibling) == parent) else {
      throw Python.fail("The node to come after isn't a child of the parent.")
    }
    guard !box.tree.identity(of: parent).isSyntheticLeaf else {
      throw Python.fail("The parent can't have children.")
    }
    // What has no children is above nothing, so making a tree from the leaves up or from the root down is quick.
    if box.tree.firstChild(of: node) != .null || node == parent {
      var ancestor = parent
      while ancestor != .null {
        if ancestor == node { throw Python.fail("The parent is below the node.") }
        ancestor = box.tree.parent(of: ancestor)
      }
    }
    box.tree.detach(node)
    box.tree.attach(node, to: parent, after: sibling)
    return Python.none()
  }

  static func detach(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let box = try arguments.capsule(0, Capsules.tree)
    box.tree.detach(try node(arguments, 1, in: box))
    return Python.none()
  }

  static func delete(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let box = try arguments.capsule(0, Capsules.tree)
    let node = try node(arguments, 1, in: box)
    let name = try arguments.string(2)
    guard let replacement = CallTree.Replacement(rawValue: name) else {
      throw Python.fail("'\(name)' is nothing to replace a frame with.")
    }
    _ = box.tree.withRoot(.null) { $0.delete(node, replacingWith: replacement) }
    return Python.none()
  }

  static func merge(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let box = try arguments.capsule(0, Capsules.tree)
    let node = try node(arguments, 1, in: box)
    let target = try self.node(arguments, 2, in: box)
    let parent = box.tree.parent(of: node)
    guard node != target, parent != .null, parent == box.tree.parent(of: target) else {
      throw Python.fail("The nodes aren't two children of one parent.")
    }
    guard !box.tree.identity(of: target).isSyntheticLeaf || box.tree.firstChild(of: node) == .null else {
      throw Python.fail("The target can't have children.")
    }
    box.tree.merge(node, into: target)
    return Python.none()
  }

  static func move(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let box = try arguments.capsule(0, Capsules.tree)
    let other = try arguments.capsule(1, Capsules.tree)
    let node = try node(arguments, 2, in: other)
    guard box !== other, other.tree.parent(of: node) == .null else {
      throw Python.fail("The node can't leave its tree.")
    }
    let move = box.tree.move(node, from: &other.tree)
    return try Python.tuple([
      Python.list(move.nodes.count) { (index) throws(PythonError) in
        try Python.tuple([number(move.nodes[index].from), number(move.nodes[index].to)])
      },
      Python.list(move.groups.count) { (index) throws(PythonError) in
        try Python.tuple([
          Python.int(Int(move.groups[index].from)), Python.int(Int(move.groups[index].to)),
        ])
      },
    ])
  }

  // MARK: Helpers

  /// A node's number from Python, which must be one of the tree's.
  static func node(_ arguments: Arguments, _ index: Int, in box: TreeBox) throws(PythonError) -> NodeID {
    let number = try arguments.int(index)
    guard number >= 0, number < box.tree.nodeCapacity else {
      throw Python.fail("The tree has no node \(number).")
    }
    return NodeID(index: number)
  }

  static func number(_ node: NodeID) -> PythonObject? { Python.int(node == .null ? -1 : node.index) }
}
