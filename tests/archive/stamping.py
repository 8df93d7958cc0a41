"""A small workspace with a ledger, an authority, and what the tests of time stamps do with them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from opti_reports.archive import ledger
from tests.archive.authority import Authority
from tests.archive.released import archive_of, ledger_of
from tests.archive.tsa import Server
from tests.workspaces import ask

AT = "2026-09-03T11:12:00+03:00"
EXISTED = "existed at 2026-09-03 08:12:11 UTC, says Test Time Stamps"


@dataclass(frozen=True)
class Desk:
    """A workspace whose ledger has three lines and whose configs name a server."""

    place: Path
    authority: Authority
    server: Server

    @property
    def archive(self) -> Path:
        """The archive's folder."""
        return archive_of(self.place)

    @property
    def tokens(self) -> list[Path]:
        """The time stamps that are kept."""
        return sorted((self.archive / "stamps").glob("*.tsr"))

    def stamp(self) -> tuple[int, str]:
        """`opti archive stamp`: its exit code and all it said."""
        done = ask(self.place, "archive", "stamp")
        return done.exit_code, done.output

    def verify(self, *arguments: str) -> tuple[int, list[str]]:
        """`opti archive verify`: its exit code and its lines."""
        done = ask(self.place, "archive", "verify", *arguments)
        return done.exit_code, done.output.splitlines()

    def grow(self, many: int = 1) -> None:
        """Add lines to the ledger."""
        for number in range(many):
            ledger.record(self.archive, "sent", {"pack": "unit", "number": number}, AT)

    def configure(self, text: str) -> None:
        """Put another table [stamp] into the configs."""
        path = self.place / "configs/archive.toml"
        kept = path.read_text(encoding="utf-8").partition("\n[stamp]\n")[0]
        path.write_text(f"{kept}\n[stamp]\n{text}", encoding="utf-8")

    def trust(self, roots: bytes) -> None:
        """Put other roots into the configs."""
        (self.place / "configs/stamp-roots.pem").write_bytes(roots)

    def rewrite(self, change: Callable[[list[bytes]], list[bytes]]) -> None:
        """Put other lines in the ledger, as somebody would who means to."""
        path = ledger_of(self.place)
        path.chmod(0o644)
        path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))

    @property
    def head(self) -> str:
        """The hash of the ledger's last line."""
        (found,) = re.findall(
            r'^\{"hash":"([0-9a-f]{64})"', ledger_of(self.place).read_text().splitlines()[-1]
        )
        return str(found)
