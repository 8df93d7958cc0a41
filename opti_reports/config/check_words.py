"""Phrases and names: each in every language, and one for every unit and column that a pack will show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from opti_reports.config.block import (
    Breakdown,
    Counts,
    Crossed,
    Figures,
    Focus,
    Listing,
    Preparations,
    Proposals,
)
from opti_reports.config.pack import PackSpec
from opti_reports.config.source import ListKind, RowList, Source
from opti_reports.config.theme import Theme
from opti_reports.errors import Fault
from opti_reports.language.wording import Wording, placeholders
from opti_reports.messages.spelling import suggestion

Wordings = Mapping[str, Wording]
"""Phrases by language."""


OWN_HEADINGS: tuple[ListKind, ...] = ("actions", "preparations")
"""Lists whose columns the program's own phrases name."""


def check_wordings(shared: Wordings, own: Wordings) -> list[Fault]:
    """Return phrases or placeholders that one language has and another lacks; own ones that ask for more."""
    faults = [*_alike("languages", shared), *_alike("labels", own)]
    for language, wording in own.items():
        base = shared[language].phrases if language in shared else {}
        for key, phrase in sorted(wording.phrases.items()):
            for name in sorted(placeholders(phrase) - placeholders(base.get(key, ""))):
                faults.append(Fault(f"labels/{language}.toml", key, "phrase.placeholder", name=name))
    return faults


def _alike(folder: str, wordings: Wordings) -> Iterator[Fault]:
    known: dict[str, frozenset[str]] = {}
    for wording in wordings.values():
        for key, phrase in wording.phrases.items():
            known[key] = known.get(key, frozenset()) | placeholders(phrase)
    for language, wording in wordings.items():
        for key, names in sorted(known.items()):
            file = f"{folder}/{language}.toml"
            if key not in wording.phrases:
                yield Fault(file, key, "phrase.missing")
            elif missing := names - placeholders(wording.phrases[key]):
                yield Fault(file, key, "phrase.lacks", name=sorted(missing)[0])


def check_names(
    wordings: Wordings, themes: Iterable[Theme], packs: Iterable[PackSpec], sources: Iterable[Source]
) -> list[Fault]:
    """Return units of metrics that no language knows, and columns that a pack shows and nobody has named."""
    known = {key for wording in wordings.values() for key in wording.phrases}
    units = {key.split(".")[1] for key in known if key.startswith("unit.") and key.endswith(".symbol")}
    metrics = [(theme.id, name, metric) for theme in themes for name, metric in theme.metric.items()]
    faults = [
        Fault(
            f"themes/{theme}.toml",
            f"metric.{name}.unit",
            "unknown.unit_of",
            name=metric.unit,
            near=suggestion(metric.unit, units),
        )
        for theme, name, metric in metrics
        if metric.unit not in units
    ]
    keys = {name: metric.by for _, name, metric in metrics}
    rows = {spec.id: spec for source in sources for spec in source.list}
    unnamed: dict[str, str] = {}
    for pack, column in _shown(packs, keys, rows):
        if f"column.{column}" not in known and f"item.{column}" not in known:
            unnamed.setdefault(column, pack)
    for column, pack in sorted(unnamed.items()):
        faults.append(
            Fault(f"labels/{next(iter(wordings))}.toml", f"column.{column}", "phrase.column", pack=pack)
        )
    return faults


def _shown(
    packs: Iterable[PackSpec], keys: Mapping[str, tuple[str, ...]], rows: Mapping[str, RowList]
) -> Iterator[tuple[str, str]]:
    """Yield pack and column: the keys of breakdowns, and the columns of lists, if they are not the block's
    own.
    """
    for pack in packs:
        for block in pack.blocks:
            if isinstance(block, (Breakdown, Focus, Counts)):
                split = set(block.keys if isinstance(block, Counts) else (block.by,))
                yield from ((pack.id, by) for by in sorted(split & set(keys.get(block.metric, ()))))
            if isinstance(block, Figures) and block.by:
                yield pack.id, block.by
            if isinstance(block, Crossed) and block.list in rows and block.rows in rows[block.list].columns:
                yield pack.id, block.rows
            if isinstance(block, (Listing, Preparations, Proposals)):
                spec = rows.get(block.list)
                if spec is not None and spec.kind not in OWN_HEADINGS:
                    yield from ((pack.id, column) for column in spec.columns)
                if spec is not None and spec.beside is not None and spec.beside.of in rows:
                    yield pack.id, spec.beside.of
