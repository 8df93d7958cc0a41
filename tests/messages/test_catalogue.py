"""The catalogue of the terminal's sentences holds what the program says, no more and no less."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, get_args

import click
import numpy as np
import pytest

from opti_reports.adopt.having import How as Had
from opti_reports.adopt.plan import How
from opti_reports.cli import main
from opti_reports.config.base import Kind
from opti_reports.doctor.sign import Health, Part
from opti_reports.errors import CodedError
from opti_reports.explain.trace import Fate as TraceFate
from opti_reports.explain.value import Again
from opti_reports.extracts.refusals import REASONS
from opti_reports.meetings.door import NAMES
from opti_reports.messages.message import Shown, few, message
from opti_reports.messages.sentences import FIX, Catalogue, Sentence, catalogue, collected, say, sentence
from opti_reports.model.change import ChangeKind
from opti_reports.model.delivered import HeldTo
from opti_reports.model.delivery import NO_DATA
from opti_reports.model.imports import KINDS
from opti_reports.model.mail import Fate, HeldBecause
from opti_reports.model.spc import Assurance, Variation
from opti_reports.schedule.due import Verdict
from opti_reports.starter import What
from opti_reports.terminal.help import explained, texts

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "opti_reports"
PRINTING = PROGRAM / "terminal/printing.py"
SPEAKING = {
    "opti_reports.messages.sentences": {"say", "headings"},
    "opti_reports.messages.message": {"message"},
    "opti_reports.terminal.printing": {"note", "agreed", "asked"},
}
"""Functions whose first argument is a code, by the module they come from."""
FAULTS = {"config": {"self._fault": 1, "self.fault": 1}, "demo": {"self._refusal": 1}}
"""Methods that make faults of files, by room, and which argument is the code."""
HANDED_ON = {("config/check_packs.py", "_unknown"): (2, frozenset({"name", "near"}))}
"""Functions that hand a code on: which argument it is, and the values they give."""
OWN, OF_ERRORS = {"hidden"}, {"where", "connected"}
"""Named arguments that are no values: of functions, of errors."""
NOT_SHOWN = {
    "algebra/columns.py": "a fault of the program",
    "messages/sentences.py": "a fault of the program",
    "model/delivery.py": "a fault of the program",
    "render/fetching.py": "caught by the layout engine",
    "render/workbook.py": "a fault of the program",
    "store/entries.py": "caught by who reads the entry",
}
"""Modules with errors in plain English, and why nobody reads it."""
PRINTS = re.compile(
    r"print|click\.(echo|secho|echo_via_pager|prompt|confirm|progressbar)|sys\.(stdout|stderr|__\w+__)"
)


@cache
def steps() -> frozenset[str]:
    """The names of steps that the program times or shows the progress of."""
    calls = (node for path in PROGRAM.rglob("*.py") for node in _calls(path))
    return frozenset(
        str(node.args[0].value)
        for node in calls
        if isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func) in {"clock.lap", "request.step", "bars.show"}
        and isinstance(node.args[0], ast.Constant)
    )


def kinds() -> dict[str, frozenset[str]]:
    """The codes that are made of a kind, by their beginning."""
    return {
        "aside.": frozenset(NO_DATA),
        "how.": frozenset(get_args(How)),
        "called.": NAMES,
        "reason.": REASONS,
        "assurance.": frozenset(get_args(Assurance)),
        "change.": frozenset(get_args(ChangeKind)),
        "doctor.health.": frozenset(get_args(Health)),
        "doctor.part.": frozenset(get_args(Part)),
        "explain.again.": frozenset(get_args(Again)) - {""},
        "fate.": frozenset(get_args(Fate)),
        "held.": frozenset(get_args(HeldBecause)),
        "import.": frozenset(KINDS),
        "login.": frozenset({"none", "password", "oauth"}),
        "sources.how.": frozenset(get_args(Had)),
        "step.": steps(),
        "sum_of.": frozenset(get_args(HeldTo)) - {"parts"},
        "variation.": frozenset(chain.from_iterable(get_args(one) or (one,) for one in get_args(Variation))),
        "trace.fate.": frozenset(get_args(TraceFate)),
        "unknown.": frozenset(get_args(Kind)),
        "upgrade.file.": frozenset(get_args(What)),
        "verdict.": frozenset(get_args(Verdict)),
    }


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(_tree(path)) if isinstance(node, ast.Call))


@cache
def _faults(path: Path) -> dict[str, int]:
    """What makes faults of files in a module, and which argument is the code."""
    methods = FAULTS.get(path.relative_to(PROGRAM).parts[0], {})
    imports = [node for node in ast.walk(_tree(path)) if isinstance(node, ast.ImportFrom)]
    names = {(node.module, alias.name) for node in imports for alias in node.names}
    return methods | ({"Fault": 2} if ("opti_reports.errors", "Fault") in names else {})


def _speakers(path: Path) -> set[str]:
    """The functions that take a code, as a module has imported them."""
    own = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    found = set(SPEAKING.get(own, ()))
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom):
            names = SPEAKING.get(node.module or "", set())
            found |= {alias.name for alias in node.names if alias.name in names}
    return found


@cache
def errors() -> dict[str, int]:
    """The kinds of errors that say a code, and which argument it is."""
    found: set[str] = set()
    news = {CodedError.__name__}
    classes = [
        (node.name, {ast.unparse(base) for base in node.bases})
        for path in PROGRAM.rglob("*.py")
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.ClassDef)
    ]
    while news - found:
        found |= news
        news = {name for name, bases in classes if bases & found}
    return dict.fromkeys(found - {"ConfigError"}, 0) | {"ExpressionError": 1}


@cache
def said() -> tuple[tuple[str, str, frozenset[str]], ...]:
    """Where a code is used, the code or its beginning, and the names of the values given with it."""
    found = []
    for path in sorted(PROGRAM.rglob("*.py")):
        codes = dict.fromkeys(_speakers(path), 0) | _faults(path) | errors()
        for node in _calls(path):
            name = ast.unparse(node.func)
            here = (path.relative_to(PROGRAM).as_posix(), name)
            at, given = HANDED_ON.get(here, (codes.get(name), frozenset()))
            if at is not None and len(node.args) > at:
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                if (code := _code(node.args[at], place)) is not None:
                    own = OF_ERRORS if name in errors() else OWN
                    values = {keyword.arg or "**" for keyword in node.keywords} - own
                    found.append((place, code, given | values))
    return tuple(found)


def _code(node: ast.expr, place: str) -> str | None:
    """A code as it is written; of one made of a kind its beginning; None where it is handed on."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return str(node.values[0].value)
    handed_on = re.fullmatch(r"code|.*\.code", ast.unparse(node))
    assert handed_on, f"{place}: the code is not written out"
    return None


def names(code: str) -> frozenset[str]:
    """The values that a sentence and its remedy need."""
    known = catalogue().sentences
    fix = known.get(f"{code}.{FIX}")
    return known[code].names | (fix.names if fix else frozenset())


def test_every_code_is_in_the_catalogue_and_has_its_values() -> None:
    found = []
    known = catalogue()
    for place, code, values in said():
        if code in known.headings and not values:
            continue
        codes = [f"{code}{kind}" for kind in kinds().get(code, ())] or [code]
        for one in codes:
            if one not in known.sentences:
                found.append(f"{place}: there is no sentence '{one}'")
            elif (needed := names(one)) != values:
                found.append(f"{place}: '{one}' needs {sorted(needed)} and gets {sorted(values)}")
    assert not found, "\n".join(found)


def test_no_sentence_is_dead() -> None:
    used = {code for _, code, _ in said() if code not in kinds()}
    used |= {f"{begin}{kind}" for begin, own in kinds().items() for kind in own}
    assert {code for _, code, _ in said() if code.endswith(".")} == set(kinds())
    used |= {f"{code}.{FIX}" for code in used} | {code for _, code in texts(main)}
    known = catalogue()
    assert sorted({*known.sentences, *known.headings} - used) == []


def test_no_error_speaks_for_itself() -> None:
    found: dict[str, list[str]] = {}
    for path in sorted(PROGRAM.rglob("*.py")):
        for node in _calls(path):
            name, place = ast.unparse(node.func), path.relative_to(PROGRAM).as_posix()
            if not (name.endswith("Error") or name in _faults(path) or (place, name) in HANDED_ON):
                continue
            for part in ast.walk(node):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value:
                    found.setdefault(place, []).append(f"{node.lineno}: {part.value}")
    assert {place: lines for place, lines in found.items() if place not in NOT_SHOWN} == {}
    assert found.keys() == NOT_SHOWN.keys()


def test_a_code_stands_in_one_file_only(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[x]\ny = { what = "so", fix = "do" }\n', encoding="utf-8")
    assert collected(tmp_path).say("x.y.fix", {}) == "do"
    (tmp_path / "b.toml").write_text('[x]\ny = "otherwise"\n', encoding="utf-8")
    with pytest.raises(LookupError, match=r"b\.toml: there is a 'x\.y' in another file"):
        collected(tmp_path)


def test_only_one_place_prints() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)}"
        for path in sorted(PROGRAM.rglob("*.py"))
        if path != PRINTING
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Name | ast.Attribute) and PRINTS.fullmatch(ast.unparse(node))
    ]
    assert found == []


def made(**sentences: Any) -> Catalogue:
    return Catalogue(name="messages/xx", sentences=sentences, headings={})


def test_help_comes_from_the_catalogue() -> None:
    assert [
        path for path in PROGRAM.rglob("*.py") for c in _calls(path) for k in c.keywords if k.arg == "help"
    ] == []
    explained(main)
    option = next(one for one in main.commands["run"].params if one.name == "when_ready")
    assert isinstance(option, click.Option)
    assert option.help == say("help.run.--when-ready")
    unheard = click.Group(commands={"hum": click.Command("hum")})
    with pytest.raises(LookupError, match=r"there is no 'help\.hum\.text'"):
        explained(unheard)


def test_a_missing_sentence_or_value_is_named() -> None:
    with pytest.raises(LookupError, match=r"messages/en: there is no 'nothing\.of_the_kind'"):
        say("nothing.of_the_kind")
    with pytest.raises(LookupError, match=r"messages/en: the sentence 'error\.placed' lacks what, where"):
        say("error.placed")
    with pytest.raises(LookupError, match="lacks n"):
        made(packs=Sentence(by="n", one="a pack", other="packs")).say("packs", {})


@pytest.mark.parametrize(("n", "text"), [(0, "no packs"), (1, "1 pack"), (2, "2 packs"), (21, "21 packs")])
def test_an_amount_chooses_the_form(n: int, text: str) -> None:
    packs = Sentence(by="n", zero="no packs", one="{n} pack", other="{n} packs")
    assert made(packs=packs).say("packs", {"n": n}) == text


def test_a_form_that_is_not_there_is_the_other_one() -> None:
    assert made(packs=Sentence(by="n", one="{n} pack", other="{n} packs")).say("packs", {"n": 0}) == "0 packs"


def test_values_are_shown_as_they_are() -> None:
    known = made(x=Sentence(other="{what}: {names: and }; {more}"), y=Sentence(other="<{what}>"))
    values: dict[str, Shown] = {
        "what": message("y", what="{names}"),
        "names": ("a", message("y", what="b")),
        "more": ("c", "d"),
    }
    assert known.say("x", values) == "<{names}>: a and <b>; c, d"


@pytest.mark.parametrize(
    ("shown", "text"), [(1, "a and 2 more"), (2, "a, b and 1 more"), (3, "a, b, c"), (4, "a, b, c")]
)
def test_a_long_list_is_cut(shown: int, text: str) -> None:
    assert sentence(few(["a", "b", "c"], shown)) == text


def test_numbers_of_other_libraries_become_plain_ones() -> None:
    one: Any = np.int64(1)
    half: Any = np.float64(0.5)
    found = message("few", names=(one, half), more=one).values
    assert json.loads(json.dumps(found)) == {"names": [1, 0.5], "more": 1}
    assert sentence(message("few", names=("a",), more=one)) == "a and 1 more"
