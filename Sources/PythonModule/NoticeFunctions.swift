/// `_native`'s functions over notices. Their Python signatures stand in `_native.pyi`.
enum NoticeFunctions {
  static func start(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    guard let descriptor = Int32(exactly: try arguments.int(0)) else {
      throw Python.fail("there is no such file descriptor")
    }
    let notice = ProgressNotice(
      try arguments.string(1), descriptor: descriptor, delay: Int64(try arguments.int(2)))
    return try Capsules.notice.wrap(notice)
  }

  static func end(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    try arguments.capsule(0, Capsules.notice).end()
    return Python.none()
  }
}
