"""TOML files into models; everything wrong in them comes back as faults with file and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError
from pydantic_core import ErrorDetails

from opti_reports.algebra.expression import suggestion
from opti_reports.config.base import FORMS, Words
from opti_reports.errors import Fault

Model = TypeVar("Model", bound=BaseModel)
QUOTE = "'"
_LINE = re.compile(r" \(at (line \d+, column \d+|end of document)\)$")


def read_toml(path: Path, shown: str) -> tuple[dict[str, Any] | None, list[Fault]]:
    """The parsed file, or the fault that kept it from being read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig")), []
    except FileNotFoundError:
        return None, [Fault(shown, "", "the file is missing", "Copy it from a fresh `opti init`.")]
    except UnicodeDecodeError as error:
        return None, [Fault(shown, f"byte {error.start}", "is not UTF-8 text", "Save the file as UTF-8.")]
    except RecursionError:
        return None, [Fault(shown, "", "is nested too deep", "No config needs more than a few levels.")]
    except tomllib.TOMLDecodeError as error:
        text = str(error)
        place = _LINE.search(text)
        return None, [Fault(shown, place[1] if place else "", f"not valid TOML: {_LINE.sub('', text)}")]


def read_model(path: Path, shown: str, model: type[Model]) -> tuple[Model | None, list[Fault]]:
    """The file as a model, or every fault found in it."""
    data, faults = read_toml(path, shown)
    if data is None:
        return None, faults
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, [_fault(shown, model, detail) for detail in error.errors()]


def _fault(shown: str, model: type[BaseModel], detail: ErrorDetails) -> Fault:
    parts = list(_parts(model, detail["loc"]))
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part, _ in parts)
    kind, context = detail["type"], detail.get("ctx") or {}
    if kind == "extra_forbidden":
        part, owner = parts[-1]
        return Fault(shown, key, f"unknown key{suggestion(str(part), owner.model_fields if owner else ())}")
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _untagged(shown, key, context)
    if kind == "dict_type" and isinstance(detail["input"], str):
        fix = 'Every text is given in every language, like { fi = "…", sv = "…", en = "…" }.'
        return Fault(shown, key, "is in no language", fix)
    return Fault(shown, key, _what(kind, context, detail))


def _what(kind: str, context: Mapping[str, Any], detail: ErrorDetails) -> str:
    """Return what is wrong with a value."""
    if kind in ("literal_error", "enum"):
        return f"must be {context.get('expected')}, not {detail['input']!r}"
    if kind == "string_pattern_mismatch":
        return f"'{detail['input']}' {FORMS[context['pattern']]}"
    if kind == "too_short" and not detail["input"]:
        return "is empty"
    if kind in ("missing", "value_error"):
        return str(context.get("error", "is missing"))
    return f"{detail['msg'][:1].lower()}{detail['msg'][1:]}, not {detail['input']!r}"


def _untagged(shown: str, key: str, context: Mapping[str, Any]) -> Fault:
    """Return the fault of a table that must say its kind, and says none or one that nobody knows.

    A function that finds the kind is called like its key.
    """
    place = ".".join(filter(None, (key, context["discriminator"].strip("'()"))))
    if "tag" not in context:
        return Fault(shown, place, "is missing")
    known = context["expected_tags"].split(", ")
    near = suggestion(context["tag"], [name.strip(QUOTE) for name in known])
    what = f"must be {', '.join(known[:-1])} or {known[-1]}, not '{context['tag']}'"
    return Fault(shown, place, what + (near if near.endswith("?") else ""))  # what is known it says already


def _parts(
    of: object, loc: tuple[int | str, ...], marks: Iterable[object] = ()
) -> Iterator[tuple[int | str, type[BaseModel] | None]]:
    """Yield the parts of a place that the file has, each with the model whose key it is.

    Of models told apart by a tag, pydantic has the tag in the place; in the file it is no key. ``marks`` are
    what stands beside the type in the annotation.
    """
    if not loc:
        return
    args = get_args(of)
    inner: object = next((arg for arg in reversed(args) if arg not in (..., NoneType)), None)
    if get_origin(of) is Annotated:
        yield from _parts(args[0], loc, args[1:])
    elif tagged := _tagged(args, marks):
        yield from _parts(tagged.get(loc[0]), loc[1:])
    elif NoneType in args:
        yield from _parts(inner, loc)
    elif isinstance(of, type) and issubclass(of, BaseModel):
        yield loc[0], of
        field = of.model_fields.get(str(loc[0]))
        yield from _parts(field and field.annotation, loc[1:], [*field.metadata, field] if field else ())
    else:
        yield loc[0], None
        yield from _parts(inner, loc[1:])


def _tagged(members: tuple[Any, ...], marks: Iterable[object]) -> dict[object, object]:
    """Return the members of a union by the tag that tells them apart; none of what is no such union."""
    by = next(filter(None, (getattr(mark, "discriminator", None) for mark in marks)), None)
    if isinstance(by, str):
        return {tag: one for one in members for tag in get_args(one.model_fields[by].annotation)}
    return {mark.tag: one for one in members for mark in get_args(one) if isinstance(mark, Tag)} if by else {}


def untranslated(model: BaseModel, languages: tuple[str, ...], shown: str, key: str = "") -> list[Fault]:
    """A fault for every text that is missing in a language, or given in one nobody uses."""
    faults: list[Fault] = []
    for name, info in type(model).model_fields.items():
        value, place = getattr(model, name), f"{key}{name}"
        if info.annotation in (Words, Words | None) or info.annotation == Words | str:
            faults += _languages(value, languages, shown, place)
        else:
            faults += _nested(value, languages, shown, place)
    return faults


def _languages(
    value: dict[str, str] | str | None, languages: tuple[str, ...], shown: str, key: str
) -> list[Fault]:
    if value is None or isinstance(value, str):
        return []
    missing = [
        Fault(shown, f"{key}.{lang}", "is missing", "Every text is given in every language.")
        for lang in languages
        if not value.get(lang, "").strip()
    ]
    extra = [
        Fault(shown, f"{key}.{lang}", f"unknown language{suggestion(lang, languages)}")
        for lang in sorted(set(value) - set(languages))
    ]
    return missing + extra


def _nested(value: object, languages: tuple[str, ...], shown: str, key: str) -> list[Fault]:
    if isinstance(value, BaseModel):
        return untranslated(value, languages, shown, f"{key}.")
    if isinstance(value, tuple):
        return [f for i, v in enumerate(value) for f in _nested(v, languages, shown, f"{key}.{i + 1}")]
    if isinstance(value, dict):
        return [f for k, v in value.items() for f in _nested(v, languages, shown, f"{key}.{k}")]
    return []
