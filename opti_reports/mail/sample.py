"""Mail templates tried on samples, in every language and on every branch, before any mail is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from opti_reports.config.configs import Configs
from opti_reports.config.mail import Mail
from opti_reports.config.recipients import Owner
from opti_reports.errors import Fault, PackError, file_and_line
from opti_reports.language.wording import Wording
from opti_reports.mail.letters import LetterForm, Writer
from opti_reports.model.mail import STATES, Key, Letter, Replaced, Row
from opti_reports.model.release import Attachment, Release, ReleasedPack
from opti_reports.model.report import SourceReport
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period

ADDRESS, LINK = "malli@example.fi", "https://example.fi/{month}/{run}/{file}"
AT = dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC)
SAMPLE = Period(MONTH, 0)


def faults(writer: Writer) -> Iterator[Fault]:
    """Yield what keeps a mail from being written, once each."""
    configs = writer.configs
    if not (writer.templates / "mail").is_dir():
        return  # named as files that are missing
    seen: set[tuple[str, str]] = set()
    for language, wording in configs.wordings.items():
        for make in _mails(replace(writer, configs=_with_mail(configs, language)), wording):
            try:
                make()
            except PackError as error:
                if (error.where, error.what) not in seen:
                    seen.add((error.where, error.what))
                    file, line = file_and_line(error.place)
                    yield Fault.of(file, line, error.message)


def _with_mail(configs: Configs, language: str) -> Configs:
    """Return the configs with an owner of the language, and a mail.toml where there is none."""
    roles = configs.recipients.role
    owner = Owner(role=next(iter(roles), "x"), address=ADDRESS, language=language)
    mail = configs.mail or Mail(sender=ADDRESS, sender_name=dict.fromkeys(configs.wordings, "x"), link=LINK)
    return replace(configs, mail=mail, recipients=configs.recipients.model_copy(update={"owner": owner}))


def _mails(writer: Writer, wording: Wording) -> Iterator[Callable[[], object]]:
    """Yield one of each kind of mail, the ways it can look."""
    configs = writer.configs
    org, role = configs.organisation.units[0].id, next(iter(configs.recipients.role), "x")
    for pack in configs.packs:
        attached = (Attachment("x.xlsx", "x"),)
        released = ReleasedPack(
            pack=pack, org=org, lang=wording.language, file="x.pdf", sha256="x", kind="pdf", attached=attached
        )
        place = SAMPLE, pack, org, wording.language
        key = Key(*place, version=2, recipient=ADDRESS, content="x")
        letter = Letter(key, role, ADDRESS, released)
        full = Release(
            period=SAMPLE,
            version=2,
            run_id="v2-x",
            stage="preliminary",
            signed_by_role=role,
            signed_at=AT.isoformat(),
            packs=(released,),
        )
        bare = replace(letter, released=replace(released, attached=()))
        looks = (
            LetterForm(
                draft=False, at=AT, corrected=True, replaces=Replaced(1, AT.isoformat()), preview_to=ADDRESS
            ),
            LetterForm(draft=True, at=AT, corrected=True),
            LetterForm(draft=True, at=AT),
        )
        for one, release, look, links in (
            (letter, full, looks[0], (LINK,)),
            (letter, full, looks[1], ()),
            (bare, replace(full, stage="final"), looks[2], ()),
        ):
            yield partial(writer.message, one, release, look, wording, links=links)
        rows = [
            Row(
                id=key.id,
                key=key,
                role=role,
                address=ADDRESS,
                sha256="x",
                corrected=False,
                state=state,
                way="smtp",
                attempts=1,
                reply=reply,
                queued_at="",
                changed_at=AT.isoformat(),
            )
            for state in STATES
            if state != "accepted"
            for reply in ("x", "")
        ]
        yield partial(writer.failures, rows, SAMPLE, "", LetterForm(draft=False, at=AT))
        yield lambda: writer.failures([], SAMPLE, "x", LetterForm(draft=True, at=AT))
    reports = [
        SourceReport(source=name, presence=presence, newest=None, late=True, due=AT.date())
        for name in configs.sources
        for presence in ("required", "lagging")
    ]
    if reports:
        yield lambda: writer.reminder(reports, SAMPLE, ADDRESS, wording.language)
