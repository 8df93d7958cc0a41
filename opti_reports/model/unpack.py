"""A pack from its JSON, the way back of ``model/pack.py``."""

from __future__ import annotations

import dataclasses
import json
import types
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from opti_reports.model.pack import Block, Pack

_BLOCKS = {block.kind: block for block in get_args(Block)}


def from_json(text: str) -> Pack:
    """Return the pack that ``to_json`` wrote. Raises ValueError, KeyError or TypeError for any other text."""
    pack: Pack = _made(Pack, json.loads(text))
    return pack


@cache
def _hints(made: type) -> dict[str, Any]:
    return get_type_hints(made)


def _made(hint: Any, value: Any) -> Any:
    """Return the value of a field: tuples, dataclasses and blocks (found by their ``kind``)
    from plain JSON.
    """
    origin, inner = get_origin(hint), get_args(hint)
    if value is None or hint is Any:
        return value
    if hint == Block:
        return _made(_BLOCKS[value["kind"]], value)
    if origin in (Union, types.UnionType):
        some = [one for one in inner if one is not type(None)]
        return _made(some[0], value) if len(some) == 1 else value
    if origin is tuple:
        hints = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_made(one, item) for one, item in zip(hints, value, strict=True))
    if dataclasses.is_dataclass(hint):
        assert isinstance(hint, type)
        names = [field.name for field in dataclasses.fields(hint)]
        return hint(**{name: _made(_hints(hint)[name], value[name]) for name in names})
    return value
