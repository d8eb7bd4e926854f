"""Files that set something: configuration, rules, baselines, waivers, workflows, ontologies, what a sitting kept."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from tests.fuzz.label_files import ONTOLOGIES, RAW, made_coco, seeds
from tests.fuzz.mutations import json_mutated, text_mutated
from tests.fuzz.target import Target, unless_broken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from random import Random

CONFIG = b"""graphics = "auto"
colours = "256"
turbo = "on"

[keys]
preset = "cvat"

[keys.browse]
"ctrl+d" = "object.delete"
"g v" = "draw.box van"
"p" = ""

[keys.canvas]
"x" = "object.delete"
"""
CHECKS = b"""select = ["G", "T"]
ignore = ["X", "O07"]

[rules.G02]
least_side_px = 3.0
severity = "error"

[rules.G15]
attribute = "truncat"

[[waive]]
rule = "G04"
key = "5f0c1d2e3a4b5c6d"
author = "ada"
reason = "the bus is wider than the street"
expires = 2027-06-30
said = "it is out"
"""
WORKFLOW = json.dumps(
    [
        {"name": "annotate", "kind": "annotate", "next": "router", "people": ["ada"]},
        {
            "name": "router",
            "kind": "router",
            "routes": [{"to": "review", "percent": 40.0, "people": ["ada"]}, {"to": "complete"}],
        },
        {
            "name": "review",
            "kind": "review",
            "next": "complete",
            "back": "annotate",
            "edit": False,
            "sampling": {"every": 2, "each_author": 3, "lowest_percent": 10.0},
        },
        {"name": "complete", "kind": "complete", "tasks": 5},
    ]
).encode()
SCRIPT = b"""j j l # moves
"car" enter
3 j esc . u
"""


@cache
def baseline() -> bytes:
    """Return a baseline of findings in a made COCO file."""
    import tempfile
    from pathlib import Path

    from tui_editor.api.checking import check_data
    from tui_editor.api.quality.accepted import save_baseline

    with tempfile.TemporaryDirectory() as folder:
        source, file = Path(folder, "coco.json"), Path(folder, "known.json")
        source.write_text(json.dumps(made_coco()), encoding="utf-8")
        save_baseline(file, list(check_data(source, pixels=False)))
        return file.read_bytes()


def text_file(name: str, data: bytes) -> Callable[[Random, Path], Path]:
    """Return what writes a mutated file of lines."""

    def make(chance: Random, folder: Path) -> Path:
        (folder / name).write_bytes(text_mutated(data, chance))
        return folder / name

    return make


def json_file(name: str, data: Callable[[], bytes]) -> Callable[[Random, Path], Path]:
    """Return what writes a mutated JSON file."""

    def make(chance: Random, folder: Path) -> Path:
        (folder / name).write_bytes(json_mutated(data(), chance))
        return folder / name

    return make


def read_config(path: Path) -> None:
    """Read the configuration and make the keys that it binds; what is wrong with them is told harmlessly."""
    from tui_editor.api.config import load_config
    from tui_editor.commands.presets import keymap_for

    keymap = keymap_for("", load_config(path).keys)
    unless_broken(not any(RAW.search(line) for line in keymap.problems), "control characters in a problem")


def read_checks(path: Path) -> None:
    """Read the settings of checks, and let the rules run by them."""
    from tui_editor.api.checking import check_data
    from tui_editor.api.quality.settings import load_settings

    plan = load_settings(path).plan(pixels=False)
    source = path.parent / "labels.json"
    source.write_text(json.dumps(made_coco()), encoding="utf-8")
    for _ in check_data(source, plan=plan, pixels=False):
        pass


def read_baseline(path: Path) -> None:
    """Read a baseline, and hold findings against it."""
    from tui_editor.api.quality.accepted import Accepted, load_baseline

    Accepted(load_baseline(path), ()).summary()


def read_workflow(path: Path) -> None:
    """Read the stages of a workflow."""
    from tui_editor.api.workflow_file import parsed

    unless_broken(bool(parsed(path).stages), "a workflow without a stage")


def ontology_file(chance: Random, folder: Path) -> Path:
    """Write a mutated Encord ontology."""
    own = seeds(ONTOLOGIES) or (b'{"objects": [], "classifications": []}',)
    (folder / "ontology.json").write_bytes(json_mutated(chance.choice(own), chance))
    return folder / "ontology.json"


def read_ontology(path: Path) -> None:
    """Read an Encord ontology by itself."""
    from tui_editor.formats.encord.files import decode
    from tui_editor.formats.encord.ontology_read import find_structure
    from tui_editor.formats.encord.ontology_read import read_ontology as read
    from tui_editor.formats.encord.places import Place

    place = Place(str(path))
    structure = find_structure(place.as_object(decode(path.read_bytes(), place)))
    if structure is not None:
        read(structure, place)


def kept_file(chance: Random, folder: Path) -> Path:
    """Write mutated files of what a sitting kept: macros, lines of the prompt, the arrangement of panes."""
    (folder / "kept").write_bytes(
        json_mutated(
            chance.choice(
                (
                    b'{"a": [{"id": "object.next", "count": 2, "argument": "", "answers": ["x"]}]}',
                    b'["one", "two"]',
                    b'{"wide": {"left": 30, "right": 40}, "narrow": {}}',
                )
            ),
            chance,
        )
    )
    return folder / "kept"


def read_kept(path: Path) -> None:
    """Read what a sitting kept, as each of its kinds."""
    from tui_editor.ui.kept import _lines, _macros
    from tui_editor.ui.screens.arrangement import load_arrangement

    content = path.read_bytes()
    _lines(content)
    _macros(content)
    load_arrangement(path).sizes(120, 40)


def read_script(path: Path) -> None:
    """Read a script of keys."""
    from tui_editor.errors import UsageError
    from tui_editor.ui.script import read_script as read

    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError("no text") from error
    read(text)


def targets() -> Iterator[Target]:
    """Yield the targets of this module."""
    yield Target("config", 3, text_file("config.toml", CONFIG), read_config)
    yield Target("checks.toml", 3, text_file("checks.toml", CHECKS), read_checks)
    yield Target("baseline", 2, json_file("known.json", baseline), read_baseline)
    yield Target("workflow", 2, json_file("workflow.json", lambda: WORKFLOW), read_workflow)
    yield Target("ontology", 3, ontology_file, read_ontology)
    yield Target("kept", 1, kept_file, read_kept)
    yield Target("script", 1, text_file("keys.txt", SCRIPT), read_script)
