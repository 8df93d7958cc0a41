"""What adopting files would do, given what was answered: the plan, and the configs as they would be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from opti_reports.adopt import change
from opti_reports.adopt.answers import Answers
from opti_reports.adopt.content import Found
from opti_reports.adopt.file import Adviser
from opti_reports.adopt.fresh import Draft
from opti_reports.adopt.knowledge import Knowledge
from opti_reports.adopt.look import Left, Look, look, together
from opti_reports.adopt.plan import Addition, FilePlan, LeftAlone, Plan
from opti_reports.config.configs import Configs
from opti_reports.config.listed import FILE as LISTED
from opti_reports.config.load import load
from opti_reports.config.source import Source, fold
from opti_reports.errors import ConfigError, ExtractError
from opti_reports.extracts.pieces import open_file
from opti_reports.messages.message import Message, message
from opti_reports.workspace import Workspace


@dataclass(frozen=True)
class Proposal:
    """A plan, and the files of configs as they would be with it, by name."""

    plan: Plan
    changed: dict[str, bytes]


@dataclass(frozen=True)
class Seen:
    """Files that were looked at, those that are left alone, and what the configs know."""

    place: Workspace
    knowledge: Knowledge
    looks: tuple[Look, ...]
    left: tuple[Left, ...]


def see(place: Workspace, files: Iterable[Path]) -> Seen:
    """Look at files; each once. Raises ConfigError where the configs are not in order as they are."""
    knowledge = Knowledge(load(place.configs, place.demo, whole=True))
    looks, left = list[Look](), list[Left]()
    for path in dict.fromkeys(_named(files)):
        found = look(path, lambda cell: fold(cell) in knowledge.headings)
        if isinstance(found, Left):
            left.append(found)
        else:
            looks.append(found)
    return Seen(place, knowledge, together(looks), tuple(left))


def _named(files: Iterable[Path]) -> Iterable[Path]:
    """Yield the files, of a folder those in it."""
    for path in files:
        if path.is_dir():
            yield from sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
        else:
            yield path


def propose(seen: Seen, answers: Answers) -> Proposal:
    """Return the plan for files, given what was answered."""
    found, drafts = Found(), list[Draft]()
    adviser = Adviser(seen.knowledge, answers, found, drafts)
    files = [adviser.plan(look) for look in seen.looks]
    plan = Plan(
        files=tuple(files),
        left=tuple(LeftAlone(one.file, one.why) for one in seen.left),
        additions=tuple(found.additions.values()),
        new=tuple(one.made for one in drafts if one.made),
        questions=tuple(found.questions.values()),
    )
    plan = replace(plan, additions=(*_writable(plan), *_taken_in(seen.place, files)))
    changed = change.texts(seen.place.configs, plan)
    try:
        configs = change.tried(seen.place, changed) if changed else seen.knowledge.configs
    except ConfigError as error:
        return Proposal(replace(plan, faults=(error.message,)), changed)
    asked = {question.key[1] for question in plan.questions if question.key[0] in ("column", "wide")}
    return Proposal(replace(plan, files=tuple(_read(files, seen.looks, configs, asked))), changed)


def _writable(plan: Plan) -> Iterable[Addition]:
    """Yield the additions but for codes of a system whose source is not written yet."""
    written = {new.file.removeprefix("sources/").removesuffix(".toml") for new in plan.new}
    drafted = {question.key[1] for question in plan.questions if question.key[0] == "id"}
    for addition in plan.additions:
        system = addition.key[-1] if addition.key[1:2] == ("codes",) else ""
        if system in written or system not in drafted:
            yield addition


def _taken_in(place: Workspace, files: Iterable[FilePlan]) -> Iterable[Addition]:
    """Yield the sources of files that the organisation has not had so far."""
    others = load(place.configs, place.demo).unlisted.sources
    for id in sorted({plan.source for plan in files} & others.keys()):
        yield Addition(LISTED, ("sources",), id, message("why.has"))


def _read(
    files: Sequence[FilePlan], looks: Sequence[Look], configs: Configs, asked: set[str]
) -> Iterable[FilePlan]:
    """Yield each file's plan with why its headings would still be refused, once nothing is asked of them."""
    for plan, seen in zip(files, looks, strict=True):
        source = configs.sources.get(plan.source)
        if source is None or plan.faults or plan.source in asked:
            yield plan
        else:
            yield replace(plan, faults=tuple(_refused(source, seen)))


def _refused(source: Source, look: Look) -> Iterable[Message]:
    for path in look.paths:
        try:
            open_file(source, path)
        except ExtractError as error:
            yield message("doubt_of.refused", file=path.name, why=error.message)
