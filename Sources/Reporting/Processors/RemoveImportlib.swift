extension CallTree {
  /// Takes out the frames of the import machinery: modules appear as called by what imports them.
  public mutating func removeImportlib() {
    guard files.hasImportMachinery else { return }
    replaceWithChildren { tree, node in
      tree.files.role(of: tree.fileName(of: tree.identity(of: node))) == .importMachinery
    }
  }
}
