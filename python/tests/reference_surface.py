"""All public names of pyinstrument 5.1.3, and what has become of each: the data of a test and of
docs/from-pyinstrument.md.
"""

from __future__ import annotations

from typing import Dict, List, NamedTuple, Optional

KEPT = "kept"
BETTER = "better"
COMING = "coming"
DROPPED = "dropped"

CHANGED = object()
"""A default that isn't the reference's."""


class Name(NamedTuple):
    """One name of a module, or of a class in it."""

    name: str
    fate: str
    parameters: Optional[str] = None
    """As in a ``def``; None for what isn't called."""
    note: str = ""


VIEW = "show_all=False, timeline=False, processor_options=None"
TEXT_VIEW = (
    "timeline=False, time='seconds', flat=False, flat_time='self', short_mode=False, "
    "processor_options=None"
)
CONSOLE = (
    VIEW + ", unicode=False, color=False, flat=False, time='seconds', flat_time='self', "
    "short_mode=False"
)
PAGE = "*, resample_interval=None, show_all=False, timeline=False"
ALL_SAMPLES = "the page takes all samples: `resample_interval` changes nothing"
PREPROCESSORS = "for each thread apart; the page says that calls were changed"
PROCESSOR = "frame, options"

SURFACE: Dict[str, List[Name]] = {
    "": [
        Name("__version__", KEPT, None, "Spinetail's own"),
        Name("Profiler", KEPT, "interval=0.001, async_mode='enabled', use_timing_thread=None"),
        Name("profile", KEPT, "func=None, **kwargs"),
        Name("load_ipython_extension", KEPT, "ipython"),
    ],
    "profiler": [
        Name(
            "Profiler",
            BETTER,
            "interval=0.001, async_mode='enabled', use_timing_thread=None",
            "a number or word that makes no sense is a ValueError, not another profile; "
            "`use_timing_thread` changes nothing, no clock is asked at every event",
        ),
        Name("Profiler.interval", KEPT),
        Name("Profiler.async_mode", KEPT),
        Name("Profiler.use_timing_thread", KEPT),
        Name("Profiler.last_session", KEPT),
        Name("Profiler.is_running", KEPT),
        Name(
            "Profiler.start",
            BETTER,
            "self, caller_frame=None, target_description=None",
            "several profilers may run at once, in one context too",
        ),
        Name("Profiler.stop", BETTER, "self", "takes a last sample: no time is lost at the end"),
        Name("Profiler.reset", KEPT, "self"),
        Name("Profiler.__enter__", KEPT, "self"),
        Name("Profiler.__exit__", KEPT, "self, exc_type, exc_value, traceback"),
        Name(
            "Profiler.print",
            BETTER,
            "self, file=CHANGED, *, unicode=None, color=None, show_all=False, " + TEXT_VIEW,
            "`sys.stdout` is looked up when it prints, so redirections count",
        ),
        Name(
            "Profiler.output_text",
            KEPT,
            "self, unicode=False, color=False, show_all=False, " + TEXT_VIEW,
        ),
        Name("Profiler.output", BETTER, "self, renderer", "errors are RuntimeErrors"),
        Name("Profiler.output_html", BETTER, "self, resample_interval=None", ALL_SAMPLES),
        Name(
            "Profiler.write_html",
            BETTER,
            "self, path, timeline=False, show_all=False, resample_interval=None",
            "a file is replaced at once or not at all; " + ALL_SAMPLES,
        ),
        Name(
            "Profiler.open_in_browser",
            BETTER,
            "self, timeline=False, resample_interval=None",
            ALL_SAMPLES,
        ),
        Name("ActiveProfilerSession", DROPPED, None, "a recording is native"),
        Name("AsyncMode", DROPPED, None, "`str`; other words raise ValueError"),
    ],
    "context_manager": [
        Name(
            "profile",
            BETTER,
            "func=None, **kwargs",
            "profiles the run of coroutine and generator functions, not their creation; a "
            "recursive function gives one report; unknown options are TypeErrors",
        ),
        Name("ProfileContext", KEPT, "**kwargs"),
        Name("ProfileContext.__call__", KEPT, "self, func"),
        Name("ProfileContext.__enter__", BETTER, "self", "gives the profiler"),
        Name("ProfileContext.__exit__", KEPT, "self, exc_type, exc_value, traceback"),
        Name("ProfileContextOptions", DROPPED, None, "the options are ordinary keywords"),
    ],
    "session": [
        Name(
            "Session",
            KEPT,
            "frame_records, start_time, duration, min_interval, max_interval, sample_count, "
            "start_call_stack, target_description, cpu_time, sys_path, sys_prefixes",
        ),
        Name("Session.frame_records", KEPT, None, "made when it is asked for"),
        Name("Session.start_time", KEPT),
        Name("Session.duration", BETTER, None, "by a clock that nobody sets"),
        Name("Session.min_interval", KEPT),
        Name("Session.max_interval", KEPT),
        Name("Session.sample_count", KEPT),
        Name("Session.start_call_stack", KEPT),
        Name("Session.target_description", KEPT),
        Name("Session.cpu_time", KEPT),
        Name("Session.sys_path", KEPT),
        Name("Session.sys_prefixes", KEPT),
        Name("Session.load", BETTER, "filename", "`.spinetail` files too; errors in one line"),
        Name(
            "Session.save",
            BETTER,
            "self, filename",
            "`.spinetail` is small and quick, all else pyinstrument's JSON; a file is replaced at "
            "once or not at all",
        ),
        Name("Session.to_json", KEPT, "self, include_frame_records=True"),
        Name("Session.from_json", KEPT, "json_dict"),
        Name("Session.combine", BETTER, "session1, session2", "prefixes keep their order"),
        Name("Session.current_sys_prefixes", KEPT, ""),
        Name(
            "Session.root_frame",
            BETTER,
            "self, trim_stem=True",
            "several threads come together under `[root]`; an empty start stack is no error",
        ),
        Name("Session.shorten_path", KEPT, "self, path"),
        Name("Session.resample", BETTER, "self, interval", "the total time stays as it was"),
        Name("ASSERTION_MESSAGE", DROPPED, None, "an internal text"),
    ],
    "frame": [
        Name("Frame", KEPT, "identifier_or_frame_info='', children=None, time=0, context=None"),
        Name("Frame.identifier", KEPT),
        Name("Frame.time", KEPT),
        Name("Frame.parent", KEPT),
        Name("Frame.group", KEPT),
        Name("Frame.absorbed_time", KEPT),
        Name("Frame.attributes", KEPT),
        Name("Frame.context", KEPT),
        Name("Frame.function", KEPT),
        Name("Frame.file_path", KEPT),
        Name("Frame.line_no", KEPT),
        Name("Frame.file_path_short", KEPT),
        Name(
            "Frame.is_application_code",
            BETTER,
            None,
            "decided by the parts of a path, not by how it begins",
        ),
        Name("Frame.proportion_of_parent", KEPT),
        Name("Frame.total_self_time", KEPT),
        Name("Frame.children", KEPT),
        Name("Frame.is_synthetic", KEPT),
        Name("Frame.is_synthetic_leaf", KEPT),
        Name("Frame.class_name", KEPT),
        Name("Frame.has_tracebackhide", BETTER, None, "`__traceback_hide__` counts as well"),
        Name("Frame.add_child", KEPT, "self, frame, after=None"),
        Name("Frame.add_children", KEPT, "self, frames, after=None"),
        Name("Frame.remove_from_parent", KEPT, "self"),
        Name("Frame.await_time", KEPT, "self"),
        Name("Frame.code_position_short", KEPT, "self"),
        Name("Frame.get_attribute_value", KEPT, "self, attribute_marker"),
        Name("Frame.record_time_from_frame_info", KEPT, "self, frame_info, time"),
        Name("Frame.set_context", KEPT, "self, context"),
        Name("Frame.self_check", KEPT, "self, recursive=True"),
        Name("Frame.to_json_str", KEPT, "self"),
        Name("Frame.new_subclass_with_frame_info", KEPT, "frame_info"),
        Name("FrameContext", KEPT),
        Name("FrameGroup", KEPT, "root"),
        Name("FrameGroup.id", KEPT),
        Name("FrameGroup.root", KEPT),
        Name("FrameGroup.frames", KEPT),
        Name("FrameGroup.exit_frames", KEPT),
        Name("FrameGroup.add_frame", KEPT, "self, frame"),
        Name("FrameGroup.remove_frame", KEPT, "self, frame"),
        Name("AWAIT_FRAME_IDENTIFIER", KEPT),
        Name("SELF_TIME_FRAME_IDENTIFIER", KEPT),
        Name("OUT_OF_CONTEXT_FRAME_IDENTIFIER", KEPT),
        Name("DUMMY_ROOT_FRAME_IDENTIFIER", KEPT),
        Name("SYNTHETIC_FRAME_IDENTIFIERS", KEPT),
        Name("SYNTHETIC_LEAF_IDENTIFIERS", KEPT),
    ],
    "frame_info": [
        Name("IDENTIFIER_SEP", KEPT),
        Name("ATTRIBUTES_SEP", KEPT),
        Name("ATTRIBUTE_MARKER_CLASS_NAME", KEPT),
        Name("ATTRIBUTE_MARKER_LINE_NUMBER", KEPT),
        Name("ATTRIBUTE_MARKER_TRACEBACKHIDE", KEPT),
        Name("parse_frame_info", KEPT, "frame_info"),
        Name("frame_info_get_identifier", KEPT, "frame_info"),
    ],
    "frame_ops": [
        Name("build_frame_tree", KEPT, "frame_records, context"),
        Name("delete_frame_from_tree", KEPT, "frame, replace_with"),
        Name("combine_frames", KEPT, "frame, into"),
        Name("remove_frame_from_groups", KEPT, "frame, recursive"),
        Name("IdentifierDoesntMatchException", KEPT),
        Name("FrameRecordType", KEPT),
    ],
    "processors": [
        Name("remove_importlib", KEPT, PROCESSOR),
        Name("remove_tracebackhide", KEPT, PROCESSOR),
        Name("merge_consecutive_self_time", KEPT, PROCESSOR + ", recursive=True"),
        Name("aggregate_repeated_calls", KEPT, PROCESSOR),
        Name("remove_irrelevant_nodes", KEPT, PROCESSOR + ", total_time=None"),
        Name("remove_unnecessary_self_time_nodes", KEPT, PROCESSOR),
        Name(
            "remove_first_pyinstrument_frames_processor",
            BETTER,
            PROCESSOR,
            "trims the profiler's frames alone, never the program's: `-c` and short programs keep "
            "all of their time",
        ),
        Name("group_library_frames_processor", KEPT, PROCESSOR),
        Name("ProcessorType", KEPT),
        Name("ProcessorOptions", KEPT),
    ],
    "renderers": [
        Name("ConsoleRenderer", KEPT, CONSOLE),
        Name("FrameRenderer", KEPT, VIEW),
        Name("HTMLRenderer", KEPT, PAGE),
        Name("JSONRenderer", KEPT, VIEW),
        Name("PstatsRenderer", KEPT, VIEW),
        Name("Renderer", KEPT, ""),
        Name("SessionRenderer", KEPT, "tree_format=False"),
        Name("SpeedscopeRenderer", KEPT, VIEW),
    ],
    "renderers.base": [
        Name("Renderer", KEPT, ""),
        Name("Renderer.output_file_extension", KEPT),
        Name("Renderer.output_is_binary", KEPT),
        Name("Renderer.render", KEPT, "self, session"),
        Name("Renderer.MisconfigurationError", KEPT),
        Name("FrameRenderer", KEPT, VIEW),
        Name("FrameRenderer.processors", KEPT),
        Name("FrameRenderer.processor_options", KEPT),
        Name("FrameRenderer.show_all", KEPT),
        Name("FrameRenderer.timeline", KEPT),
        Name("FrameRenderer.default_processors", KEPT, "self"),
        Name("FrameRenderer.preprocess", KEPT, "self, root_frame"),
        Name("FrameRenderer.render", KEPT, "self, session"),
        Name("ProcessorList", KEPT),
    ],
    "renderers.console": [
        Name(
            "ConsoleRenderer",
            BETTER,
            CONSOLE,
            "flat lists count each second once; each thread has a tree of its own",
        ),
        Name("ConsoleRenderer.render", KEPT, "self, session"),
        Name("ConsoleRenderer.default_processors", KEPT, "self"),
        *[
            Name(f"ConsoleRenderer.{name}", DROPPED, None, "the text is made natively, in one pass")
            for name in [
                "render_preamble",
                "render_frame",
                "render_frame_flat",
                "should_render_frame",
                "should_render_frame_in_group",
                "should_ignore_group",
                "group_description",
                "libraries_for_frames",
                "frame_description",
                "frame_proportion_of_total_time",
                "colors_enabled",
                "colors_disabled",
            ]
        ],
        Name("FlatTimeMode", DROPPED, None, '`"self"` or `"total"`'),
    ],
    "renderers.jsonrenderer": [
        Name("JSONRenderer", KEPT, VIEW),
        Name("JSONRenderer.render", KEPT, "self, session"),
        Name("JSONRenderer.default_processors", KEPT, "self"),
        Name("JSONRenderer.render_frame", DROPPED, None, "the JSON is made natively, in one pass"),
        Name("encode_str", DROPPED, None, "`json.dumps` does it"),
        Name("encode_bool", DROPPED, None, "`json.dumps` does it"),
    ],
    "renderers.speedscope": [
        Name(
            "SpeedscopeRenderer",
            BETTER,
            VIEW,
            "one profile a thread; may be used again; sampled form above 100,000 samples",
        ),
        Name("SpeedscopeRenderer.render", KEPT, "self, session"),
        Name("SpeedscopeRenderer.default_processors", KEPT, "self"),
        Name(
            "SpeedscopeRenderer.render_frame",
            DROPPED,
            None,
            "the file is made natively, in one pass",
        ),
        Name("SpeedscopeFrame", KEPT, "name, file, line"),
        Name("SpeedscopeEvent", KEPT, "type, at, frame"),
        Name("SpeedscopeEventType", KEPT),
        Name(
            "SpeedscopeProfile",
            KEPT,
            "name, events, end_value, start_value=0.0, type='evented', unit='seconds'",
        ),
        Name(
            "SpeedscopeFile",
            KEPT,
            "name, profiles, shared, "
            "schema='https://www.speedscope.app/file-format-schema.json', "
            "active_profile_index=None, exporter=CHANGED",
            "the exporter is Spinetail",
        ),
        Name("SpeedscopeEncoder", KEPT),
        Name("SpeedscopeFrameDictType", DROPPED, None, "a type alias of its own code"),
        Name("SpeedscopeEventDictType", DROPPED, None, "a type alias of its own code"),
    ],
    "renderers.pstatsrenderer": [
        Name("PstatsRenderer", BETTER, VIEW, "recursive functions count once"),
        Name("PstatsRenderer.output_is_binary", KEPT),
        Name("PstatsRenderer.render", KEPT, "self, session"),
        Name("PstatsRenderer.default_processors", KEPT, "self"),
        Name("PstatsRenderer.frame_key", DROPPED, None, "the table is made natively, in one pass"),
        Name("PstatsRenderer.render_frame", DROPPED, None, "the same"),
        Name("FrameKey", DROPPED, None, "a type alias of its own code"),
        Name("CallerValue", DROPPED, None, "a type alias of its own code"),
        Name("FrameValue", DROPPED, None, "a type alias of its own code"),
        Name("StatsDict", DROPPED, None, "a type alias of its own code"),
    ],
    "renderers.session": [
        Name("SessionRenderer", KEPT, "tree_format=False", "`tree_format` changes nothing"),
        Name("SessionRenderer.render", KEPT, "self, session"),
    ],
    "renderers.html": [
        Name(
            "HTMLRenderer",
            BETTER,
            PAGE,
            "a page of all threads, with search, source and more views; nothing from a network; "
            + ALL_SAMPLES,
        ),
        Name("HTMLRenderer.render", BETTER, "self, session", "names can't become markup"),
        Name("HTMLRenderer.open_in_browser", KEPT, "self, session, output_filename=None"),
        Name("HTMLRenderer.preprocessors", KEPT, None, PREPROCESSORS),
        Name("HTMLRenderer.preprocessor_options", KEPT, None, PREPROCESSORS),
        Name("JSONForHTMLRenderer", DROPPED, None, "the page reads the session itself"),
    ],
    "stack_sampler": [
        Name("get_stack_sampler", KEPT, ""),
        Name("StackSampler", KEPT, ""),
        Name(
            "StackSampler.subscribe",
            BETTER,
            "self, target, *, desired_interval, use_timing_thread=None, use_async_context",
            "each target has its own interval; one that is refused leaves nothing behind",
        ),
        Name("StackSampler.unsubscribe", KEPT, "self, target"),
        Name("StackSampler.subscribers", KEPT),
        Name("StackSampler.last_profile_time", KEPT),
        Name("StackSampler.timer_func", KEPT),
        Name("StackSampler.SubscriberNotFound", KEPT),
        Name(
            "StackSampler.current_sampling_interval",
            DROPPED,
            None,
            "each subscriber has its own: `desired_interval`",
        ),
        Name("StackSampler.has_warned_about_timing_overhead", DROPPED, None, "nothing to warn of"),
        Name("StackSamplerSubscriber", KEPT, None, "has `target` and `desired_interval`"),
        Name("AsyncState", KEPT, "state, info=None"),
        Name("thread_locals", KEPT),
        Name("active_profiler_context_var", KEPT),
        Name("build_call_stack", DROPPED, None, "stacks are walked natively"),
        Name("timing_overhead", DROPPED, None, "no clock is asked at every event"),
        Name("IGNORE_OVERHEAD_WARNING", DROPPED, None, "there is no such warning"),
        Name("StackSamplerSubscriberTarget", DROPPED, None, "a type alias of its own code"),
    ],
    "util": [
        Name("USER_DATA_DIR", KEPT, None, "Spinetail's own folder"),
        Name("file_supports_color", KEPT, None),
        Name("file_supports_unicode", KEPT, None),
        Name("file_is_a_tty", KEPT, "file_obj"),
        Name("object_with_import_path", KEPT, "import_path"),
        Name("truncate", KEPT, "string, max_length"),
        Name("deprecated", DROPPED, None, "a helper of its own code"),
        Name("deprecated_option", DROPPED, None, "a helper of its own code"),
        Name("format_float_with_sig_figs", DROPPED, None, "a helper of its own code"),
        Name("strtobool", DROPPED, None, "a helper of its own code"),
        Name("unwrap", DROPPED, None, "a helper of its own code"),
    ],
    "typing": [
        Name("PathOrStr", KEPT),
        Name("LiteralStr", KEPT),
        Name("Unpack", KEPT),
        Name("TypeAlias", KEPT),
        Name("assert_never", KEPT, "value"),
    ],
    "low_level.stat_profile": [
        Name("setstatprofile", DROPPED, None, "`StackSampler.subscribe` delivers samples"),
        Name("get_frame_info", DROPPED, None, "`Session.frame_records` holds such strings"),
        Name("measure_timing_overhead", DROPPED, None, "no clock is asked at every event"),
        Name("walltime_coarse_resolution", DROPPED, None, "no coarse clock is used"),
    ],
    "low_level.stat_profile_python": [Name("*", DROPPED, None, "a twin for tests")],
    "low_level.pyi_timing_thread_python": [Name("*", DROPPED, None, "a twin for tests")],
    "low_level.types": [Name("TimerType", DROPPED, None, "there are no kinds of timers")],
    "vendor.decorator": [Name("decorator", DROPPED, None, "Spinetail brings no other packages")],
    "vendor.keypath": [Name("*", DROPPED, None, "Spinetail brings no other packages")],
    "middleware": [
        Name("ProfilerMiddleware", BETTER, None, "profiles async views, too"),
        Name("PYINSTRUMENT_URL_ARGUMENT", BETTER, None, "all of these settings: or SPINETAIL_…"),
        Name("PYINSTRUMENT_PROFILE_DIR", BETTER, None, "made with its parents"),
        Name("PYINSTRUMENT_SHOW_CALLBACK", BETTER, None, "may be async; asked for with DEBUG off"),
        Name("PYINSTRUMENT_PROFILE_DIR_RENDERER", BETTER, None, "may be a class; binary ones work"),
        Name("PYINSTRUMENT_FILENAME", BETTER, None, "legal names, and each its own"),
        Name("PYINSTRUMENT_FILENAME_CALLBACK", BETTER, None, "legal names, and each its own"),
        Name("PYINSTRUMENT_INTERVAL", KEPT),
    ],
    "magic": [
        Name("%pyinstrument", BETTER, None, "%spinetail; options are never executed"),
        Name("%%pyinstrument", BETTER, None, "%%spinetail; awaits on the kernel's own loop"),
    ],
}

ELSEWHERE = ("middleware", "magic")
"""Modules that need other packages: python/work_tests has the tests of them."""
