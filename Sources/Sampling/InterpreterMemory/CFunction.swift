/// A callable object that is a function made in C.
struct CFunction: BitwiseCopyable {
  /// What is read of a callable object: enough for `PyMethodDescrObject`.
  static let readSize: UInt64 = 48

  /// Its `PyMethodDef`.
  var definition: UInt64
  /// What it is bound to: an object, a module, or nothing (0).
  var receiver: UInt64
  /// The type that has it, where it is a method that takes its object as the first argument; else 0.
  var descriptorType: UInt64

  /// Nil if `object`, the bytes of an object, is no function made in C that a profile function would be told of.
  init?(_ object: UnsafeRawPointer, objects: KnownObjects) {
    func word(_ offset: Int) -> UInt64 { object.load(fromByteOffset: offset, as: UInt64.self) }
    let type = word(CPythonConstants.objectType)
    guard type != 0 else { return nil }
    if type == objects.builtInType || type == objects.builtInMethodType {
      // PyCFunctionObject: m_ml, m_self (Include/cpython/methodobject.h).
      (definition, receiver, descriptorType) = (word(16), word(24), 0)
    } else if type == objects.methodDescriptorType {
      // PyMethodDescrObject: d_type, d_name, d_qualname, d_method (Include/cpython/descrobject.h).
      (definition, receiver, descriptorType) = (word(40), 0, word(16))
    } else {
      return nil
    }
  }
}
