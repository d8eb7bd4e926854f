"""The manual's page of the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui_editor.api.config import KEYS

if TYPE_CHECKING:
    from tui_editor.api.config import Key

_INTRODUCTION: Final = (
    "`~/.config/tui-editor/config.toml` (`$XDG_CONFIG_HOME` moves it; `tui-editor doctor` tells the place) "
    "is read when the editor starts. There need not be one."
)


_KEYS_PAGE: Final = (
    "## Keys",
    "",
    "```toml",
    "[keys]",
    'preset = "cvat"             # default, cvat, labelimg or encord; `--preset` outweighs it',
    "",
    "[keys.browse]",
    '"ctrl+d" = "object.delete"  # keys, and the id of a command',
    '"g v" = "draw.box van"      # keys one after the other; the command with its argument',
    '"p" = ""                    # these keys do nothing',
    "```",
    "",
    (
        "A table binds keys in one mode (`browse`, `review`, `reason`, `edit`, `draw`, `jump`, `tool`, `adjust`, "
        "`turbo`, `labels`, `issues`, `findings`, `queue`) or in several: `loop` is browse and review, `canvas` these "
        "with edit and draw, `all` is every mode; what a narrower table says goes before. "
        "Your bindings lie over those of the preset, and these "
        "over the default: keys that you bind no longer do what they did before, nor do sequences that begin with "
        "them. A key is the character that it types (`A`, `[`), or a name: `enter`, `tab`, `space`, `delete`, `f5`, "
        "`ctrl+d`, `alt+m`. "
        "[commands.md](commands.md) has the ids, [keys.md](keys.md) the keys."
    ),
    "",
    (
        "A binding that can't be (an unknown command or mode, keys that no terminal sends, two bindings of which one "
        "begins with the other) is left out and told when the editor starts, with its line and what to do; `tui-editor "
        "keys` prints what came out, and all that was wrong. A mode always keeps a key that leaves it."
    ),
)


def _values(key: Key) -> str:
    if key.range:
        return f"{key.range[0]} to {key.range[1]}, else `{key.values[0]}`"
    return ", ".join(f"`{value}`" for value in key.values)


def config_page() -> str:
    """Return the manual's page in Markdown."""
    lines = [
        "# Configuration",
        "",
        "<!-- Generated from the keys by `make pages`. -->",
        "",
        _INTRODUCTION,
        "",
        "```toml",
        *(f'{key.name} = "{key.values[0]}"' for key in KEYS),
        "```",
        "",
        "| Key | Values | Meaning |",
        "| --- | --- | --- |",
        *(f"| `{key.name}` | {_values(key)} | {key.doc} |" for key in KEYS),
        "",
        "`g S` shows them in the editor with a search, with where each value comes from, and changes them; so does",
        "`tui-editor config`. Comments in the file stay. Where your file says nothing, a project may have defaults of",
        "its own for all but the first three (`tui-editor settings defaults skip=25`).",
        "",
        "An unknown key or value is told with its line, and nothing starts.",
        "",
        *_KEYS_PAGE,
    ]
    return "\n".join(lines) + "\n"
