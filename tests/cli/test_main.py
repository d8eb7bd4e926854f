"""The front door: help, errors as one line, exit codes, and what it must not import."""

from __future__ import annotations

import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tui_editor.cli import main as front
from tui_editor.cli.parser import build_parser, module_of
from tui_editor.cli.table import VERBS, named
from tui_editor.errors import StoreLocked

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.support import Shell


def test_help_lists_every_command_with_its_summary(shell: Shell) -> None:
    result = shell("--help")

    assert result.code == 0
    assert [v.name for v in VERBS if f"\n    {v.name}" not in result.out] == []


@pytest.mark.parametrize("verb", [v.name for v in VERBS])
def test_help_of_each_command_has_an_example_of_its_own(shell: Shell, verb: str) -> None:
    result = shell(verb, "--help")

    assert result.code == 0
    assert f"  tui-editor {verb}" in result.out.partition("example")[2]


@pytest.mark.parametrize("example", [example for verb in VERBS for example in verb.examples])
def test_every_example_is_understood(example: str) -> None:
    program, *words = shlex.split(example)
    parser, _ = build_parser(words[:1])

    assert program == "tui-editor"
    assert parser.parse_args(words).verb == words[0]


def test_version_is_the_packages(shell: Shell) -> None:
    from tui_editor import __version__

    assert shell("--version").out == f"tui-editor {__version__}\n"


@pytest.mark.parametrize(
    "words", [["frobnicate"], ["tasks", "--nonsense"], ["render", "x"], ["--graphics", "ascii", "tasks"]]
)
def test_wrong_use_is_one_line_and_exit_code_2(shell: Shell, words: list[str]) -> None:
    result = shell(*words)

    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("tui-editor: ")
    assert result.err.count("\n") == 1


def test_a_global_option_works_before_and_after_the_command(
    shell: Shell, demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = shell("--project", demo, "tasks")
    after = shell("tasks", "--project", demo)

    assert before == after
    assert before.code == 0
    assert "Dahlia" in before.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["taks"], "there is no command taks (did you mean tasks"),
        (["queue"], "there is no command queue (did you mean tasks?"),
        (["xyzzy"], "there is no command xyzzy (tui-editor --help lists them all)"),
        (["assign", "ann", "1", "--to", "x"], "unrecognized arguments: --to x (see tui-editor assign --help)"),
        (["--bad"], "unrecognized arguments: --bad (see tui-editor --help)"),
    ],
)
def test_wrong_words_are_told_with_what_to_do(shell: Shell, words: list[str], said: str) -> None:
    result = shell(*words)
    assert (result.code, said in result.err) == (2, True), result.err


def test_what_a_person_typed_is_harmless_in_the_error(shell: Shell) -> None:
    result = shell("tasks", "\x1b]0;x\x07")

    assert result.code == 2
    assert "\x1b" not in result.err
    assert "\x07" not in result.err


def raising(error: BaseException) -> type:
    class Broken:
        @staticmethod
        def run(arguments: object) -> int:
            raise error

    return Broken


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (StoreLocked("grace edits it", hint="wait"), 4, "tui-editor: grace edits it (wait)\n"),
        (KeyboardInterrupt(), 130, "tui-editor: interrupted\n"),
        (PermissionError(13, "Permission denied", "x\x1b.json"), 3, "tui-editor: x␛.json: Permission denied\n"),
    ],
)
def test_an_error_is_one_line_with_its_exit_code(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, line: str
) -> None:
    monkeypatch.setattr(front, "module_of", lambda verb: raising(error))

    result = shell("formats")

    assert (result.code, result.err) == (code, line)


def test_an_unexpected_error_shows_no_data_and_keeps_its_details(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(front, "module_of", lambda verb: raising(RuntimeError("secret \x1b[2J label")))

    result = shell("formats")
    log = tmp_path / "home" / "state" / "tui-editor" / "errors.log"

    assert result.code == 3
    assert result.err == f"tui-editor: something unexpected went wrong: RuntimeError (details are in {log})\n"
    kept = log.read_text(encoding="utf-8")
    assert "secret ␛[2J label" in kept
    assert "Traceback" in kept


def test_a_reader_that_leaves_ends_the_program_quietly() -> None:
    code = "import sys; from tui_editor.cli.main import main; sys.exit(main(['keys']))"
    program = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert program.stdout is not None
    assert program.stderr is not None
    program.stdout.close()
    errors = program.stderr.read()
    program.stderr.close()

    assert program.wait() == 0
    assert errors == b""


@pytest.mark.parametrize("verb", [v.name for v in VERBS])
def test_help_of_a_command_imports_only_that_command_and_nothing_heavy(verb: str) -> None:
    heavy = "{'numpy', 'textual', 'rich', 'apsw', 'cv2', 'av', 'PIL', 'shapely', 'textual_image'}"
    tell = (
        "import sys\nfrom tui_editor.cli.main import main\n"
        f"main(['{verb}', '--help'])\n"
        "verbs = {n.rpartition('.')[2] for n in sys.modules if n.startswith('tui_editor.cli.verbs.')}\n"
        f"print(sorted(verbs), sorted({{n.partition('.')[0] for n in sys.modules}} & {heavy}), file=sys.stderr)"
    )
    said = subprocess.run([sys.executable, "-c", tell], capture_output=True, text=True, check=True).stderr
    found = named(verb)
    assert found is not None
    needed = sorted({found.module, *({"opening"} if verb == "demo" else set())})

    assert said == f"{needed} []\n"


def test_every_command_has_a_module_that_can_run() -> None:
    assert [v.name for v in VERBS if not callable(module_of(v).run)] == []
