"""Findings as one HTML page without anything from elsewhere: with pictures of what they are about."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Final

from tui_editor.cli.reports.report import harmless, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui_editor.cli.reports.report import About
    from tui_editor.ports import Finding

MOST_CARDS: Final = 200
"""Findings of a rule that are shown; further ones are counted."""
MOST_CROPS: Final = 300
"""Pictures of a page, about 20 kB each; each rule that found something gets its share of them."""
_STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --error: #c62828; --warning: #b26a00; --info: #1565c0 }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin: 0 0 .25rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
p.sum { color: #888; margin: 0 0 1rem } table { border-collapse: collapse; width: 100% }
td, th { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line) }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: .9rem }
.card { border: 1px solid var(--line); border-radius: 8px; overflow: hidden }
.card img { display: block; width: 100%; background: #0002; image-rendering: auto }
.card > div { padding: .6rem .8rem } .place { color: #888; font-size: .85rem; overflow-wrap: anywhere }
.badge { font-size: .75rem; font-weight: 600; border-radius: 4px; padding: .1rem .4rem; color: #fff;
  background: var(--info) }
.badge.error { background: var(--error) } .badge.warning { background: var(--warning) }
code { font-size: .8rem; color: #888 }
"""


def report(findings: Iterable[Finding], about: About) -> Iterator[str]:
    """Yield the page: the rules with their numbers, then a card for each of their first findings, rule by rule."""
    shown: dict[str, list[Finding]] = {}
    counts: Counter[str] = Counter()
    for finding in findings:
        counts[finding.rule] += 1
        if counts[finding.rule] <= MOST_CARDS:
            shown.setdefault(finding.rule, []).append(finding)
    checks = {check.rule: check for check in about.rules}
    title = escape(harmless(about.title))
    total = counts.total()
    yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>Check of {title}</title>\n<style>{_STYLE}</style></head>\n<body>\n<h1>Check of {title}</h1>\n"
    yield f'<p class="sum">{total} finding{"s" * (total != 1)} of {len(shown)} of {len(checks)} rules</p>\n'
    yield "<table><tr><th>Rule</th><th>What is wrong</th><th>Findings</th><th>What to do</th></tr>\n"
    for rule in sorted(shown):
        what, hint = getattr(checks.get(rule), "title", ""), shown[rule][0].hint
        yield f'<tr><td><a href="#{rule}">{rule}</a></td><td>{escape(what)}</td><td>{counts[rule]}</td>'
        yield f"<td>{escape(harmless(hint))}</td></tr>\n"
    yield "</table>\n"
    for rule in sorted(shown):
        yield f'<h2 id="{rule}">{rule} · {escape(getattr(checks.get(rule), "title", ""))}</h2>\n<div class="cards">\n'
        yield from _cards(shown[rule], about, MOST_CROPS // len(shown))
        yield "</div>\n"
        more = counts[rule] - len(shown[rule])
        if more:
            listed = f"<code>--select {rule} --format json</code> lists all"
            yield f'<p class="sum">and {more:,} more: {listed}</p>\n'
    yield "</body></html>\n"


def _cards(findings: Iterable[Finding], about: About, crops: int) -> Iterator[str]:
    """Yield cards, the first ones with pictures."""
    for finding in findings:
        picture = about.crop(finding) if crops > 0 else None
        crops -= picture is not None
        yield _card(finding, picture)


def _card(finding: Finding, picture: bytes | None) -> str:
    message = escape(harmless(finding.message))
    shown = ""
    if picture is not None:
        data = b64encode(picture).decode()
        shown = f'<img alt="{message}" loading="lazy" src="data:image/png;base64,{data}">'
    level = finding.severity.value
    return (
        f'<div class="card">{shown}<div><span class="badge {level}">{level}</span> {message}'
        f'<div class="place">{escape(place_of(finding))}</div><code>{finding.key}</code></div></div>\n'
    )
