"""What became of mail, as text for a person at a terminal and as plain values for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from opti_reports.mail.desk import Sent
from opti_reports.mail.smtp import Door
from opti_reports.model.mail import Fated, Held, Row
from opti_reports.model.report import Event
from opti_reports.periods.months import month_text
from opti_reports.terminal.tables import table

FATES = {
    "send": "to be sent",
    "queued": "waits",
    "sending": "being sent",
    "accepted": "accepted",
    "refused": "refused",
    "uncertain": "uncertain",
    "unchanged": "has it",
    "awaits": "uncertain",
}
HELD = {
    "revoked": "revoked: valid_to is past",
    "not_yet": "not yet: valid_from is to come",
    "language": "not released in this language: opti run --lang, then release",
    "failed": "held back from the release: the pack failed",
    "outdated": "held back from the release: the pack rests on earlier extracts",
    "none": "not in this release",
}
HEAD = ("id", "pack", "organisation", "lang", "version", "role", "address", "state", "")


def plain(sent: Sent) -> dict[str, Any]:
    """A command's result for other programs."""
    return {
        "month": month_text(sent.month),
        "version": sent.version,
        "letters": [
            {
                "id": one.letter.id,
                **_key(one.letter.key.pack, one.letter.key.org, one.letter.key.lang),
                "role": one.letter.role,
                "address": one.letter.address,
                "files": [one.letter.released.file, *(a.file for a in one.letter.released.attached)],
                "corrected": one.corrected,
                "state": one.fate,
                "why": one.why,
                "replaces": one.replaces._asdict() if one.replaces else None,
            }
            for one in sent.letters
        ],
        "held": [
            {"address": one.recipient, "role": one.role, **_key(one.pack, one.org, one.lang)}
            | {"reason": one.reason}
            for one in sent.held
        ],
        "without_recipient": list(sent.unaddressed),
        "files": [str(path) for path in sent.files],
        "owner_told": sent.told,
        "fault": sent.fault,
        "notes": list(sent.notes),
    }


def _key(pack: str, org: str, lang: str) -> dict[str, str]:
    return {"pack": pack, "org": org, "lang": lang}


def plain_rows(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The outbox for other programs."""
    return [
        {
            "id": row.id,
            "month": month_text(row.key.month),
            **_key(row.key.pack, row.key.org, row.key.lang),
            "version": row.key.version,
            "role": row.role,
            "address": row.address,
            "state": row.state,
            "way": row.way,
            "attempts": row.attempts,
            "reply": row.reply,
            "changed_at": row.changed_at,
        }
        for row in rows
    ]


def events(sent: Sent, *, drafts: bool) -> Iterable[Event]:
    """What a command did, for its log: one event a letter, without addresses, and the end."""
    yield from (Event("outbox", note, "warning") for note in sent.notes)
    lost = {one.letter.id for one in sent.undone}
    for one in sent.letters:
        key = one.letter.key
        text = f"{one.letter.id} {key.pack} {key.org} {key.lang} version {key.version}: {FATES[one.fate]}"
        yield Event(
            "letter", f"{text}: {one.why}" if one.why else text, "error" if one.letter.id in lost else "info"
        )
    if sent.fault:
        yield Event("server", sent.fault, "error")
    counts = {
        "letters": len(sent.letters),
        "drafts": len(sent.files) if drafts else 0,
        "not_accepted": len(lost),
    }
    yield Event("end", month_text(sent.month), counts=counts)


def letters_text(sent: Sent) -> str:
    """Who gets what, and what nobody gets, with its reason."""
    lines = _noted(sent.notes)
    lines.append(_letters(sent.letters, sent.version) if sent.letters else "There is nothing to send.")
    lines += [_held(one) for one in sent.held if one.reason != "none"]
    nothing = sorted({f"{one.pack} of {one.org}" for one in sent.held if one.reason == "none"})
    if nothing:
        lines.append(f"not in this release, though it has recipients: {', '.join(nothing)}")
    if sent.unaddressed:
        many, names = len(sent.unaddressed), ", ".join(sent.unaddressed)
        lines.append(f"look at: {many} released packs have no recipient: {names}")
    return "\n".join(lines)


def _letters(letters: Sequence[Fated], version: int) -> str:
    rows = []
    for one in letters:
        key = one.letter.key
        note = "; ".join(part for part in (_change(one), one.why) if part)
        place = one.letter.id, key.pack, key.org, key.lang, version
        rows.append((*place, one.letter.role, one.letter.address, FATES[one.fate], note))
    return table(HEAD, rows)


def _change(one: Fated) -> str:
    """That a letter is corrected, and what it takes the place of."""
    if one.replaces is None:
        return "corrected" if one.corrected else ""
    return f"corrected, replaces version {one.replaces.version} of {one.replaces.at[:10]}"


def _noted(notes: Iterable[str]) -> list[str]:
    return [f"look at: {note}" for note in notes]


def _held(one: Held) -> str:
    return f"not sent: {one.pack} of {one.org} ({one.lang}) to {one.recipient}: {HELD[one.reason]}"


def door_text(door: Door) -> str:
    """What the server offers, after its door was tried."""
    how = {"none": "without a login", "password": "with a password", "oauth": "with a token (OAuth)"}
    safe = f"over {door.tls}" if door.tls else "in the clear"
    size = f"up to {door.largest / 1e6:.1f} MB" if door.largest else "of a size it does not say"
    return f"{door.place} takes mail {safe}, {how[door.login]}; messages {size}. Nothing was sent."


def status_text(rows: Sequence[Row], notes: Sequence[str] = ()) -> str:
    """The outbox as a table, with how many letters are in each state."""
    if not rows:
        return "\n".join([*_noted(notes), "The outbox is empty."])
    cells = [(row.id, *row.key[1:5], row.role, row.address, _state(row), row.reply) for row in rows]
    months = sorted({month_text(row.key.month) for row in rows})
    counts = ", ".join(
        f"{sum(row.state == state for row in rows)} {state}" for state in sorted({row.state for row in rows})
    )
    return "\n".join([*_noted(notes), table(HEAD, cells), f"{', '.join(months)}: {counts}."])


def _state(row: Row) -> str:
    return "draft" if (row.state, row.way) == ("uncertain", "draft") else row.state


def sent_text(sent: Sent, *, drafts: bool) -> str:
    """What a command did, what was not accepted, and what to do next."""
    month = month_text(sent.month)
    accepted = sum(one.fate == "accepted" for one in sent.letters)
    had = sum(one.fate == "unchanged" for one in sent.letters)
    lines = [*_noted(sent.notes), *(_held(one) for one in sent.held if one.reason != "none")]
    if drafts:
        lines.append(
            f"{len(sent.files)} draft(s) are in {sent.files[0].parent}." if sent.files else "No drafts."
        )
    if accepted or had or not drafts:
        same = f", {had} have the same of an earlier version" if had else ""
        lines.append(f"Of {len(sent.letters)} letters {accepted} are accepted{same}.")
    lines += [sent.fault] if sent.fault else []
    if sent.undone:
        lines += ["Not accepted:", _letters(sent.undone, sent.version)]
        lines += [f"  {line}" for line in _advice(sent.undone, month)]
    if sent.told:
        way = f"; the draft is {sent.files[0]}" if sent.files and not drafts else ""
        lines.append(f"To tell the owner: {sent.told}{way}.")
    if drafts and sent.files:
        lines.append(
            "Open each in your mail program and send it. When all are sent: "
            f"opti send --month {month} --resolve all accepted"
        )
    return "\n".join(lines)


def _advice(undone: Iterable[Fated], month: str) -> Iterable[str]:
    fates = {one.fate for one in undone}
    if fates & {"queued", "send"}:
        yield f"those that wait: opti send --month {month} --smtp, later"
    if fates & {"uncertain", "awaits"}:
        yield "uncertain ones: ask the recipient, then opti send --resolve ID accepted (or again)"
    if "refused" in fates:
        yield (
            "refused ones: correct the address in configs/recipients.toml, or opti send --resolve ID again"
        )
