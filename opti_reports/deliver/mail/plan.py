"""Who gets what of a release: a pure function of recipients, organisation and the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from opti_reports.config.recipients import Recipient, Recipients
from opti_reports.model.mail import Fated, Held, HeldBecause, Key, Letter, MailPlan, Row
from opti_reports.model.organisation import Tree
from opti_reports.model.release import Release, ReleasedPack


def may_get(recipient: Recipient, org: str, tree: Tree) -> bool:
    """Whether an organisation's packs are the recipient's: its own, or below it if it gets those too.

    The only place that decides it.
    """
    if org == recipient.organisation:
        return True
    return recipient.below and org in tree.by_id and recipient.organisation in tree.lineage(org)


def plan(release: Release, recipients: Recipients, tree: Tree, today: dt.date, language: str) -> MailPlan:
    """The letters of a release on a day, and what is held back. ``language`` is that of who names none."""
    letters: list[Letter] = []
    held: list[Held] = []
    for recipient in recipients.recipient:
        lang = recipient.language or language
        found = [p for p in release.packs if p.pack in recipient.packs and may_get(recipient, p.org, tree)]
        own = [p for p in found if p.lang == lang]
        if not recipient.valid(today):
            reason: HeldBecause = "revoked" if today > recipient.valid_to else "not_yet"
            held += [Held(recipient.address, recipient.role, p.pack, p.org, p.lang, reason) for p in own]
            continue
        letters += [_letter(release, recipient, pack, today) for pack in own]
        held += _lacking(release, recipient, lang, found, tree)
    addressed = {letter.released for letter in letters} | {
        p for p in release.packs for h in held if (p.pack, p.org, p.lang) == (h.pack, h.org, h.lang)
    }
    alone = tuple(pack for pack in release.packs if pack not in addressed)
    return MailPlan(tuple(sorted(letters, key=_order)), tuple(held), alone)


def _order(letter: Letter) -> tuple[str, str, str, str]:
    key = letter.key
    return key.pack, key.org, key.lang, key.recipient


def _letter(release: Release, recipient: Recipient, pack: ReleasedPack, today: dt.date) -> Letter:
    key = Key(release.month, pack.pack, pack.org, pack.lang, release.version, recipient.address)
    role, address = recipient.reached(today)
    return Letter(key, role, address, pack)


def _lacking(
    release: Release, recipient: Recipient, lang: str, found: Sequence[ReleasedPack], tree: Tree
) -> Iterator[Held]:
    """What a recipient would get were it made in its language, or not held back from the release."""
    who = recipient.address, recipient.role
    told = {(p.pack, p.org) for p in found if p.lang == lang}
    for blocked in release.blocked:
        if (
            blocked.pack in recipient.packs
            and blocked.lang == lang
            and may_get(recipient, blocked.org, tree)
            and (blocked.pack, blocked.org) not in told
        ):
            told.add((blocked.pack, blocked.org))
            yield Held(*who, blocked.pack, blocked.org, lang, blocked.reason)
    for pack in found:
        if (pack.pack, pack.org) not in told:
            told.add((pack.pack, pack.org))
            yield Held(*who, pack.pack, pack.org, lang, "language")
    for kind in recipient.packs:
        if kind not in {pack for pack, _ in told}:
            yield Held(*who, kind, recipient.organisation, lang, "none")


def fates(
    letters: Sequence[Letter], rows: Sequence[Row], corrections: Mapping[int, frozenset[tuple[str, str, str]]]
) -> tuple[Fated, ...]:
    """What would become of each letter, given the outbox.

    ``corrections``: by version of the month, the packs (pack, organisation, language) that it corrected; a
    version that is not known counts as one that corrected everything.
    """
    by_id = {row.id: row for row in rows}
    return tuple(_fate(letter, by_id.get(letter.id), rows, corrections) for letter in letters)


def _fate(
    letter: Letter,
    own: Row | None,
    rows: Sequence[Row],
    corrections: Mapping[int, frozenset[tuple[str, str, str]]],
) -> Fated:
    key = letter.key
    before = [
        row
        for row in rows
        if row.key._replace(version=0) == key._replace(version=0)
        and row.key.version < key.version
        and row.state in ("accepted", "uncertain")
    ]
    had = max(before, key=lambda row: row.key.version, default=None)
    since = range((had.key.version if had else 0) + 1, key.version + 1)
    place = key.pack, key.org, key.lang
    corrected = any(place in corrections.get(v, {place}) for v in since if v > 1)
    if own is not None:
        return Fated(letter, own.state, corrected, own.reply)
    same = had is not None and (not corrected or had.sha256 == letter.released.sha256)
    if had is None or not same:
        return Fated(letter, "send", corrected)
    if had.state == "uncertain" and had.way == "smtp":
        return Fated(letter, "awaits", corrected, f"{had.id} of version {had.key.version} is uncertain")
    how = "draft of version" if had.way == "draft" else "version"
    return Fated(letter, "unchanged", corrected, f"the same as {how} {had.key.version}")
