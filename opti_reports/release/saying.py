"""What there is to say of a release that may be: on the terminal and on its page alike."""

from __future__ import annotations

from collections.abc import Iterator

from opti_reports.messages.message import Message, few, message
from opti_reports.messages.sentences import say
from opti_reports.model.change import CHANGES
from opti_reports.model.mail import Held
from opti_reports.model.release import Blocked, ReleasedPack
from opti_reports.release.preview import Preview

METRICS_SHOWN = 4


def name_of(pack: ReleasedPack | Blocked | Held) -> str:
    """Return how a document is called: pack/organisation.language."""
    return f"{pack.pack}/{pack.org}.{pack.lang}"


def looked_at(shown: Preview) -> list[ReleasedPack]:
    """Return the packs that differ in kind from those of the months before, the gravest first."""
    packs = sorted((one for one in shown.release.packs if one.org in shown.looks), key=lambda one: one.file)
    kinds = {one.org: [look.kind for look in shown.looks[one.org]] for one in packs}
    return sorted(packs, key=lambda one: [kinds[one.org].count(kind) for kind in CHANGES], reverse=True)


def reasons(shown: Preview, pack: ReleasedPack) -> Iterator[Message]:
    """Yield why a pack is to be looked at, a kind each, with the metrics."""
    found = shown.looks.get(pack.org, ())
    for kind in CHANGES:
        if metrics := list(dict.fromkeys(look.metric for look in found if look.kind == kind)):
            what = message(f"change.{kind}")
            yield message("release.kind", kind=what, metrics=few(metrics, METRICS_SHOWN))


def of_nobody(shown: Preview) -> list[str]:
    """Return the packs that nobody would get, though they are mailed."""
    packs = () if shown.release.pack else shown.release.packs
    return [name_of(pack) for pack in packs if not shown.receivers.get(pack.file)]


def held_back(shown: Preview) -> Iterator[str]:
    """Yield what is not released and why, and recipients that get nothing of what is."""
    which = shown.release.asked
    yield from (say("release.waiting", what=what, which=which) for what in shown.waiting)
    for one in shown.release.blocked:
        name = name_of(one)
        if one.reason == "failed":
            why = next((text for file, text in shown.why.items() if f"/{name}." in file), "")
            yield say("release.failed", name=name, why=why)
        else:
            yield say("release.outdated", name=name)
    for held in shown.held:
        reason = message(f"held.{held.reason}")
        yield say("release.held", name=name_of(held), recipient=held.recipient, why=reason)
