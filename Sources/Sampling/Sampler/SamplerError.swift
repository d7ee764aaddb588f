/// Why a recording can't start. The description is one line for the user: what is wrong, and what to do.
public enum SamplerError: Error, CustomStringConvertible {
  case unsupportedInterpreter(release: String)
  case freeThreaded(release: String)
  case unknownLayout(release: String, detail: String)
  case unreadableMemory(reason: String)
  case noThread(reason: String)
  /// The caller runs in another interpreter than the process's main one.
  case subinterpreter
  case anotherProfileFunction
  case missingFunction(name: String, release: String)
  /// The timer function has raised an exception, which is set in the interpreter.
  case timerFailed

  public var description: String {
    let supported = "CPython 3.11 to 3.15"
    switch self {
    case .unsupportedInterpreter(let release):
      return "Spinetail can't sample Python \(release): it knows the memory layout of \(supported). "
        + "Run the program with one of those."
    case .freeThreaded(let release):
      return "Spinetail can't sample the free-threaded build of Python \(release). "
        + "Run the program with a default build of \(supported)."
    case .unknownLayout(let release, let detail):
      return "Spinetail can't sample this build of Python \(release): \(detail). "
        + "Run the program with a default build of \(supported)."
    case .unreadableMemory(let reason):
      return "Spinetail can't sample here: the system call process_vm_readv fails (\(reason)), and memory "
        + "can't be read through a pipe or from /proc/self/mem, either. "
        + "Allow it in the sandbox or container (Docker: --cap-add SYS_PTRACE), or run outside of it."
    case .subinterpreter:
      return "Spinetail can't sample a subinterpreter. "
        + "Start the profiler in the main interpreter, or let the engine be 'setprofile'."
    case .anotherProfileFunction:
      return "Another profile function is at work in this thread (sys.getprofile() shows it). "
        + "Stop that profiler, debugger or coverage tool first."
    case .missingFunction(let name, let release):
      return "Spinetail can't record events of this build of Python \(release): it has no \(name). "
        + "Run the program with a default build of CPython 3.7 or newer."
    case .timerFailed: return "The timer function failed."
    case .noThread(let reason):
      return "Spinetail can't start its sampler thread (\(reason)). Raise the limit of threads or memory."
    }
  }
  /// What is in the sampler's way, as a clause without a period.
  public var clause: String {
    switch self {
    case .unsupportedInterpreter(let release):
      let minor = release.split(separator: ".").prefix(2).joined(separator: ".")
      return "the interpreter is CPython \(minor), whose memory the sampler doesn't know"
    case .freeThreaded(let release):
      return "the interpreter is the free-threaded build of CPython \(release)"
    case .unknownLayout(let release, let detail):
      return "the sampler doesn't know the memory of this build of CPython \(release): \(detail)"
    case .unreadableMemory(let reason):
      return "memory can't be read here: process_vm_readv fails (\(reason)), as do a pipe and /proc/self/mem"
    case .subinterpreter:
      return "this is a subinterpreter, and only the main interpreter is sampled"
    case .anotherProfileFunction, .missingFunction, .noThread, .timerFailed:
      return description
    }
  }
}
