"""`tui-editor`: runs a command, and turns what goes wrong into one line and an exit code."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from tui_editor.cli.output import complain
from tui_editor.cli.parser import build_parser, module_of
from tui_editor.cli.table import VERBS, named
from tui_editor.errors import ExitCode, TuiEditorError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code.

    Args:
        argv: The arguments without the program's name; those of the process when absent.
    """
    _forgive_unwritable_characters()
    # Nothing here multiplies matrices; the threads that numpy makes for it take as long to start as numpy itself.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except SystemExit as ended:  # argparse, after --help and --version
        return ended.code if isinstance(ended.code, int) else ExitCode.OK
    except TuiEditorError as error:
        complain(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        complain("interrupted")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        return _reader_left()
    except OSError as error:
        complain(f"{error.filename or 'a file'}: {error.strerror or error}")
        return ExitCode.BAD_INPUT
    except Exception as error:  # noqa: BLE001 - the last border: a traceback could carry data to the terminal
        from tui_editor.cli.crash import keep_details

        complain(f"something unexpected went wrong: {type(error).__name__} ({keep_details(error)})")
        return ExitCode.BAD_INPUT
    return code


def _run(argv: list[str]) -> int:
    # A word that only looks like a command's name imports one module too many and does no harm.
    meant = [verb for verb in map(named, dict.fromkeys(argv)) if verb]
    asks = not meant or any(word in {"-h", "--help"} for word in argv)
    parser, _ = build_parser([verb.name for verb in meant], VERBS if asks else meant)
    arguments, unknown = parser.parse_known_args(argv)
    if unknown:
        of = f" {arguments.verb}" if arguments.verb else ""
        raise UsageError(f"unrecognized arguments: {' '.join(unknown)}", hint=f"see tui-editor{of} --help")
    verb = named(arguments.verb) if arguments.verb else None
    if verb is None:
        from tui_editor.cli.verbs import queue

        return queue.run(arguments)
    return module_of(verb).run(arguments)


def _forgive_unwritable_characters() -> None:
    """Escape what the terminal's encoding lacks instead of failing on it."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _reader_left() -> int:
    """End quietly when whoever read our output is gone (`| head`)."""
    # The interpreter flushes stdout once more at exit and would complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.OK


if __name__ == "__main__":
    sys.exit(main())
