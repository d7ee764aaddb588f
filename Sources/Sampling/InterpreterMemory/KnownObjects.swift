import Glibc

/// Addresses of the interpreter's own objects that others are told by. 0 where one isn't known: nothing is it then.
public struct KnownObjects: BitwiseCopyable, Sendable {
  /// `PyCode_Type`: what tells a code object from other objects.
  public var codeType: UInt64
  /// `PyCell_Type`
  public var cellType: UInt64
  /// `PyCFunction_Type` and `PyCMethod_Type`: functions and bound methods made in C.
  public var builtInType: UInt64
  public var builtInMethodType: UInt64
  /// `PyMethodDescr_Type`: methods made in C that aren't bound.
  public var methodDescriptorType: UInt64
  /// `PyModule_Type`
  public var moduleType: UInt64
  /// `None`
  public var none: UInt64

  public init(
    codeType: UInt64, cellType: UInt64 = 0, builtInType: UInt64 = 0, builtInMethodType: UInt64 = 0,
    methodDescriptorType: UInt64 = 0, moduleType: UInt64 = 0, none: UInt64 = 0
  ) {
    self.codeType = codeType
    self.cellType = cellType
    self.builtInType = builtInType
    self.builtInMethodType = builtInMethodType
    self.methodDescriptorType = methodDescriptorType
    self.moduleType = moduleType
    self.none = none
  }

  /// Those of the interpreter that has loaded this library; nil if it doesn't export `PyCode_Type`.
  static func ofThisProcess() -> KnownObjects? {
    func address(_ name: String) -> UInt64 { dlsym(nil, name).map { UInt64(UInt(bitPattern: $0)) } ?? 0 }
    let objects = KnownObjects(
      codeType: address("PyCode_Type"), cellType: address("PyCell_Type"),
      builtInType: address("PyCFunction_Type"), builtInMethodType: address("PyCMethod_Type"),
      methodDescriptorType: address("PyMethodDescr_Type"), moduleType: address("PyModule_Type"),
      none: address("_Py_NoneStruct"))
    return objects.codeType == 0 ? nil : objects
  }
}
