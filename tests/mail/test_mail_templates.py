"""Mail templates: filled by `opti check`, each branch in each language; and the owner's notice that fails."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from opti_reports.config.load import load
from opti_reports.mail import post, sample
from opti_reports.mail.letters import Writer
from opti_reports.starter import STARTER
from opti_reports.terminal.mail import sent_text
from opti_reports.workspace import Workspace
from tests.mail.fixture import Handler, asked, edge, made, release, serving, use
from tests.workspaces import ask, edit

FIX = "Correct it, or the words it asks for."


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    place = made(tmp_path / "w")
    release(place)
    shutil.copytree(STARTER / "templates", place.root / "templates")
    return place


def faults(workspace: Workspace) -> list[str]:
    """What `opti check` says of mail templates."""
    return [str(one) for one in sample.faults(Writer(load(workspace.configs), workspace.templates))]


def broken(workspace: Workspace, name: str, find: str, put: str) -> int:
    """Break a template; returns the line it is broken in."""
    path = workspace.templates / "mail" / name
    text = path.read_text(encoding="utf-8")
    assert text.count(find) == 1
    path.write_text(text.replace(find, put), encoding="utf-8")
    return text[: text.index(find)].count("\n") + 1


def test_the_templates_that_come_along_are_whole(workspace: Workspace) -> None:
    assert faults(workspace) == []


@pytest.mark.parametrize(
    ("name", "find", "put", "what"),
    [
        ("pack.txt.j2", "{{ link }}", "{{ lnk }}", "'lnk' is undefined"),
        ("pack.txt.j2", 'say("mail.preliminary")', "say(preliminari)", "'preliminari' is undefined"),
        ("pack.txt.j2", "sent=replaces.sent", "sent=replaces.day", "'dict object' has no attribute 'day'"),
        ("failures.txt.j2", "{{ line.role }}", "{{ line.rolle }}", "'dict object' has no attribute 'rolle'"),
        ("reminder.txt.j2", "due=one.due", "due=one.date", "'dict object' has no attribute 'date'"),
    ],
)
def test_a_broken_template_is_told_by_check(
    workspace: Workspace, name: str, find: str, put: str, what: str
) -> None:
    line = broken(workspace, name, find, put)
    file = f"templates/mail/{name}: line {line}"
    assert faults(workspace) == [f"{file}: the template cannot be filled: {what}. {FIX}"]


def test_the_template_of_one_language_is_told_by_its_own_name(workspace: Workspace) -> None:
    (workspace.templates / "mail" / "pack.sv.txt.j2").write_text("Hej\n{{ namn }}\n", encoding="utf-8")
    where = "templates/mail/pack.sv.txt.j2: line 2"
    assert faults(workspace) == [f"{where}: the template cannot be filled: 'namn' is undefined. {FIX}"]


def test_a_phrase_that_is_missing_is_told(workspace: Workspace) -> None:
    broken(workspace, "pack.txt.j2", 'say("mail.own")', 'say("mail.ours")')
    assert faults(workspace) == [
        f"languages/{language}.toml: the phrase 'mail.ours' is missing. Add it."
        for language in ("fi", "sv", "en")
    ]


def test_a_phrase_that_is_not_given_what_it_asks_for_is_told(workspace: Workspace) -> None:
    broken(workspace, "pack.txt.j2", 'say("mail.preview", role=role)', 'say("mail.preview")')
    assert faults(workspace) == [
        f"languages/{language}.toml: the phrase 'mail.preview' asks for 'role', which is not given. "
        "Take it out of the phrase, or give it in the template; a file of an earlier version: opti upgrade."
        for language in ("fi", "sv", "en")
    ]


def test_the_command_says_so(workspace: Workspace) -> None:
    line = broken(workspace, "failures.txt.j2", "{{ line.role }}", "{{ line.rolle }}")
    result = ask(workspace.root, "check")
    assert result.exit_code == 3
    assert f"templates/mail/failures.txt.j2: line {line}: the template cannot be filled" in result.stderr


def test_an_owners_notice_that_cannot_be_made_is_said(workspace: Workspace) -> None:
    line = broken(workspace, "failures.txt.j2", "{{ line.role }}", "{{ line.rolle }}")
    handler = Handler({"johtotiimi.tapiola@example.fi": ["550 no"]})
    with serving(handler) as port:
        use(workspace, port)
        done = post.post(asked(workspace), edge())
    assert len(handler.kept) == 3
    assert done.informed == ""
    shown = sent_text(done, drafts=False).splitlines()
    assert shown[0] == (
        "look at: the owner is not told of what follows, tell them yourself; their notice cannot be made: "
        f"templates/mail/failures.txt.j2, line {line}: the template cannot be filled: "
        "'dict object' has no attribute 'rolle'"
    )
    assert any("tapiola" in line and "refused" in line for line in shown)


def test_mail_goes_to_allowed_domains_only(workspace: Workspace) -> None:
    result = ask(workspace.root, "send", "--month", "2026-08", "--to", "me@example.com")
    assert result.exit_code == 2
    assert "--to: mail to me@example.com is not allowed" in result.stderr
    edit(workspace.configs / "recipients.toml", r'allowed_domains = \["example.fi"\]\n', "")
    assert ask(workspace.root, "send", "--month", "2026-08", "--to", "me@example.com").exit_code == 0
