"""What the mails say: a letter with its pack, the owner's list of failures, reminders of missing extracts."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment

from opti_reports.archive import manifest
from opti_reports.config.configs import Configs
from opti_reports.config.mail import Mail
from opti_reports.config.recipients import Owner
from opti_reports.errors import ArchiveError, ConfigError, Fault
from opti_reports.language import formats
from opti_reports.language.wording import Wording
from opti_reports.mail import compose, text
from opti_reports.mail.compose import Message, Part, Party
from opti_reports.model.card import Cards
from opti_reports.model.mail import Letter, Replaced, Row
from opti_reports.model.release import Release
from opti_reports.model.report import SourceReport
from opti_reports.periods.period import Period

MEGABYTE = 1_000_000


@dataclass(frozen=True, kw_only=True)
class LetterForm:
    """How a letter is written: as a draft or to be sent, at what time, to whom instead (a preview)."""

    draft: bool
    at: dt.datetime
    corrected: bool = False
    replaces: Replaced | None = None
    preview_to: str = ""
    largest: int | None = None


@dataclass(frozen=True)
class Writer:
    """Writes the mails of a workspace."""

    configs: Configs
    templates: Path

    @cached_property
    def _env(self) -> Environment:
        return text.environment(self.templates)

    @cached_property
    def _mail(self) -> Mail:
        if self.configs.mail is None:
            raise ConfigError([Fault("mail.toml", "", "file.missing")])
        return self.configs.mail

    @cached_property
    def owner(self) -> Owner:
        """Return who is informed of failures."""
        found = self.configs.recipients.owner
        if found is None:
            raise ConfigError([Fault("recipients.toml", "owner", "letters.no_owner")])
        return found

    @property
    def sender(self) -> str:
        """Return the address mail comes from."""
        return self._mail.sender

    def letter(self, letter: Letter, release: Release, folder: Path, look: LetterForm) -> bytes:
        """Return a letter with its files, or with links where they are too large. ``folder``: the archived
        run.

        Raises ArchiveError when an archived file is not what was released.
        """
        wording = self.configs.wordings[letter.key.lang]
        period = release.period.text
        files = released_files(letter)
        parts = tuple(
            Part(compose.attached_name(file, period), checked(folder, file, digest)) for file, digest in files
        )
        said = _cards(letter, folder, self._mail.cards_said) if self._encrypted(look) else ()
        whole = self.message(letter, release, look, wording, parts=parts, cards=said)
        most = self._mail.message_megabytes * MEGABYTE
        if len(whole) <= min(most, look.largest or most):
            return whole
        pattern = self._mail.link
        links = tuple(compose.link(pattern, period, release.run_id, file) for file, _ in files)
        return self.message(letter, release, look, wording, links=links, cards=said)

    def _encrypted(self, look: LetterForm) -> bool:
        """Return whether nobody can read a letter on its way to the server. Of a draft nobody knows."""
        return not look.draft and self._mail.smtp is not None and self._mail.smtp.security != "none"

    def message(
        self,
        letter: Letter,
        release: Release,
        look: LetterForm,
        wording: Wording,
        *,
        parts: tuple[Part, ...] = (),
        links: tuple[str, ...] = (),
        cards: Sequence[Mapping[str, str]] = (),
    ) -> bytes:
        """Write a letter with these files, or with these links to them, that says these cards."""
        spec = self.configs.packs[letter.key.pack]
        named = {
            "pack": wording.of(spec.name),
            "organisation": self._place(letter.key.org, release.period, wording),
            "month": formats.period(release.period, wording),
        }
        subject = wording.say("mail.subject", **named)
        if look.corrected:
            subject = wording.say("mail.subject_corrected", subject=subject)
        if look.preview_to:
            subject = wording.say("mail.subject_preview", subject=subject)
        role = self._role(letter.role, wording)
        values: dict[str, Any] = named | {
            "meeting": wording.of(spec.meeting),
            "preliminary": release.stage == "preliminary",
            "corrected": look.corrected,
            "replaces": self._replaced(release, look.replaces, wording),
            "workbook": bool(letter.released.attached),
            "links": links,
            "cards": cards,
            "preview": bool(look.preview_to),
            "role": role,
        }
        key = f"{letter.id} preview {look.preview_to}" if look.preview_to else letter.id
        to = Party("", look.preview_to) if look.preview_to else Party(role, letter.address)
        message = Message(
            key=key,
            subject=subject,
            to=to,
            text=self._text("pack", wording, values),
            language=wording.language,
            parts=parts,
            at=look.at,
        )
        return self._written(message, wording, draft=look.draft)

    def _replaced(self, release: Release, before: Replaced | None, wording: Wording) -> dict[str, Any] | None:
        """Return what the letter replaces, for its text: versions with the days they were sent and signed."""
        if before is None:
            return None
        sent, signed = (dt.datetime.fromisoformat(at).date() for at in (before.at, release.signed_at))
        return {
            "version": release.version,
            "signed": formats.date(signed, wording),
            "before": before.version,
            "sent": formats.date(sent, wording),
        }

    def failures(self, rows: Sequence[Row], period: Period, fault: str, look: LetterForm) -> bytes:
        """Return the list of letters that were not accepted, to the owner."""
        wording = self._wording(self.owner.language)
        lines = [
            {
                "id": row.id,
                "role": self._role(row.role, wording),
                "pack": wording.of(self.configs.packs[row.key.pack].name),
                "organisation": self._place(row.key.org, period, wording),
                "state": row.state,
                "reply": row.reply,
            }
            for row in rows
        ]
        named = {"month": formats.period(period, wording)}
        values = named | {"lines": lines, "fault": fault, "which": period.asked}
        digest = hashlib.sha256("\n".join(f"{r.id} {r.state} {r.changed_at}" for r in rows).encode())
        message = Message(
            key=f"failures {period.text} {digest.hexdigest()} {fault}",
            subject=wording.say("mail.subject_failures", **named),
            to=Party(self._role(self.owner.role, wording), self.owner.address),
            text=self._text("failures", wording, values),
            language=wording.language,
            at=look.at,
        )
        return self._written(message, wording, draft=look.draft)

    def reminder(self, reports: Sequence[SourceReport], period: Period, address: str, language: str) -> bytes:
        """Return a draft that asks for extracts; without an address, whoever opens it fills one in."""
        wording = self._wording(language)
        missing = [
            {
                "source": wording.of(self.configs.sources[r.source].name),
                "files": ", ".join(self.configs.sources[r.source].files),
                "due": formats.date(r.due, wording),
                "required": r.presence == "required",
            }
            for r in reports
        ]
        role = self.configs.sources[reports[0].source].owner_role
        named = {"month": formats.period(period, wording)}
        key = f"reminder {period.text} {address} {','.join(r.source for r in reports)}"
        message = Message(
            key=key,
            subject=wording.say("mail.subject_reminder", **named),
            to=Party(wording.of(role), address) if address else None,
            text=self._text("reminder", wording, named | {"missing": missing}),
            language=wording.language,
        )
        return self._written(message, wording, draft=True)

    def _text(self, kind: str, wording: Wording, values: dict[str, Any]) -> str:
        owner = {"owner": self._role(self.owner.role, wording), "owner_address": self.owner.address}
        return text.filled(self._env, kind, wording, values | owner)

    def _written(self, message: Message, wording: Wording, *, draft: bool) -> bytes:
        domain = self._mail.sender.partition("@")[2]
        if draft:
            return compose.write(replace(message, at=None), domain)
        sender = Party(wording.of(self._mail.sender_name), self._mail.sender)
        asked = Party(self._role(self.owner.role, wording), self.owner.address)
        return compose.write(replace(message, sender=sender, reply_to=asked), domain)

    def _place(self, org: str, period: Period, wording: Wording) -> str:
        """Return what an organisation is called; one that has gone by then keeps its name."""
        organisation = self.configs.organisation
        return wording.of(
            (organisation.tree(period.last_month).by_id.get(org) or organisation.last(org)).names
        )

    def _role(self, role: str, wording: Wording) -> str:
        known = self.configs.recipients.role
        return wording.of(known[role].name) if role in known else role

    def _wording(self, language: str) -> Wording:
        return self.configs.wordings[language or self.configs.settings.languages[0]]


def _cards(letter: Letter, folder: Path, most: int) -> tuple[Mapping[str, str], ...]:
    """Return message, action and role of the first ``most`` cards of a letter's pack, from its archived
    content; nothing where a run archived none.

    Raises ArchiveError when the content is not what was archived.
    """
    name = Path(letter.released.file).with_suffix(".json").as_posix()
    digest = manifest.read(folder).files.get(name)
    if digest is None:
        return ()
    said: dict[str, Any] = json.loads(checked(folder, name, digest))
    blocks = [block for section in said["sections"] for block in section["blocks"]]
    found = next((block["items"] for block in blocks if block["kind"] == Cards.kind), ())
    return tuple({part: card[part] for part in ("message", "action", "role")} for card in found[:most])


def released_files(letter: Letter) -> tuple[tuple[str, str], ...]:
    """Return the files that go with a letter, each with its sha256: the pack first."""
    pack = letter.released
    return ((pack.file, pack.sha256), *((one.file, one.sha256) for one in pack.attached))


def of_its_own(letter: Letter) -> bool:
    """Return whether the files are those of the letter's own pack and organisation, in the archived run."""
    pack = letter.released
    stem = f"packs/{pack.pack}/{pack.org}.{pack.lang}."
    return all(file.startswith(stem) and "/" not in file[len(stem) :] for file, _ in released_files(letter))


def checked(folder: Path, file: str, digest: str) -> bytes:
    """Return an archived file's bytes. Raises ArchiveError when they are not what was released."""
    try:
        content = (folder / file).read_bytes()
    except OSError as error:
        raise ArchiveError("letters.file_unreadable", file, why=str(error.strerror)) from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise ArchiveError("letters.file_changed", file)
    return content
