import CPythonABI
import Profile

/// A function of the module: what the interpreter calls, with errors as Swift has them.
private func call(
  _ arguments: PythonObject?, _ body: (Arguments) throws(PythonError) -> PythonObject?
) -> PythonObject? {
  do { return try body(Arguments(arguments)) } catch { return nil }
}

private let functions: [(name: StaticString, call: PyCFunction)] = [
  ("start_recording", { _, arguments in call(arguments, RecordingFunctions.start) }),
  ("start_event_recording", { _, arguments in call(arguments, RecordingFunctions.startEvents) }),
  ("subscribe_events", { _, arguments in call(arguments, RecordingFunctions.subscribe) }),
  ("unsubscribe_events", { _, arguments in call(arguments, RecordingFunctions.unsubscribe) }),
  ("frame_info", { _, arguments in call(arguments, RecordingFunctions.frameInfo) }),
  ("sampler_refusal", { _, arguments in call(arguments, RecordingFunctions.samplerRefusal) }),
  ("sampler_detail", { _, arguments in call(arguments, RecordingFunctions.samplerDetail) }),
  ("is_recording", { _, arguments in call(arguments, RecordingFunctions.isRunning) }),
  ("thread_has_ended", { _, arguments in call(arguments, RecordingFunctions.threadHasEnded) }),
  ("stop_recording", { _, arguments in call(arguments, RecordingFunctions.stop) }),
  ("start_notice", { _, arguments in call(arguments, NoticeFunctions.start) }),
  ("end_notice", { _, arguments in call(arguments, NoticeFunctions.end) }),
  ("pause_sampling", { _, arguments in call(arguments, RecordingFunctions.pause) }),
  ("resume_sampling", { _, arguments in call(arguments, RecordingFunctions.resume) }),
  ("combine_sessions", { _, arguments in call(arguments, SessionFunctions.combine) }),
  ("make_session", { _, arguments in call(arguments, SessionFileFunctions.make) }),
  ("read_session", { _, arguments in call(arguments, SessionFileFunctions.read) }),
  ("session_to_bytes", { _, arguments in call(arguments, SessionFileFunctions.bytes) }),
  ("session_to_json", { _, arguments in call(arguments, SessionFileFunctions.json) }),
  ("json_writer", { _, arguments in call(arguments, SessionFileFunctions.jsonWriter) }),
  ("json_piece", { _, arguments in call(arguments, SessionFileFunctions.jsonPiece) }),
  ("frame_records", { _, arguments in call(arguments, SessionFileFunctions.frameRecords) }),
  ("start_call_stack", { _, arguments in call(arguments, SessionFileFunctions.startCallStack) }),
  ("session_files", { _, arguments in call(arguments, SessionFunctions.files) }),
  ("resample_session", { _, arguments in call(arguments, SessionFunctions.resample) }),
  ("session_threads", { _, arguments in call(arguments, SessionFunctions.threads) }),
  ("shorten_path", { _, arguments in call(arguments, SessionFunctions.shortenPath) }),
  ("make_thread_trees", { _, arguments in call(arguments, RenderFunctions.makeThreadTrees) }),
  ("has_cpu_time", { _, arguments in call(arguments, RenderFunctions.hasCPUTime) }),
  ("render_text", { _, arguments in call(arguments, RenderFunctions.text) }),
  ("render_json", { _, arguments in call(arguments, RenderFunctions.json) }),
  ("render_speedscope", { _, arguments in call(arguments, RenderFunctions.speedscope) }),
  ("render_pstats", { _, arguments in call(arguments, RenderFunctions.pstats) }),
  ("session_metadata", { _, arguments in call(arguments, SessionFunctions.metadata) }),
  ("make_tree", { _, arguments in call(arguments, TreeFunctions.make) }),
  ("tree_root", { _, arguments in call(arguments, TreeFunctions.root) }),
  ("make_detailed_tree", { _, arguments in call(arguments, TreeFunctions.makeDetailed) }),
  ("make_empty_tree", { _, arguments in call(arguments, TreeFunctions.makeEmpty) }),
  ("set_tree_paths", { _, arguments in call(arguments, TreeFunctions.setPaths) }),
  ("tree_size", { _, arguments in call(arguments, TreeFunctions.size) }),
  ("tree_files", { _, arguments in call(arguments, TreeFunctions.files) }),
  ("process_tree", { _, arguments in call(arguments, TreeFunctions.process) }),
  ("process_node", { _, arguments in call(arguments, TreeFunctions.processNode) }),
  ("add_node", { _, arguments in call(arguments, TreeFunctions.addNode) }),
  ("attach_node", { _, arguments in call(arguments, TreeFunctions.attach) }),
  ("detach_node", { _, arguments in call(arguments, TreeFunctions.detach) }),
  ("delete_node", { _, arguments in call(arguments, TreeFunctions.delete) }),
  ("merge_node", { _, arguments in call(arguments, TreeFunctions.merge) }),
  ("move_node", { _, arguments in call(arguments, TreeFunctions.move) }),
  ("node_identifier", { _, arguments in call(arguments, NodeFunctions.identifier) }),
  ("node_time", { _, arguments in call(arguments, NodeFunctions.time) }),
  ("node_absorbed_time", { _, arguments in call(arguments, NodeFunctions.absorbedTime) }),
  ("node_self_time", { _, arguments in call(arguments, NodeFunctions.selfTime) }),
  ("node_await_time", { _, arguments in call(arguments, NodeFunctions.awaitTime) }),
  ("node_parent", { _, arguments in call(arguments, NodeFunctions.parent) }),
  ("node_children", { _, arguments in call(arguments, NodeFunctions.children) }),
  ("node_short_path", { _, arguments in call(arguments, NodeFunctions.shortPath) }),
  ("node_is_application_code", { _, arguments in call(arguments, NodeFunctions.isApplicationCode) }),
  ("node_attributes", { _, arguments in call(arguments, NodeFunctions.attributes) }),
  ("node_group", { _, arguments in call(arguments, NodeFunctions.group) }),
  ("set_node_time", { _, arguments in call(arguments, NodeFunctions.setTime) }),
  ("set_node_absorbed_time", { _, arguments in call(arguments, NodeFunctions.setAbsorbedTime) }),
  ("record_node_time", { _, arguments in call(arguments, NodeFunctions.record) }),
  ("check_node", { _, arguments in call(arguments, NodeFunctions.check) }),
  ("add_group", { _, arguments in call(arguments, NodeFunctions.addGroup) }),
  ("join_group", { _, arguments in call(arguments, NodeFunctions.joinGroup) }),
  ("leave_group", { _, arguments in call(arguments, NodeFunctions.leaveGroup) }),
  ("leave_groups", { _, arguments in call(arguments, NodeFunctions.leaveGroups) }),
  ("group_root", { _, arguments in call(arguments, NodeFunctions.groupRoot) }),
  ("group_members", { _, arguments in call(arguments, NodeFunctions.groupMembers) }),
  ("session_samples", { _, arguments in call(arguments, SessionFunctions.samples) }),
]

/// What the interpreter keeps pointers to must never move or go: allocated once and never freed.
private func immortal<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
  let pointer = UnsafeMutablePointer<Element>.allocate(capacity: elements.count)
  pointer.initialize(from: elements, count: elements.count)
  return pointer
}

/// The entry that the interpreter calls at `import spinetail._native` (multi-phase initialisation, PEP 489).
@_cdecl("PyInit__native")
public func initializeModule() -> OpaquePointer? {
  let methods =
    functions.map {
      PyMethodDef(
        ml_name: CString.of($0.name), ml_meth: $0.call, ml_flags: Int32(SPINETAIL_METH_VARARGS),
        ml_doc: nil)
    } + [PyMethodDef()]
  var definition = PyModuleDef()
  definition.m_base.ob_refcnt = 1
  definition.m_name = CString.of("_native")
  definition.m_methods = immortal(methods)
  definition.m_slots = immortal([PyModuleDef_Slot()])
  return PyModuleDef_Init(immortal([definition]))
}
