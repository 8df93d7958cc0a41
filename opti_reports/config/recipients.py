"""``configs/recipients.toml``: who receives which pack by role, who stands in, who delivers which extract."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field

from opti_reports.config.base import AudienceId, Identifier, Strict, Words
from opti_reports.errors import UnfitError

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])\Z")
"""An addr-spec of RFC 5321 as mailboxes have it: no quotes, no comments, no name before it."""
LONGEST, LONGEST_LOCAL = 254, 64
"""Signs of an address and of its part before the @ (RFC 5321, 4.5.3.1)."""
ALWAYS_FROM, ALWAYS_TO = dt.date(1900, 1, 1), dt.date(2999, 12, 31)


def single_address(text: str) -> str:
    """Return the text if it is one mailbox address; raises ValueError otherwise."""
    local = text.partition("@")[0]
    if not _ADDRESS.match(text) or len(text) > LONGEST or len(local) > LONGEST_LOCAL:
        raise UnfitError("unfit.address", text=text)
    return text


Address = Annotated[str, AfterValidator(single_address)]


class Role(Strict):
    """What recipients are called, never a person's name, and the audiences they belong to."""

    name: Words
    audiences: tuple[AudienceId, ...] = Field(min_length=1)


class Deputy(Strict):
    """Who gets the recipient's mail in its place, both days included."""

    role: Identifier
    address: Address
    valid_from: dt.date
    valid_to: dt.date


class Recipient(Strict):
    """A mailbox, and the kinds of packs it gets of its own organisation.

    ``below``: of the organisations below it too. After ``valid_to`` it is revoked.
    """

    role: Identifier
    packs: tuple[Identifier, ...] = Field(min_length=1)
    organisation: Identifier
    below: bool = False
    language: str = ""
    """Of the mail and of the pack; empty: the first of the settings."""
    address: Address
    valid_from: dt.date = ALWAYS_FROM
    valid_to: dt.date = ALWAYS_TO
    deputy: tuple[Deputy, ...] = ()

    def valid(self, day: dt.date) -> bool:
        """Return whether it gets mail on a day."""
        return self.valid_from <= day <= self.valid_to

    def reached(self, day: dt.date) -> tuple[str, str]:
        """Return the role and address that its mail goes to on a day: its own or its deputy's."""
        for one in self.deputy:
            if one.valid_from <= day <= one.valid_to:
                return one.role, one.address
        return self.role, self.address


class Owner(Strict):
    """Who is informed of mail that was not accepted, and whom recipients may ask."""

    role: Identifier
    address: Address
    language: str = ""


class Supplier(Strict):
    """Where to write when the extracts of these sources are late; the role stands in the source's file."""

    sources: tuple[Identifier, ...] = Field(min_length=1)
    address: Address
    language: str = ""


def _domain(text: str) -> str:
    if not _ADDRESS.match(f"a@{text}"):
        raise UnfitError("unfit.domain", text=text)
    return text.casefold()


class Recipients(Strict):
    """``configs/recipients.toml``. Without ``allowed_domains`` an address may be of any domain."""

    allowed_domains: tuple[Annotated[str, AfterValidator(_domain)], ...] = ()
    role: dict[Identifier, Role] = {}
    owner: Owner | None = None
    recipient: tuple[Recipient, ...] = ()
    supplier: tuple[Supplier, ...] = ()

    def allowed(self, address: str) -> bool:
        """Return whether mail may go to an address: its domain is one of those named, letter for letter."""
        return not self.allowed_domains or address.rpartition("@")[2].casefold() in self.allowed_domains

    def addresses(self) -> Iterator[tuple[str, str]]:
        """Yield every address that mail may go to, with its place in the file."""
        if self.owner:
            yield "owner.address", self.owner.address
        for i, one in enumerate(self.recipient, 1):
            yield f"recipient.{i}.address", one.address
            yield from ((f"recipient.{i}.deputy.{j}.address", d.address) for j, d in enumerate(one.deputy, 1))
        yield from ((f"supplier.{i}.address", one.address) for i, one in enumerate(self.supplier, 1))
