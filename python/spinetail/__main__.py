"""The entry point of the command, and of ``python -m spinetail``."""

from __future__ import annotations

import sys

# Before anything of ours is imported: what follows is not the interpreter's doing.
IMPORTED_BEFORE = frozenset(sys.modules)


def main() -> int:
    """Runs the command that ``sys.argv`` holds, and gives the status to exit with."""
    from spinetail.command_line.main_module import leave_own_folder

    leave_own_folder()  # "-m" has put the current one there, with modules named like the library's

    from spinetail.command_line.errors import CommandError
    from spinetail.command_line.uncaught import raise_in_silence

    try:
        from spinetail.command_line.options import parse_options

        options = parse_options(sys.argv[1:])
        try:
            if options.is_loading:
                from spinetail.command_line.loaded_session import LoadedSession
            else:
                from spinetail.command_line.profiled_run import ProfiledRun
        except ImportError as problem:
            raise CommandError(str(problem)) from None
        if options.is_loading:
            return LoadedSession(options).run()
        return ProfiledRun(options, IMPORTED_BEFORE).run()
    except CommandError as problem:
        print(f"spinetail: {problem}", file=sys.stderr)
        return problem.status
    except KeyboardInterrupt as caught:
        interrupt = caught
    raise_in_silence(interrupt)


if __name__ == "__main__":
    sys.exit(main())
