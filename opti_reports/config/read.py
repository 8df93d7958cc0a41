"""TOML files into models; everything wrong in them comes back as faults with file and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from opti_reports.algebra.expression import suggestion
from opti_reports.config.base import FORMS, Words
from opti_reports.errors import Fault, UnfitError
from opti_reports.messages.message import Message, Shown, message

Model = TypeVar("Model", bound=BaseModel)
QUOTE = "'"
_LINE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_toml(path: Path, shown: str) -> tuple[dict[str, Any] | None, list[Fault]]:
    """The parsed file, or the fault that kept it from being read."""
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
    """The file as a model, or every fault found in it."""
    data, faults = read_toml(path, shown)
    if data is None:
        return None, faults
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, [_fault(shown, model, detail) for detail in error.errors()]


def _fault(shown: str, model: type[BaseModel], detail: ErrorDetails) -> Fault:
    (key, models), kind, context = _key(model, detail["loc"]), detail["type"], detail.get("ctx") or {}
    if kind == "extra_forbidden":
        known = {name for one in models for name in one.model_fields}
        return Fault(shown, key, "unknown.config_key", near=suggestion(str(detail["loc"][-1]), known))
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _untagged(shown, key, context)
    if kind == "dict_type" and isinstance(detail["input"], str):
        return Fault(shown, key, "form.no_language")
    return Fault.of(shown, key, _why(detail, context))


def _why(detail: ErrorDetails, context: Mapping[str, Any]) -> Message:
    """Return why a value is not taken: a validator of the program said so, or pydantic, in its own words."""
    kind, value, error = detail["type"], detail["input"], context.get("error")
    if kind == "missing" or (kind == "too_short" and not value):
        return message("form.missing")
    if kind in ("literal_error", "enum"):
        return message("form.expected", expected=str(context.get("expected")), value=repr(value))
    if kind == "string_pattern_mismatch":
        return message("form.pattern", text=value, form=FORMS[context["pattern"]])
    if isinstance(error, UnfitError):
        return error.message
    if isinstance(error, ValueError):
        return message("form.unfit", why=str(error))
    why = f"{detail['msg'][:1].lower()}{detail['msg'][1:]}"
    return message("form.other", why=why, value=repr(value))


def _untagged(shown: str, key: str, context: Mapping[str, Any]) -> Fault:
    """Return the fault of a table that must say its kind, and says none or one that nobody knows."""
    place = f"{key}.{context.get('discriminator', 'kind').strip(QUOTE)}"
    if "tag" not in context:
        return Fault(shown, place, "form.missing")
    known = context["expected_tags"].split(", ")
    near = suggestion(context["tag"], [name.strip(QUOTE) for name in known])
    expected = f"{', '.join(known[:-1])} or {known[-1]}"
    return Fault(shown, place, "form.kind", expected=expected, value=context["tag"], near=near)


def _key(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, tuple[type[BaseModel], ...]]:
    """Return the key of a place of a file, and the models whose keys stand around it.

    Of models told apart by a kind, pydantic has the kind in the place; in the file it is no key.
    """
    parts: list[str] = []
    around: tuple[type[BaseModel], ...] = (model,)
    inside = around
    for part in loc:
        chosen = tuple(one for one in inside if part in _tags(one)) if len(inside) > 1 else ()
        if chosen:
            inside = chosen
            continue
        parts.append(str(part + 1) if isinstance(part, int) else part)
        around = inside
        fields = [one.model_fields[str(part)].annotation for one in inside if part in one.model_fields]
        inside = tuple(_models(fields)) if fields else inside
    return ".".join(parts), around


def _tags(model: type[BaseModel]) -> frozenset[object]:
    """Return the kinds that a model is of."""
    return frozenset(tag for info in model.model_fields.values() for tag in get_args(info.annotation))


def _models(annotations: Iterable[object]) -> Iterator[type[BaseModel]]:
    """Yield the models somewhere inside annotations like ``dict[str, Column]`` or ``Due | None``."""
    for one in annotations:
        if isinstance(one, type) and issubclass(one, BaseModel):
            yield one
        else:
            yield from _models(get_args(one))


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
        Fault(shown, f"{key}.{lang}", "form.lacks_language")
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
