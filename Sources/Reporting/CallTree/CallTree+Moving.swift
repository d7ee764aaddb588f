import Profile

/// How nodes are made by hand, and come from one tree to another.
extension CallTree {
  /// What numbers nodes and groups had in the tree that they came from, and have in this one.
  public struct Move {
    public var nodes: [(from: NodeID, to: NodeID)] = []
    public var groups: [(from: Int32, to: Int32)] = []
  }

  /// Adds a node without time that is below nothing yet.
  ///
  /// - Parameter identifier: What it stands for; see `identifier(of:)`.
  public mutating func addNode(identifier: [UInt8]) -> NodeID {
    // Without an identifier there's a name still, the empty one.
    append(identity(forIdentifier: identifier), to: .null)
  }

  /// Sets the time of `node`, in nanoseconds. Nobody else's changes.
  public mutating func setTime(of node: NodeID, _ time: Int64) { times[node.index] = time }

  /// Sets the time that `node` absorbed, in nanoseconds.
  public mutating func setAbsorbedTime(of node: NodeID, _ time: Int64) { absorbedTimes[node.index] = time }

  /// Judges and shortens paths by this `sys.path` and these prefixes instead of the session's.
  public mutating func setPaths(sysPath: [String], sysPrefixes: [String]) {
    let known = files.names
    files = SourceFiles(session, sysPath: sysPath, sysPrefixes: sysPrefixes)
    for name in known {
      let path = text(name)
      files.add(name, path: path)
    }
  }

  /// Takes over a node and all that is below it from another tree, where the node must be below nothing. It is below
  /// nothing here.
  ///
  /// The work is in proportion to the nodes that move.
  public mutating func move(_ node: NodeID, from other: inout CallTree) -> Move {
    var move = Move()
    var identities: [NodeIdentity: NodeIdentity] = [:]
    var newNodes: [NodeID: NodeID] = [:]
    var newGroups: [Int32: Int32] = [:]
    other.tidyGroups()
    other.forEach(from: node) { other, old in
      let identity = other.identity(of: old)
      let newIdentity: NodeIdentity
      if let known = identities[identity] {
        newIdentity = known
      } else {
        newIdentity = self.identity(forIdentifier: other.identifier(of: old))
        identities[identity] = newIdentity
      }
      let parent = other.parent(of: old)
      let new = append(newIdentity, to: old == node ? .null : newNodes[parent] ?? .null)
      newNodes[old] = new
      move.nodes.append((old, new))
      times[new.index] = other.times[old.index]
      absorbedTimes[new.index] = other.absorbedTimes[old.index]
      takeAttributes(of: old, in: other, for: new)
      let group = other.groupIndex(of: old)
      if group >= 0 {
        if let known = newGroups[group] {
          grouping.join(new, known)
        } else {
          let added = grouping.add(root: new)
          newGroups[group] = added
          move.groups.append((group, added))
        }
        other.grouping.leave(old)
      }
    }
    other.tidyGroups()
    if other.root == node { other.root = nil }
    return move
  }

  private mutating func takeAttributes(of old: NodeID, in other: CallTree, for new: NodeID) {
    let attributes = other.attributes(of: old)
    if attributes.isEmpty && variants.soleFrame(of: FunctionID(rawValue: identity(of: new).row)) == nil {
      return
    }
    for attribute in attributes {
      observations.record(self.attribute(attribute.text), of: new, time: attribute.time)
    }
  }
}
