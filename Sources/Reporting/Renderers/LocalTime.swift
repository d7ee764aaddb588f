#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The time of day where the report is made, as `HH:MM:SS`; nil if the system can't tell.
///
/// - Parameter time: Seconds since the Unix epoch.
func localTimeOfDay(_ time: Double) -> String? {
  guard var seconds = time_t(exactly: time.rounded(.down)) else { return nil }
  var parts = tm()
  guard localtime_r(&seconds, &parts) != nil else { return nil }
  return [parts.tm_hour, parts.tm_min, parts.tm_sec]
    .map { $0 < 10 ? "0\($0)" : "\($0)" }
    .joined(separator: ":")
}
