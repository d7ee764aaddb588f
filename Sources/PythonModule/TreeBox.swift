import Profile
import Reporting

/// A call tree that Python holds on to, and changes.
///
/// The GIL guards it: only functions of the module touch it.
final class TreeBox {
  var tree: CallTree

  init(_ tree: CallTree) { self.tree = tree }
}
