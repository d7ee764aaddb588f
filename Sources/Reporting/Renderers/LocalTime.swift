#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The time of day where the report is made, as `HH:MM:SS`; nil if the system can't tell.
///
/// - Parameter time: Seconds since the Unix epoch.
func localTimeOfDay(_ time: Double) -> String? {
  localParts(time).map { joined([$0.tm_hour, $0.tm_min, $0.tm_sec], by: ":") }
}

/// The date and time where the report is made, as `YYYY-MM-DDTHH-MM-SS`; "unknown" if the system can't tell.
///
/// - Parameter time: Seconds since the Unix epoch.
func localDate(_ time: Double) -> String {
  guard let parts = localParts(time) else { return "unknown" }
  let date = joined([parts.tm_year &+ 1900, parts.tm_mon + 1, parts.tm_mday], by: "-")
  return date + "T" + joined([parts.tm_hour, parts.tm_min, parts.tm_sec], by: "-")
}

private func localParts(_ time: Double) -> tm? {
  guard var seconds = time_t(exactly: time.rounded(.down)) else { return nil }
  var parts = tm()
  return localtime_r(&seconds, &parts) == nil ? nil : parts
}

private func joined(_ numbers: [Int32], by separator: String) -> String {
  numbers.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: separator)
}
