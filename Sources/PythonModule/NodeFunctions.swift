import CPythonABI
import Profile
import Reporting

/// `_native`'s functions over the nodes of call trees, and their groups. Their Python signatures stand in
/// `_native.pyi`.
enum NodeFunctions {
  /// A node that was given as a tree and a number.
  private struct Place {
    let box: TreeBox
    let node: NodeID

    init(_ arguments: Arguments) throws(PythonError) {
      box = try arguments.capsule(0, Capsules.tree)
      node = try TreeFunctions.node(arguments, 1, in: box)
    }
  }

  static func identifier(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let place = try Place(arguments)
    return Python.string(place.box.tree.identifier(of: place.node))
  }

  static func time(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let place = try Place(arguments)
    return Python.seconds(place.box.tree.time(of: place.node))
  }

  static func setTime(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let place = try Place(arguments)
    place.box.tree.setTime(of: place.node, Int64(try arguments.int(2)))
    return Python.none()
  }

  static func absorbedTime(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let place = try Place(arguments)
    return Python.seconds(place.box.tree.absorbedTime(of: place.node))
  }

  static func setAbsorbedTime(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let place = try Place(arguments)
    place.box.tree.setAbsorbedTime(of: place.node, Int64(try arguments.int(2)))
    return Python.none()
  }

  static func selfTime(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let place = try Place(arguments)
    return Python.seconds(place.box.tree.selfTime(of: place.node))
  }

  static func awaitTime(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let place = try Place(arguments)
    return Python.seconds(place.box.tree.awaitTime(of: place.node))
  }

  static func parent(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let place = try Place(arguments)
    return TreeFunctions.number(place.box.tree.parent(of: place.node))
  }

  static func children(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let place = try Place(arguments)
    let children = place.box.tree.children(of: place.node)
    return try Python.list(children.count) { (index) throws(PythonError) in
      TreeFunctions.number(children[index])
    }
  }

  static func shortPath(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let place = try Place(arguments)
    return Python.string(place.box.tree.shortPath(of: place.node))
  }

  static func isApplicationCode(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let place = try Place(arguments)
    return Python.bool(place.box.tree.isApplicationCode(place.node))
  }

  static func attributes(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let place = try Place(arguments)
    let attributes = place.box.tree.attributes(of: place.node)
    return try Python.list(attributes.count) { (index) throws(PythonError) in
      try Python.tuple([
        Python.string(attributes[index].text), Python.seconds(attributes[index].time),
      ])
    }
  }

  static func record(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let place = try Place(arguments)
    place.box.tree.record(
      Int64(try arguments.int(2)), of: place.node, attributes: try arguments.utf8List(3))
    return Python.none()
  }

  static func check(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let place = try Place(arguments)
    return place.box.tree.selfCheck(
      below: place.node, isRecursive: try arguments.bool(2), tolerance: Int64(try arguments.int(3))
    ).map { Python.string($0) } ?? Python.none()
  }

  // MARK: Groups

  static func group(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let place = try Place(arguments)
    place.box.tree.tidyGroups()
    return Python.int(Int(place.box.tree.groupIndex(of: place.node)))
  }

  static func addGroup(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let place = try Place(arguments)
    place.box.tree.tidyGroups()
    return Python.int(Int(place.box.tree.addGroup(root: place.node)))
  }

  static func joinGroup(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let place = try Place(arguments)
    place.box.tree.join(place.node, group: try group(arguments, 2, in: place.box))
    return Python.none()
  }

  static func leaveGroup(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let place = try Place(arguments)
    place.box.tree.leaveGroup(place.node, isDissolving: try arguments.bool(2))
    return Python.none()
  }

  static func leaveGroups(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let place = try Place(arguments)
    place.box.tree.leaveGroups(below: place.node)
    return Python.none()
  }

  static func groupRoot(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let box = try arguments.capsule(0, Capsules.tree)
    let index = try group(arguments, 1, in: box)
    return TreeFunctions.number(box.tree.groups[Int(index)].root)
  }

  static func groupMembers(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let box = try arguments.capsule(0, Capsules.tree)
    let index = try group(arguments, 1, in: box)
    let members = box.tree.groups[Int(index)].members
    return try Python.list(members.count) { (index) throws(PythonError) in
      TreeFunctions.number(members[index])
    }
  }

  private static func group(_ arguments: Arguments, _ index: Int, in box: TreeBox) throws(PythonError)
    -> Int32
  {
    let number = try arguments.int(index)
    // Asked of an untidy tree, its groups are those of a copy.
    box.tree.tidyGroups()
    guard number >= 0, number < box.tree.groups.count else {
      throw Python.fail("The tree has no group \(number).")
    }
    return Int32(truncatingIfNeeded: number)
  }
}
