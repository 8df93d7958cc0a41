"""Every expression of a source evaluated on zero rows: faults with file, key and column, and fact shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from opti_reports.algebra.expression import ExpressionError, evaluate, names
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Kind, Vector, concatenate, empty
from opti_reports.config.source import Column, Fact, Link, Source
from opti_reports.errors import Fault
from opti_reports.messages.message import Shown
from opti_reports.messages.spelling import suggestion
from opti_reports.model.fact import Shape

KINDS: dict[str, Kind] = {
    "string": "text",
    "code": "text",
    "enum": "text",
    "quote": "text",
    "title": "text",
    "label": "text",
    "role": "text",
    "integer": "number",
    "decimal": "number",
    "eur": "number",
    "boolean": "boolean",
    "date": "date",
    "month": "date",
    "iso_week": "date",
    "datetime": "datetime",
}


def denominator(column: Column) -> int:
    """Return the fixed denominator a column's numbers are kept over."""
    found: dict[str, int] = {"decimal": 10**column.digits, "eur": 100}
    return found.get(column.type, 1)


def empty_column(column: Column) -> Vector:
    """Return the column with no rows, typed as its config says."""
    kind: Kind = "private" if column.private else KINDS[column.type]
    return empty(kind, 0, column.codes or None, denominator(column))


def used_columns(source: Source) -> frozenset[str]:
    """Return the columns some rule, fact, link or list reads; dates always, because none may lie in the
    future.
    """
    texts = [source.date, *source.derive.values(), *(check.rule for check in source.check.values())]
    texts += [column.blank_ok for column in source.column.values()]
    plain = {name for name, column in source.column.items() if column.type in ("date", "datetime")}
    for fact in source.fact:
        texts += [fact.where, fact.since, fact.at, fact.unit, *fact.measure.values()]
        plain |= {*fact.by, *fact.private, *fact.unpivot}
    for link in source.link:
        texts += [link.of, link.after, link.where, link.order]
        plain.add(link.key)
    for spec in source.list:
        texts += [spec.where, spec.unit, *spec.columns.values()]
    if source.same_within:
        plain |= {source.same_within.key, *source.same_within.columns}
    read = plain.union(*(names(text) for text in texts if text))
    return frozenset(name for name in source.column if name in read)


def columns_read(source: Source, text: str, *, linked: bool = True) -> frozenset[str]:
    """Return the columns an expression reads, itself, by what is derived from them or by links."""
    rests = {name: [text] for name, text in source.derive.items()}
    for one in source.link if linked else ():
        rests[one.id] = [one.key, one.of, one.after, one.where, one.order]
    found: set[str] = set()
    left = set(names(text))
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left |= {other for text in rests.get(name, ()) if text for other in names(text)}
    return frozenset(name for name in found if name in source.column)


def of_other_rows(source: Source) -> frozenset[str]:
    """Return the checks that read what is derived or linked: asked of the rows that pass all others."""
    more = {*source.derive, *(link.id for link in source.link)}
    return frozenset(name for name, check in source.check.items() if names(check.rule) & more)


def fact_columns(source: Source, fact: Fact) -> frozenset[str]:
    """Return the columns that a fact's rows and measures rest on."""
    texts = [fact.where, fact.since, fact.at, fact.unit, *fact.measure.values()]
    texts += [*fact.by, *fact.private, *fact.unpivot]
    return frozenset().union(*(columns_read(source, text) for text in texts if text))


def may_be_empty(source: Source) -> tuple[str, ...]:
    """Return the columns facts rest on in which an empty cell says something: that a thing did not happen."""
    read = frozenset().union(*(fact_columns(source, fact) for fact in source.fact)) - identifying(source)
    return tuple(
        name for name, column in source.column.items() if name in read and not column.unknown_if_blank
    )


def identifying(source: Source) -> frozenset[str]:
    """Return the columns without which a row cannot be placed: its key, its own date and the
    units it names.
    """
    return unit_columns(source) | {*source.key, *columns_read(source, source.date)}


def unit_columns(source: Source) -> frozenset[str]:
    """Return the codes that say whose row it is."""
    texts = [*(fact.unit for fact in source.fact), *(spec.unit for spec in source.list)]
    units = frozenset().union(*(columns_read(source, text) for text in texts))
    return frozenset(name for name in units if source.column[name].type == "code")


@dataclass(frozen=True)
class Checker:
    """Collects the faults of one source while its shapes are worked out."""

    source: Source
    file: str
    context: Context
    faults: list[Fault] = field(default_factory=list)

    def fault(self, key: str, code: str, /, **values: Shown) -> None:
        """Note a fault."""
        self.faults.append(Fault(self.file, key, code, **values))

    def typed(self, key: str, text: str, rows: Mapping[str, Vector], *kinds: str) -> Vector | None:
        """Return the expression's type on zero rows, or None after noting what is wrong."""
        try:
            result = evaluate(text, rows, 0, self.context)
        except ExpressionError as error:
            self.fault(key, error.message.code, **error.message.values)
            return None
        if kinds and result.kind not in kinds:
            self.fault(key, "fact.kind", kinds=kinds, kind=result.kind)
            return None
        return result

    def rows(self) -> dict[str, Vector]:
        """Return columns, then derived names, then links, each on zero rows."""
        source = self.source
        rows = {name: empty_column(column) for name, column in source.column.items()}
        for name, text in source.derive.items():
            if name in rows:
                self.fault(f"derive.{name}", "fact.derived_twice")
            found = self.typed(f"derive.{name}", text, rows)
            if found is not None:
                rows[name] = found
        for link in source.link:
            rows[link.id] = self.link(link, rows)
        return rows

    def link(self, link: Link, rows: Mapping[str, Vector]) -> Vector:
        """Return the column a link adds."""
        key = f"link.{link.id}"
        self.typed(f"{key}.where", link.where, rows, "boolean")
        self.typed(f"{key}.key", link.key, rows, "private", "text")
        days = ("date", "datetime")
        kinds = (*days, "number", "text", "boolean") if link.kind == "carried" else days
        of = self.typed(f"{key}.of", link.of, rows, *kinds)
        if link.kind != "first_after":
            if link.order:
                self.typed(f"{key}.order", link.order, rows, "date", "datetime", "number")
            return of if link.kind == "carried" and of is not None else empty("boolean", 0)
        after = self.typed(f"{key}.after", link.after or link.of, rows, "date", "datetime")
        if of is not None and after is not None and of.kind != after.kind:
            self.fault(key, "fact.link_kinds", of=of.kind, after=after.kind)
        return of if of is not None else empty("date", 0)

    def columns_known(self, key: str, names: tuple[str, ...], rows: Mapping[str, object]) -> None:
        """Note every name that is no column."""
        for name in names:
            if name not in rows:
                self.fault(key, "unknown.column", name=name, near=suggestion(name, rows))

    def fact(self, fact: Fact, rows: dict[str, Vector]) -> Shape | None:
        """Return the fact's shape, or None when something in it is wrong."""
        key, before = f"fact.{fact.id}", len(self.faults)
        rows = self.unpivoted(fact, rows)
        self.typed(f"{key}.where", fact.where, rows, "boolean")
        self.typed(f"{key}.since", fact.since, rows, "date", "datetime")
        self.typed(f"{key}.at", fact.at or fact.since, rows, "date", "datetime")
        self.typed(f"{key}.unit", fact.unit, rows, "text")
        self.columns_known(f"{key}.by", fact.by, rows)
        self.columns_known(f"{key}.private", fact.private, rows)
        for name in (n for n in fact.by if n in rows and rows[n].kind == "private"):
            self.fault(f"{key}.by", "fact.is_private", name=name)
        for name in (n for n in fact.private if n in rows and rows[n].kind != "private"):
            self.fault(f"{key}.private", "fact.not_private", name=name)
        columns = ["since", "month", "week", "unit", *fact.by, *fact.private, *fact.measure]
        for name in dict.fromkeys(n for n in columns if columns.count(n) > 1):
            self.fault(key, "fact.column_twice", name=name)
        measures = self.measures(fact, dict(rows))
        if len(self.faults) > before:
            return None
        return Shape(
            id=fact.id,
            source=self.source.id,
            system=self.source.system,
            by={name: rows[name].denominator for name in fact.by},
            codes={name: rows[name].codes or () for name in fact.by},
            measures={name: vector.denominator for name, vector in measures.items()},
            numeric=frozenset(name for name, vector in measures.items() if vector.kind == "number"),
            private=fact.private,
            stock=fact.stock,
            weekly=fact.grain == "week",
        )

    def unpivoted(self, fact: Fact, rows: dict[str, Vector]) -> dict[str, Vector]:
        """Return the rows with the columns that unpivoting adds."""
        if not fact.unpivot:
            return rows
        key, before = f"fact.{fact.id}.unpivot", len(self.faults)
        self.columns_known(key, fact.unpivot, rows)
        for name in (n for n in fact.unpivot if n in rows and rows[n].kind != "number"):
            self.fault(key, "fact.unpivot", name=name, kind=rows[name].kind)
        score = empty("number", 0)
        if len(self.faults) == before:
            score = concatenate([rows[name] for name in fact.unpivot])
        return {**rows, "statement": empty("text", 0, fact.unpivot), "score": score}

    def measures(self, fact: Fact, rows: dict[str, Vector]) -> dict[str, Vector]:
        """Return each measure typed; a measure may use the ones before it."""
        found: dict[str, Vector] = {}
        for name, text in fact.measure.items():
            vector = self.typed(f"fact.{fact.id}.measure.{name}", text, rows, "boolean", "number")
            if vector is not None:
                found[name] = rows[name] = vector
        return found

    def lists(self, rows: Mapping[str, Vector]) -> None:
        """Check the row lists: no private column is ever shown."""
        for spec in self.source.list:
            key = f"list.{spec.id}"
            self.typed(f"{key}.where", spec.where, rows, "boolean")
            self.typed(f"{key}.unit", spec.unit, rows, "text")
            for name, text in spec.columns.items():
                vector = self.typed(f"{key}.columns.{name}", text, rows)
                if vector is not None and vector.kind == "private":
                    self.fault(f"{key}.columns.{name}", "fact.private_shown")
            for name in spec.order:
                if name.lstrip("-") not in spec.columns:
                    near = suggestion(name, spec.columns)
                    self.fault(f"{key}.order", "unknown.column", name=name, near=near)


def check_source(source: Source, file: str, context: Context) -> tuple[tuple[Shape, ...], list[Fault]]:
    """Return the shapes of a source's facts, and everything wrong in its expressions."""
    checker = Checker(source, file, context)
    rows = checker.rows()
    checker.columns_known("key", source.key, source.column)
    checker.typed("date", source.date, rows, "date", "datetime")
    for name, column in source.column.items():
        if column.blank_ok:
            plain = {name: rows[name] for name in source.column}
            checker.typed(f"column.{name}.blank_ok", column.blank_ok, plain, "boolean")
    if source.same_within:
        checker.columns_known(
            "same_within", (source.same_within.key, *source.same_within.columns), source.column
        )
    for name, check in source.check.items():
        checker.typed(f"check.{name}.rule", check.rule, rows, "boolean")
    shapes = tuple(shape for fact in source.fact if (shape := checker.fact(fact, rows)))
    checker.lists(rows)
    return shapes, checker.faults
