"""Who gets what: nobody another organisation's pack, deputies and days, corrected versions, refusals."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest

from opti_reports.archive import released
from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.disk import sha256
from opti_reports.errors import ArchiveError, OptiError, UsageError
from opti_reports.mail import post
from opti_reports.mail.plan import plan
from opti_reports.mail.readers import audiences
from opti_reports.mail.sent import Sent
from opti_reports.model.mail import Fated, Letter
from opti_reports.model.release import Blocked, Release, ReleasedPack
from opti_reports.terminal.mail import letters_text, plain
from opti_reports.workspace import Workspace
from tests.mail.fixture import MONTH, NOW, archived, asked, edge, made, release
from tests.workspaces import ROOT, edit

TAPIOLA = "johtotiimi.tapiola@example.fi"
BELOW = """
[[recipient]]
role         = "laatukoordinaattori"
packs        = ["service_unit", "unit"]
organisation = "{org}"
below        = true
address      = "kaikki.{slug}@example.fi"
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return made(tmp_path / "w")


def add(workspace: Workspace, lines: str) -> None:
    """Add to recipients.toml."""
    path = workspace.configs / "recipients.toml"
    path.write_text(path.read_text(encoding="utf-8") + lines, encoding="utf-8")


def change(workspace: Workspace, address: str, lines: str) -> None:
    """Add lines to a recipient."""
    edit(
        workspace.configs / "recipients.toml", f'address +?= +"{address}"', f'address = "{address}"\n{lines}'
    )


def everything(configs: Configs) -> Release:
    """A release with every kind of pack, of every organisation, in every language, sense or not."""
    orgs = [node.id for node in configs.organisation.tree(MONTH.end).nodes]
    packs = tuple(
        ReleasedPack(
            pack=pack, org=org, lang=lang, file=f"packs/{pack}/{org}.{lang}.pdf", sha256="0", kind="pdf"
        )
        for pack, spec in configs.packs.items()
        if not spec.cadence.weekly
        for org in orgs
        for lang in configs.settings.languages
    )
    return Release(
        period=MONTH, version=1, run_id="v1-0", stage="final", signed_by_role="", signed_at="", packs=packs
    )


def above(org: str) -> set[str]:
    """An organisation and what is above it, read from the file itself."""
    units = tomllib.loads((ROOT / "configs/organisation.toml").read_text(encoding="utf-8"))["unit"]
    found = {org}
    while parents := {u["parent"] for u in units if u["id"] in found and "parent" in u} - found:
        found |= parents
    return found


def test_nobody_gets_another_organisations_pack(workspace: Workspace) -> None:
    orgs = [node.id for node in load(workspace.configs).organisation.tree(MONTH.end).nodes]
    add(workspace, BELOW.format(org="etela_espoo", slug="etela"))
    configs = load(workspace.configs)
    tree = configs.organisation.tree(MONTH.end)
    found = plan(
        everything(configs),
        configs.recipients,
        tree,
        NOW.date(),
        "fi",
        audiences=audiences(configs.packs, MONTH),
    )
    by_address = {r["address"]: r for r in _raw(workspace)}
    gets = {
        (letter.key.recipient, letter.key.pack, letter.key.org, letter.key.lang) for letter in found.letters
    }
    expected = set()
    for address, raw in by_address.items():
        for pack in (id for id, spec in configs.packs.items() if not spec.cadence.weekly):
            for org in orgs:
                own = raw["organisation"] == org
                under = raw.get("below", False) and raw["organisation"] in above(org)
                if pack in raw["packs"] and (own or under):
                    expected.add((address, pack, org, raw.get("language", "fi")))
    assert gets == expected
    assert len(gets) > len(by_address)
    assert all(letter.address == letter.key.recipient for letter in found.letters)


def _raw(workspace: Workspace) -> list[dict[str, Any]]:
    text = (workspace.configs / "recipients.toml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["recipient"]
    return found


def test_who_gets_those_below_gets_none_beside_or_above(workspace: Workspace) -> None:
    release(workspace)
    add(workspace, BELOW.format(org="etela_espoo", slug="etela"))
    found = of(post.foreseen(asked(workspace), edge()), "kaikki.etela@example.fi")
    assert [(key.pack, key.org) for key in (letter.key for letter in found)] == [
        ("service_unit", "etela_espoo"),
        ("unit", "matinkyla"),
        ("unit", "tapiola"),
    ]


def of(sent: Sent, recipient: str) -> list[Letter]:
    """A recipient's letters."""
    return [one.letter for one in sent.letters if one.letter.key.recipient == recipient]


DEPUTY = """
[[recipient.deputy]]
role       = "laatukoordinaattori"
address    = "sijainen@example.fi"
valid_from = 2026-09-21
valid_to   = 2026-09-25
"""


@pytest.mark.parametrize(
    ("day", "address"),
    [(20, TAPIOLA), (21, "sijainen@example.fi"), (25, "sijainen@example.fi"), (26, TAPIOLA)],
)
def test_a_deputy_stands_in_on_its_days(workspace: Workspace, day: int, address: str) -> None:
    release(workspace)
    change(workspace, TAPIOLA, DEPUTY)
    (letter,) = of(post.foreseen(asked(workspace), edge(now=NOW.replace(day=day))), TAPIOLA)
    assert letter.address == address


def test_the_day_is_that_of_the_workspaces_time_zone(workspace: Workspace) -> None:
    release(workspace)
    change(workspace, TAPIOLA, DEPUTY)
    late = dt.datetime(2026, 9, 20, 21, 30, tzinfo=dt.UTC)  # half past midnight in Helsinki
    (letter,) = of(post.foreseen(asked(workspace), edge(now=late)), TAPIOLA)
    assert letter.address == "sijainen@example.fi"


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("valid_to = 2026-09-20", "revoked: valid_to is past"),
        ("valid_from = 2026-09-22", "not yet: valid_from is to come"),
        ('language = "sv"', "not released in this language: opti run --lang, then release"),
    ],
)
def test_who_gets_nothing_is_told_with_the_reason(workspace: Workspace, lines: str, why: str) -> None:
    release(workspace)
    change(workspace, TAPIOLA, lines)
    done = post.foreseen(asked(workspace), edge())
    assert of(done, TAPIOLA) == []
    lang = "sv" if "sv" in lines else "fi"
    assert f"not sent: unit of tapiola ({lang}) to {TAPIOLA}: {why}" in letters_text(done).splitlines()


def test_a_swedish_recipient_gets_the_swedish_pack_in_swedish(workspace: Workspace) -> None:
    release(workspace, langs=("fi", "sv"))
    change(workspace, TAPIOLA, 'language = "sv"')
    (letter,) = of(post.foreseen(asked(workspace), edge()), TAPIOLA)
    assert letter.released.file == "packs/unit/tapiola.sv.pdf"


def test_what_the_release_held_back_is_not_sent(workspace: Workspace) -> None:
    release(workspace, units=("matinkyla",), blocked=[Blocked("unit", "tapiola", "fi", "failed")])
    lines = letters_text(post.foreseen(asked(workspace), edge())).splitlines()
    assert (
        f"not sent: unit of tapiola (fi) to {TAPIOLA}: held back from the release: the pack failed" in lines
    )


def test_a_pack_without_a_recipient_is_told(workspace: Workspace) -> None:
    release(workspace, units=("tapiola", "kohdistamaton"))
    lines = letters_text(post.foreseen(asked(workspace), edge())).splitlines()
    assert "look at: 1 released packs have no recipient: packs/unit/kohdistamaton.fi.pdf" in lines


def refused(workspace: Workspace, *orgs: str) -> OptiError:
    """Why nothing can be sent."""
    with pytest.raises(OptiError) as caught:
        post.foreseen(asked(workspace, *orgs), edge())
    return caught.value


def test_a_month_that_is_not_released_is_refused(workspace: Workspace) -> None:
    error = refused(workspace)
    assert isinstance(error, UsageError)
    assert str(error) == (
        "--month: 2026-08 is not released: only released packs are sent\n"
        "  Look at the packs, then: opti release --month 2026-08"
    )


def test_an_unknown_organisation_is_refused(workspace: Workspace) -> None:
    release(workspace)
    what = str(refused(workspace, "tapioola"))
    assert what == "--org: nobody gets anything of 'tapioola' in this release, did you mean 'tapiola'?"


@pytest.mark.parametrize("file", ["packs/unit/tapiola.fi.pdf", "packs/unit/matinkyla.fi.xlsx"])
def test_one_changed_byte_stops_everything(workspace: Workspace, file: str) -> None:
    release(workspace)
    path = archived(workspace, file)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    error = refused(workspace)
    assert isinstance(error, ArchiveError)
    assert error.exit_code == 7
    run = "2026-08/v1-0123456789ab"
    assert str(error).startswith(f"{run}: is not as it was archived: {run}/{file}: was changed\n")


def test_a_release_rewritten_everywhere_but_in_the_ledger_stops_everything(workspace: Workspace) -> None:
    """Whoever may write to the archive could swap a pack and both copies of the release: the ledger tells."""
    found = release(workspace)
    pack = archived(workspace, "packs/unit/tapiola.fi.pdf")
    pack.write_bytes(b"%PDF-1.7 swapped")
    for path in (archived(workspace, released.NAME), workspace.output / "2026-08" / released.NAME):
        text = path.read_text(encoding="utf-8").replace(found.packs[0].sha256, sha256(pack))
        path.chmod(0o644)
        path.write_text(text, encoding="utf-8")
    run = f"2026-08/{found.run_id}"
    assert str(refused(workspace)) == (
        f"{run}: is not as it was archived: {run}/packs/unit/tapiola.fi.pdf: was changed; "
        f"{run}/release.json: was changed\n"
        "  Nothing is sent. `opti archive verify` says more; release the month again to send it."
    )


def test_a_missing_file_stops_everything(workspace: Workspace) -> None:
    release(workspace)
    archived(workspace, "packs/unit/tapiola.fi.pdf").unlink()
    assert "/packs/unit/tapiola.fi.pdf: is missing\n" in str(refused(workspace))


@pytest.mark.parametrize(
    "change_to",
    [("unit/tapiola.fi.pdf", "unit/matinkyla.fi.pdf"), ('"version": 1', '"version": 2'), ("}", "")],
    ids=["another file", "another version", "not JSON"],
)
def test_a_changed_release_is_refused(workspace: Workspace, change_to: tuple[str, str]) -> None:
    release(workspace)
    path = workspace.output / "2026-08" / "release.json"
    text = path.read_text(encoding="utf-8").replace(*change_to, 1)
    path.chmod(0o644)
    path.write_text(text, encoding="utf-8")
    error = refused(workspace)
    assert isinstance(error, ArchiveError)


def test_a_release_that_gives_one_unit_anothers_file_is_refused(workspace: Workspace) -> None:
    found = release(workspace)
    for place in (archived(workspace, "release.json"), workspace.output / "2026-08" / "release.json"):
        text = place.read_text(encoding="utf-8").replace('"org": "tapiola"', '"org": "lohja"')
        place.chmod(0o644)
        place.write_text(text, encoding="utf-8")
    assert found.packs[0].org == "tapiola"
    assert "lists packs/unit/tapiola.fi.pdf as unit of lohja" in str(refused(workspace))


OUTSIDE = (
    "refused: unit of tapiola (fi) to {address}: the role {role} is not of the audience unit that the pack "
    "is for; see configs/recipients.toml"
)


def test_a_letter_to_a_role_outside_the_packs_audience_is_refused_by_name(workspace: Workspace) -> None:
    release(workspace)
    before = {one.letter.key.org for one in post.foreseen(asked(workspace), edge()).letters}
    pattern = rf'role +?= "johtotiimi"(\n.*\n.*\naddress +?= "{TAPIOLA}")'
    edit(workspace.configs / "recipients.toml", pattern, r'role = "johtava_ylilaakari"\1')
    done = post.foreseen(asked(workspace), edge())
    assert {one.letter.key.org for one in done.letters} == before - {"tapiola"}
    assert letters_text(done).splitlines()[-2] == OUTSIDE.format(address=TAPIOLA, role="johtava_ylilaakari")
    assert plain(done)["refused"] == [
        {
            "pack": "unit",
            "org": "tapiola",
            "lang": "fi",
            "role": "johtava_ylilaakari",
            "address": TAPIOLA,
            "audience": "unit",
        }
    ]


@pytest.mark.parametrize(("day", "refused"), [(20, False), (21, True), (25, True), (26, False)])
def test_a_deputys_role_counts_on_its_days(workspace: Workspace, day: int, refused: bool) -> None:
    release(workspace)
    change(workspace, TAPIOLA, DEPUTY.replace("laatukoordinaattori", "johtoryhma"))
    done = post.foreseen(asked(workspace), edge(now=NOW.replace(day=day)))
    assert [one.letter.address for one in of_all(done, "tapiola")] == ([] if refused else [TAPIOLA])
    line = OUTSIDE.format(address="sijainen@example.fi", role="johtoryhma")
    assert (line in letters_text(done).splitlines()) == refused


def of_all(sent: Sent, org: str) -> list[Fated]:
    """The letters of an organisation."""
    return [one for one in sent.letters if one.letter.key.org == org]


def test_a_mailbox_that_two_entries_reach_gets_a_pack_by_the_one_that_may(workspace: Workspace) -> None:
    release(workspace)
    entry = '[[recipient]]\nrole = "johtoryhma"\npacks = ["unit"]\norganisation = "tapiola"\n'
    deputy = DEPUTY.replace("sijainen@example.fi", TAPIOLA).replace("laatukoordinaattori", "johtoryhma")
    add(workspace, f'\n{entry}address = "toinen@example.fi"\n{deputy}')
    done = post.foreseen(asked(workspace), edge())
    assert [one.letter.role for one in of_all(done, "tapiola")] == ["johtotiimi"]
    assert letters_text(done).splitlines()[-2] == OUTSIDE.format(address=TAPIOLA, role="johtoryhma")


def test_the_audience_is_that_for_which_the_pack_was_released(tmp_path: Path) -> None:
    """What is withheld on archived pages was withheld from the readers of that time."""
    packs = load(ROOT / "configs").packs
    everybody = dict.fromkeys(("public", "public_access"), "public")
    folder = tmp_path / "configs/packs"
    folder.mkdir(parents=True)
    (folder / "unit.toml").write_text('audience = "service_unit"\n', encoding="utf-8")
    (folder / "service_unit.toml").write_text('months = "every"  # before audiences\n', encoding="utf-8")
    (folder / "management_review.toml").write_text("audience = ", encoding="utf-8")
    assert audiences(packs, MONTH, tmp_path) == {
        "management_review": "county",
        **everybody,
        "service_unit": "service_unit",
        "unit": "service_unit",
    }
    assert audiences(packs, MONTH) == {
        "management_review": "county",
        **everybody,
        "service_unit": "service_unit",
        "unit": "unit",
    }
