/// What a source file is to profilers, who leave the frames of some files out of their reports.
enum FileRole: Sendable {
  /// The import machinery that the interpreter has frozen in.
  case importMachinery
  /// The main module of pyinstrument's command.
  case pyinstrumentCommand
  /// Another file of pyinstrument.
  case pyinstrument
  /// The standard library's module that runs scripts and modules.
  case runpy
  /// Code that was made from text by `exec` and its like.
  case text
  /// Built-in and generated code, and the standard library.
  case standardLibrary
  /// Programs and installed packages.
  case other

  init(path: String) {
    if path.utf8.first == UInt8(ascii: "<") {
      switch path {
      case "<string>": self = .text
      case "<frozen runpy>": self = .runpy
      case _ where path.hasPrefix("<frozen importlib._bootstrap"): self = .importMachinery
      case _ where path.hasPrefix("<ipython-input") || path.hasPrefix("<python-input"): self = .other
      default: self = path == "<stdin>" ? .other : .standardLibrary
      }
      return
    }
    let parts = PathComponents(path).parts
    let name = parts.last ?? ""
    let folder = parts.dropLast().last ?? ""
    if folder == "pyinstrument" {
      self = name == "__main__.py" ? .pyinstrumentCommand : .pyinstrument
    } else if !PathClassifier.isStandardLibrary(parts) {
      self = parts.contains("pyinstrument") && parts.contains("site-packages") ? .pyinstrument : .other
    } else {
      self = name == "runpy.py" ? .runpy : .standardLibrary
    }
  }
}
