"""What became of mail, as text for a person at a terminal and as plain values for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from opti_reports.mail.sent import Sent
from opti_reports.mail.smtp import ServerOffer
from opti_reports.mail.witness import in_states
from opti_reports.messages.message import Message, message
from opti_reports.messages.sentences import headings, say, sentence
from opti_reports.model.mail import Fated, Outsider, Row
from opti_reports.model.report import Event
from opti_reports.terminal.printing import look_at
from opti_reports.terminal.tables import table


def plain(sent: Sent) -> dict[str, Any]:
    """Return a command's result for other programs."""
    return {
        "month": sent.period.text,
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
        "refused": [
            {
                **_key(one.letter.key.pack, one.letter.key.org, one.letter.key.lang),
                "role": one.letter.role,
                "address": one.letter.address,
                "audience": one.audience,
            }
            for one in sent.outsiders
        ],
        "without_recipient": list(sent.unaddressed),
        "files": [str(path) for path in sent.files],
        "owner_told": sent.informed,
        "fault": sent.fault,
        "notes": [sentence(note) for note in sent.notes],
    }


def _key(pack: str, org: str, lang: str) -> dict[str, str]:
    return {"pack": pack, "org": org, "lang": lang}


def plain_rows(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the outbox for other programs."""
    return [
        {
            "id": row.id,
            "month": row.key.period.text,
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
    """Yield what a command did, for its log: one event a letter, without addresses, and the end."""
    yield from (Event("outbox", note, "warning") for note in sent.notes)
    lost = {one.letter.id for one in sent.undone}
    yield from (Event("letter", _refused(one), "error") for one in sent.outsiders)
    for one in sent.letters:
        yield Event("letter", _logged(one), "error" if one.letter.id in lost else "info")
    if sent.fault:
        yield Event("server", message("log.server", fault=sent.broken), "error")
    counts = {
        "letters": len(sent.letters),
        "drafts": len(sent.files) if drafts else 0,
        "not_accepted": len(lost),
    }
    yield Event("end", message("log.sent", period=sent.period.text), counts=counts)


def _logged(one: Fated) -> Message:
    key, fate = one.letter.key, message(f"fate.{one.fate}")
    name = message(
        "log.letter", id=one.letter.id, pack=key.pack, org=key.org, lang=key.lang, version=key.version
    )
    if one.why:
        return message("log.letter_why", letter=name, fate=fate, why=one.why)
    return message("log.letter_fate", letter=name, fate=fate)


def _refused(one: Outsider) -> Message:
    key, role = one.letter.key, one.letter.role
    return message("log.outsider", pack=key.pack, org=key.org, role=role, audience=one.audience)


def letters_text(sent: Sent) -> str:
    """Return who gets what, and what nobody gets, with its reason."""
    lines = look_at(sent.notes)
    lines.append(_letters(sent.letters, sent.version) if sent.letters else say("mail.nothing"))
    lines += _held(sent)
    nothing = sorted({(one.pack, one.org) for one in sent.held if one.reason == "none"})
    if nothing:
        packs = tuple(message("mail.of", pack=pack, org=org) for pack, org in nothing)
        lines.append(say("mail.not_released", packs=packs))
    if sent.unaddressed:
        many, names = len(sent.unaddressed), tuple(sent.unaddressed)
        lines += look_at([message("mail.unaddressed", packs=many, names=names)])
    return "\n".join(lines)


def _letters(letters: Sequence[Fated], version: int) -> str:
    rows = []
    for one in letters:
        key = one.letter.key
        note = "; ".join(part for part in (_change(one), one.why) if part)
        place = one.letter.id, key.pack, key.org, key.lang, version
        rows.append((*place, one.letter.role, one.letter.address, say(f"fate.{one.fate}"), note))
    return table(headings("head.letters"), rows)


def _change(one: Fated) -> str:
    """Return that a letter is corrected, and what it takes the place of."""
    if one.replaces is None:
        return say("mail.corrected") if one.corrected else ""
    return say("mail.replaces", version=one.replaces.version, day=one.replaces.at[:10])


def _held(sent: Sent) -> list[str]:
    """Return what is not sent and why: letters that are refused first."""
    refused = [
        say(
            "mail.outsider",
            pack=one.letter.key.pack,
            org=one.letter.key.org,
            lang=one.letter.key.lang,
            role=one.letter.role,
            address=one.letter.address,
            audience=one.audience,
        )
        for one in sent.outsiders
    ]
    return refused + [
        say(
            "mail.held",
            pack=one.pack,
            org=one.org,
            lang=one.lang,
            recipient=one.recipient,
            why=message(f"held.{one.reason}"),
        )
        for one in sent.held
        if one.reason != "none"
    ]


def door_text(door: ServerOffer) -> str:
    """Return what the server offers, after its door was tried."""
    safe = message("door.safe", tls=door.tls) if door.tls else message("door.clear")
    size = message("door.largest", mb=door.largest / 1e6) if door.largest else message("door.any_size")
    return say("door.open", place=door.place, safe=safe, login=message(f"login.{door.login}"), size=size)


def status_text(rows: Sequence[Row], notes: Sequence[Message] = ()) -> str:
    """Return the outbox as a table, with how many letters are in each state."""
    if not rows:
        return "\n".join([*look_at(notes), say("outbox.empty")])
    cells = [(row.id, *row.key[1:5], row.role, row.address, _state(row), row.reply) for row in rows]
    periods = tuple(sorted({row.key.period.text for row in rows}))
    end = say("outbox.rows", periods=periods, counts=in_states(rows))
    return "\n".join([*look_at(notes), table(headings("head.letters"), cells), end])


def _state(row: Row) -> str:
    return say("mail.draft") if (row.state, row.way) == ("uncertain", "draft") else row.state


def resolved_text(letters: int, verdict: str) -> str:
    """Return how many letters a person's word settled."""
    return say("mail.resolved", letters=letters, verdict=verdict)


def preview_text(sent: Sent, to: str) -> str:
    """Return where the previews of letters are."""
    where = (
        message("mail.in_folder", folder=str(sent.files[0].parent))
        if sent.files
        else message("mail.to", to=to)
    )
    return say("mail.previews", previews=len(sent.letters), where=where)


def sent_text(sent: Sent, *, drafts: bool) -> str:
    """Return what a command did, what was not accepted, and what to do next."""
    which = sent.period.asked
    lines = [*look_at(sent.notes), *_held(sent)]
    if drafts:
        folder = str(sent.files[0].parent) if sent.files else ""
        lines.append(say("mail.drafts", drafts=len(sent.files), folder=folder))
    accepted = sum(one.fate == "accepted" for one in sent.letters)
    had = sum(one.fate == "unchanged" for one in sent.letters)
    if accepted or had or not drafts:
        lines.append(say("mail.accepted", letters=len(sent.letters), accepted=accepted, had=had))
    lines += [sent.fault] if sent.fault else []
    if sent.undone:
        lines += [say("mail.not_accepted"), _letters(sent.undone, sent.version)]
        lines += [f"  {line}" for line in _advice(sent.undone, which)]
    if sent.informed:
        lines.append(_owner(sent, drafts=drafts))
    if drafts and sent.files:
        lines.append(say("mail.send_drafts", which=which))
    return "\n".join(lines)


def _owner(sent: Sent, *, drafts: bool) -> str:
    """Return who is to hear of it, and with which draft if there is one."""
    if sent.files and not drafts:
        return say("mail.owner_draft", owner=sent.informed, draft=str(sent.files[0]))
    return say("mail.owner", owner=sent.informed)


def _advice(undone: Iterable[Fated], which: str) -> Iterable[str]:
    fates = {one.fate for one in undone}
    if fates & {"queued", "send"}:
        yield say("mail.advice_waiting", which=which)
    if fates & {"uncertain", "awaits"}:
        yield say("mail.advice_uncertain")
    if "refused" in fates:
        yield say("mail.advice_refused")
