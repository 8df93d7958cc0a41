"""Names that one file uses and another defines: every one of them must be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import get_args

from pydantic import BaseModel

from opti_reports.config.base import Kind, Names, Refers
from opti_reports.errors import Fault
from opti_reports.messages.spelling import suggestion


def unknown(file: str, model: BaseModel, defined: Mapping[Kind, Names]) -> Iterator[Fault]:
    """Yield a fault for every name in a file's model that nobody defines."""
    for key, kind, name in references(model):
        if kind in defined and defined[kind].lack(name):
            yield Fault(file, key, f"unknown.{kind}", name=name, near=suggestion(name, defined[kind]))


def references(model: BaseModel, key: str = "") -> Iterator[tuple[str, Kind, str]]:
    """Yield key, kind and name of everything a model names that another file defines."""
    for field, kind in kinds(type(model)).items():
        value, place = getattr(model, field), f"{key}{field}"
        if kind is None:
            yield from _within(value, place)
        else:
            yield from ((place, kind, name) for name in _names(value))


@cache
def kinds(model: type[BaseModel]) -> dict[str, Kind | None]:
    """Return what the names in each field of a model are of."""
    return {name: _kind((*info.metadata, info.annotation)) for name, info in model.model_fields.items()}


def _kind(annotations: tuple[object, ...]) -> Kind | None:
    """Return what the names somewhere inside annotations are of."""
    for one in annotations:
        if isinstance(one, Refers):
            return one.to
        found = _kind(get_args(one))
        if found:
            return found
    return None


def _names(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, dict)):
        yield from map(str, value)


def _within(value: object, key: str) -> Iterator[tuple[str, Kind, str]]:
    if isinstance(value, BaseModel):
        yield from references(value, f"{key}.")
    elif isinstance(value, tuple):
        for number, one in enumerate(value, 1):
            yield from _within(one, f"{key}.{number}")
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _within(one, f"{key}.{name}")
