"""Who gets what of a release: a pure function of recipients, organisation and the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from opti_reports.config.recipients import Recipient, Recipients
from opti_reports.messages.sentences import say
from opti_reports.model.mail import (
    Fated,
    Held,
    HeldBecause,
    Key,
    Letter,
    MailPlan,
    Outsider,
    Replaced,
    Row,
    content_of,
)
from opti_reports.model.organisation import Tree
from opti_reports.model.release import Release, ReleasedPack

History = Mapping[int, Release]
"""A month's or week's archived releases by version."""


def may_get(recipient: Recipient, org: str, tree: Tree) -> bool:
    """Return whether an organisation's packs are the recipient's: its own, or below it if it gets those too.

    The only place that decides it.
    """
    if org == recipient.organisation:
        return True
    return recipient.below and org in tree.by_id and recipient.organisation in tree.above(org)


def plan(
    release: Release,
    recipients: Recipients,
    tree: Tree,
    today: dt.date,
    language: str,
    *,
    audiences: Mapping[str, str],
) -> MailPlan:
    """Return the letters of a release on a day, what is held back and what is refused. ``language`` is that
    of who names none, ``audiences`` are those of the packs
    that may be in it.
    """
    letters: list[Letter] = []
    held: list[Held] = []
    for recipient in recipients.recipient:
        lang = recipient.language or language
        found = [p for p in release.packs if p.pack in recipient.packs and may_get(recipient, p.org, tree)]
        own = [p for p in found if p.lang == lang]
        if not recipient.valid(today):
            reason: HeldBecause = "revoked" if today > recipient.valid_to else "not_yet"
            held += [
                Held(
                    recipient=recipient.address,
                    role=recipient.role,
                    pack=p.pack,
                    org=p.org,
                    lang=p.lang,
                    reason=reason,
                )
                for p in own
            ]
            continue
        letters += [_letter(release, recipient, pack, today) for pack in own]
        held += _lacking(release, recipient, lang, found, tree, kinds=audiences)
    addressed = {letter.released for letter in letters} | {
        p for p in release.packs for h in held if (p.pack, p.org, p.lang) == (h.pack, h.org, h.lang)
    }
    alone = tuple(pack for pack in release.packs if pack not in addressed)
    roles = {name: role.audiences for name, role in recipients.role.items()}
    fit = [one for one in letters if audiences[one.key.pack] in roles[one.role]]
    outside = (one for one in sorted(letters, key=_order) if audiences[one.key.pack] not in roles[one.role])
    refused = tuple(Outsider(one, audiences[one.key.pack]) for one in outside)
    return MailPlan(tuple(sorted(_once(fit), key=_order)), tuple(held), alone, refused)


def _once(letters: Sequence[Letter]) -> Iterable[Letter]:
    """Return one letter of a pack for a mailbox that two entries reach: by its own before one it stands in
    for.
    """
    found: dict[tuple[str, ReleasedPack], Letter] = {}
    for letter in sorted(letters, key=lambda one: one.address.casefold() != one.key.recipient):
        found.setdefault((letter.address.casefold(), letter.released), letter)
    return found.values()


def _order(letter: Letter) -> tuple[str, str, str, str]:
    key = letter.key
    return key.pack, key.org, key.lang, key.recipient


def _letter(release: Release, recipient: Recipient, pack: ReleasedPack, today: dt.date) -> Letter:
    mailbox = recipient.address.casefold()
    place = release.period, pack.pack, pack.org, pack.lang, release.version
    key = Key(*place, mailbox, content_of(pack))
    role, address = recipient.reached(today)
    return Letter(key, role, address, pack)


def _lacking(
    release: Release,
    recipient: Recipient,
    lang: str,
    found: Sequence[ReleasedPack],
    tree: Tree,
    *,
    kinds: Container[str],
) -> Iterator[Held]:
    """Yield what a recipient would get were it made in its language, or not held back from the release."""
    held = partial(Held, recipient=recipient.address, role=recipient.role, lang=lang)
    settled = {(p.pack, p.org) for p in found if p.lang == lang}
    for blocked in release.blocked:
        if (
            blocked.pack in recipient.packs
            and blocked.lang == lang
            and may_get(recipient, blocked.org, tree)
            and (blocked.pack, blocked.org) not in settled
        ):
            settled.add((blocked.pack, blocked.org))
            yield held(pack=blocked.pack, org=blocked.org, reason=blocked.reason)
    for pack in found:
        if (pack.pack, pack.org) not in settled:
            settled.add((pack.pack, pack.org))
            yield held(pack=pack.pack, org=pack.org, reason="language")
    for kind in (one for one in recipient.packs if one in kinds):
        if kind not in {pack for pack, _ in settled}:
            yield held(pack=kind, org=recipient.organisation, reason="none")


def known_as(letter: Letter, rows: Sequence[Row]) -> Letter:
    """Return the letter with the key that the outbox has: older rows are keyed by the pack's hash, not by
    that of its content.
    """
    earlier = letter.key._replace(content=letter.released.sha256)
    return replace(letter, key=earlier) if any(row.key == earlier for row in rows) else letter


def other_bytes(letters: Sequence[Letter], rows: Sequence[Row], signed_at: str) -> tuple[Row, ...]:
    """Return rows of the release itself, written after its sign-off, that are of another content than it has
    now.

    A release that took a lost one's number was signed after the letters of the lost one were written.
    """
    of = {(one.key.place, one.key.version): one.key.content for one in letters}
    signed = dt.datetime.fromisoformat(signed_at)
    return tuple(
        row
        for row in rows
        if of.get((row.key.place, row.key.version), row.key.content) != row.key.content
        and dt.datetime.fromisoformat(row.queued_at) > signed
    )


def fates(letters: Sequence[Letter], rows: Sequence[Row], history: History) -> tuple[Fated, ...]:
    """Return what would become of each letter, given the outbox and the period's archived releases."""
    by_key = {row.key: row for row in rows}
    return tuple(_fate(letter, by_key.get(letter.key), rows, history) for letter in letters)


def _fate(letter: Letter, own: Row | None, rows: Sequence[Row], history: History) -> Fated:
    key = letter.key
    before = [
        row
        for row in rows
        if row.key.place == key.place
        and row.key != key
        and row.state in ("accepted", "uncertain")
        and (own is None or _since(row) < _since(own))
    ]
    had = max(before, key=_since, default=None)
    corrected = _corrected(letter, had, history)
    replaces = Replaced(had.key.version, had.changed_at) if had is not None and corrected else None
    if own is not None:
        return Fated(letter, own.state, corrected, own.reply, replaces)
    if had is None or (corrected and had.key.content != key.content):
        return Fated(letter, "send", corrected, "", replaces)
    if had.state == "uncertain" and had.way == "smtp":
        return Fated(
            letter, "awaits", corrected, say("fate_of.uncertain", id=had.id, version=had.key.version)
        )
    version = had.key.version
    same = (
        say("fate_of.draft", version=version) if had.way == "draft" else say("fate_of.same", version=version)
    )
    return Fated(letter, "unchanged", corrected, same)


def _since(row: Row) -> tuple[dt.datetime, int]:
    """Return the order in which a recipient got letters."""
    return dt.datetime.fromisoformat(row.queued_at), row.key.version


def _corrected(letter: Letter, had: Row | None, history: History) -> bool:
    """Return whether the letter says something else than what its recipient has, or than an earlier version
    did.

    A version that cannot be read counts as one that corrected everything; so does one that the archive lost:
    nobody can compare it with what takes its place.
    """
    key = letter.key
    if had is not None and _lost(had, key, history):
        return had.key.content != key.content
    since = range((had.key.version if had else 0) + 1, key.version + 1)
    return any(_corrects(history.get(version), key) for version in since if version > 1)


def _lost(had: Row, key: Key, history: History) -> bool:
    """Return whether what a recipient has is of a release that the archive has not, or has not any more."""
    release = history.get(had.key.version)
    if had.key.version >= key.version:
        return True
    return release is not None and had.key.content not in {
        content
        for pack in release.packs
        if (pack.pack, pack.org, pack.lang) == key[1:4]
        for content in (pack.sha256, content_of(pack))
    }


def _corrects(release: Release | None, key: Key) -> bool:
    return release is None or any(
        pack.corrected for pack in release.packs if (pack.pack, pack.org, pack.lang) == key[1:4]
    )
