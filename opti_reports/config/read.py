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

from opti_reports.config.base import FORMS, Words
from opti_reports.errors import Fault, UnfitError
from opti_reports.messages.message import Message, Shown, message
from opti_reports.messages.spelling import closest, suggestion

Model = TypeVar("Model", bound=BaseModel)
QUOTE = "'"
_LINE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_toml(path: Path, shown: str) -> tuple[dict[str, Any] | None, list[Fault]]:
    """Return the parsed file, or the fault that kept it from being read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig")), []
    except FileNotFoundError:
        return None, [Fault(shown, "", "file.missing")]
    except UnicodeDecodeError as error:
        return None, [Fault(shown, message("at.byte", byte=error.start), "file.not_utf8")]
    except RecursionError:
        return None, [Fault(shown, "", "file.too_deep")]
    except tomllib.TOMLDecodeError as error:
        text = str(error)
        return None, [Fault(shown, _place(text), "file.not_toml", why=_LINE.sub("", text))]


def _place(text: str) -> Shown:
    """Return where the text of an error of TOML says that it is."""
    found = _LINE.search(text)
    if not found:
        return ""
    if not found[1]:
        return message("at.end")
    return message("at.line_column", line=int(found[1]), column=int(found[2]))


def read_model(path: Path, shown: str, model: type[Model]) -> tuple[Model | None, list[Fault]]:
    """Return the file as a model, or every fault found in it."""
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
        if what := getattr(owner, "gone", {}).get(part):
            return Fault.of(shown, key, what)
        near = suggestion(str(part), owner.model_fields if owner else ())
        return Fault(shown, key, "unknown.config_key", near=near)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _untagged(shown, key, context)
    if kind == "dict_type" and isinstance(detail["input"], str):
        return Fault(shown, key, "unfit.no_language")
    return Fault.of(shown, key, _why(detail, context))


def _why(detail: ErrorDetails, context: Mapping[str, Any]) -> Message:
    """Return why a value is not taken: a validator of the program said so, or pydantic, in its own words."""
    kind, value, error = detail["type"], detail["input"], context.get("error")
    if kind == "missing" or (kind == "too_short" and not value):
        return message("unfit.missing")
    if kind in ("literal_error", "enum"):
        return message("unfit.expected", expected=str(context.get("expected")), value=repr(value))
    if kind == "string_pattern_mismatch":
        return message("unfit.pattern", text=value, form=FORMS[context["pattern"]])
    if isinstance(error, UnfitError):
        return error.message
    if isinstance(error, ValueError):
        return message("unfit.said", why=str(error))
    why = f"{detail['msg'][:1].lower()}{detail['msg'][1:]}"
    return message("unfit.other", why=why, value=repr(value))


def _untagged(shown: str, key: str, context: Mapping[str, Any]) -> Fault:
    """Return the fault of a table that must say its kind, and says none or one that nobody knows.

    A function that finds the kind is called like its key.
    """
    place = ".".join(filter(None, (key, context["discriminator"].strip("'()"))))
    if "tag" not in context:
        return Fault(shown, place, "unfit.missing")
    known = context["expected_tags"].split(", ")
    meant = closest(context["tag"], [name.strip(QUOTE) for name in known])
    near: Shown = message("near.meant", word=meant) if meant else ""
    expected = f"{', '.join(known[:-1])} or {known[-1]}"
    return Fault(shown, place, "unfit.kind", expected=expected, value=context["tag"], near=near)


def _parts(
    of: object, loc: tuple[int | str, ...], marks: Iterable[object] = ()
) -> Iterator[tuple[int | str, type[BaseModel] | None]]:
    """Yield the parts of a place that the file has, each with the model whose key it is.

    Of models chosen by a tag, pydantic has the tag in the place; in the file it is no key. ``marks`` are
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


WORDS = (Words, Words | None, Words | str)
"""Fields that hold a text in every language."""


def untranslated(model: BaseModel, languages: tuple[str, ...], shown: str, key: str = "") -> list[Fault]:
    """Return a fault for every text that is missing in a language, or given in one nobody uses."""
    faults: list[Fault] = []
    for name, info in type(model).model_fields.items():
        value, place = getattr(model, name), f"{key}{name}"
        if info.annotation in WORDS:
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
        Fault(shown, f"{key}.{lang}", "unfit.lacks_language")
        for lang in languages
        if not value.get(lang, "").strip()
    ]
    extra = [
        Fault(shown, f"{key}.{lang}", "unknown.this_language", near=suggestion(lang, languages))
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
