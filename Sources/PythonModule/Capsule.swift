import CPythonABI
import Profile
import Sampling

/// A kind of capsule: a Python object that owns one Swift object.
struct CapsuleKind<Object: AnyObject>: Sendable {
  private let name: StaticString

  init(_ name: StaticString) { self.name = name }

  /// A new capsule that owns `object`.
  func wrap(_ object: Object) throws(PythonError) -> PythonObject {
    let owned = Unmanaged<AnyObject>.passRetained(object)
    guard let capsule = PyCapsule_New(owned.toOpaque(), CString.of(name), destroyCapsule) else {
      owned.release()
      throw PythonError()
    }
    return capsule
  }

  /// The object in a capsule of this kind.
  func object(in capsule: PythonObject) throws(PythonError) -> Object {
    guard let pointer = PyCapsule_GetPointer(capsule, CString.of(name)) else { throw PythonError() }
    return Unmanaged<Object>.fromOpaque(pointer).takeUnretainedValue()
  }
}

/// What the interpreter calls when a capsule of any kind dies.
private func destroyCapsule(_ capsule: PythonObject?) {
  guard let capsule, let pointer = PyCapsule_GetPointer(capsule, PyCapsule_GetName(capsule)) else { return }
  Unmanaged<AnyObject>.fromOpaque(pointer).release()
}

/// The kinds of capsules.
enum Capsules {
  static let recording = CapsuleKind<ActiveRecording>("spinetail.Recording")
  static let subscription = CapsuleKind<EventSubscription>("spinetail.Subscription")
  static let notice = CapsuleKind<ProgressNotice>("spinetail.ProgressNotice")
  static let session = CapsuleKind<Session>("spinetail.Session")
  static let jsonWriter = CapsuleKind<PyinstrumentWriter>("spinetail.JSONWriter")
  static let tree = CapsuleKind<TreeBox>("spinetail.Tree")
}

/// C strings that live as long as the process, as the interpreter needs them.
enum CString {
  static func of(_ string: StaticString) -> UnsafePointer<CChar> {
    UnsafeRawPointer(string.utf8Start).assumingMemoryBound(to: CChar.self)
  }
}
