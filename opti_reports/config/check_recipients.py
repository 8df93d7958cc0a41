"""Recipients: every name they use exists, each gets something, and none gets a pack twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from opti_reports.config.base import Names
from opti_reports.config.organisation import OrganisationFile
from opti_reports.config.pack import PackSpec
from opti_reports.config.recipients import Deputy, Recipient, Recipients
from opti_reports.errors import Fault
from opti_reports.messages.spelling import suggestion

FILE = "recipients.toml"


class RecipientChecker:
    """What recipients may name: units with their levels, packs, sources and languages."""

    def __init__(
        self,
        organisation: OrganisationFile,
        packs: Mapping[str, PackSpec],
        pack_names: Names,
        sources: Names,
        languages: Sequence[str],
    ) -> None:
        self._levels = [level.id for level in organisation.every_level]
        self._level_of = organisation.level_of
        self._packs, self._pack_names = packs, pack_names
        self._sources, self._languages = sources, languages

    def check(self, recipients: Recipients, *, mail: bool) -> list[Fault]:
        """Return everything wrong in the recipients; without any of them no owner and no
        mail.toml is needed.
        """
        faults: list[Fault] = []
        for i, one in enumerate(recipients.recipient, 1):
            faults += self._recipient(f"recipient.{i}", one, recipients)
        faults += _twice(recipients.recipient)
        faults += self._suppliers(recipients)
        faults += [
            _not_allowed(key, one) for key, one in recipients.addresses() if not recipients.allowed(one)
        ]
        if recipients.owner:
            faults += self._role("owner.role", recipients.owner.role, recipients)
            faults += self._language("owner.language", recipients.owner.language)
        elif recipients.recipient:
            faults.append(Fault(FILE, "owner", "recipient.no_owner"))
        if not mail and (recipients.recipient or recipients.supplier):
            faults.append(Fault("mail.toml", "", "file.missing"))
        return faults

    def _recipient(self, key: str, one: Recipient, recipients: Recipients) -> Iterator[Fault]:
        yield from self._role(f"{key}.role", one.role, recipients)
        yield from self._language(f"{key}.language", one.language)
        level = self._level_of.get(one.organisation)
        if level is None:
            near = suggestion(one.organisation, self._level_of)
            yield Fault(FILE, f"{key}.organisation", "unknown.unit", name=one.organisation, near=near)
        for name in one.packs:
            if self._pack_names.lack(name):
                yield Fault(
                    FILE, f"{key}.packs", "unknown.pack", name=name, near=suggestion(name, self._pack_names)
                )
            elif name in self._packs and self._packs[name].apart:
                yield Fault(FILE, f"{key}.packs", "recipient.apart", pack=name)
            elif level and name in self._packs and not self._gets(self._packs[name], level, one):
                yield Fault(
                    FILE,
                    f"{key}.packs",
                    "recipient.level",
                    pack=name,
                    level=self._packs[name].level,
                    organisation=one.organisation,
                    its_level=level,
                )
        yield from _dates(key, one.valid_from, one.valid_to)
        for j, deputy in enumerate(one.deputy, 1):
            yield from self._role(f"{key}.deputy.{j}.role", deputy.role, recipients)
            yield from _dates(f"{key}.deputy.{j}", deputy.valid_from, deputy.valid_to)
        yield from _deputies_at_once(key, one.deputy)

    def _gets(self, pack: PackSpec, level: str, one: Recipient) -> bool:
        """Return whether an organisation of the level, or one below it if it gets those, has such a pack."""
        if pack.level not in self._levels or level not in self._levels:
            return True  # named where the level stands
        return pack.level == level or (
            one.below and self._levels.index(pack.level) > self._levels.index(level)
        )

    def _role(self, key: str, name: str, recipients: Recipients) -> Iterator[Fault]:
        if name not in recipients.role:
            yield Fault(FILE, key, "unknown.role", name=name, near=suggestion(name, recipients.role))

    def _language(self, key: str, name: str) -> Iterator[Fault]:
        if name and name not in self._languages:
            yield Fault(FILE, key, "unknown.language", name=name, near=suggestion(name, self._languages))

    def _suppliers(self, recipients: Recipients) -> Iterator[Fault]:
        seen: dict[str, int] = {}
        for i, supplier in enumerate(recipients.supplier, 1):
            key = f"supplier.{i}"
            yield from self._language(f"{key}.language", supplier.language)
            for name in supplier.sources:
                if self._sources.lack(name):
                    yield Fault(
                        FILE,
                        f"{key}.sources",
                        "unknown.source",
                        name=name,
                        near=suggestion(name, self._sources),
                    )
                if name in seen:
                    yield Fault(
                        FILE, f"{key}.sources", "recipient.source_twice", source=name, supplier=seen[name]
                    )
                seen.setdefault(name, i)


def _not_allowed(key: str, address: str) -> Fault:
    return Fault(FILE, key, "recipient.domain", address=address)


def _dates(key: str, first: dt.date, last: dt.date) -> Iterator[Fault]:
    if last < first:
        yield Fault(FILE, f"{key}.valid_to", "dates.order", last=str(last), first=str(first))


def _deputies_at_once(key: str, deputies: Iterable[Deputy]) -> Iterator[Fault]:
    order = sorted(enumerate(deputies, 1), key=lambda pair: pair[1].valid_from)
    for (_, before), (j, after) in pairwise(order):
        if before.valid_to >= after.valid_from:
            yield Fault(FILE, f"{key}.deputy.{j}", "recipient.two_deputies", day=str(after.valid_from))


def _twice(recipients: Sequence[Recipient]) -> Iterator[Fault]:
    """Yield recipients whose mailbox gets the same packs by an earlier entry."""
    for i, one in enumerate(recipients, 1):
        for j, other in enumerate(recipients[: i - 1], 1):
            same = one.address.casefold() == other.address.casefold()
            together = max(one.valid_from, other.valid_from) <= min(one.valid_to, other.valid_to)
            packs = sorted(set(one.packs) & set(other.packs))
            if same and together and packs and one.organisation == other.organisation:
                yield Fault(
                    FILE,
                    f"recipient.{i}",
                    "recipient.twice",
                    address=one.address,
                    packs=tuple(packs),
                    organisation=one.organisation,
                    number=j,
                )
