"""TOML files into models; everything wrong in them comes back as faults with file and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from opti_reports.algebra.expression import suggestion
from opti_reports.config.base import FORMS, Words
from opti_reports.errors import Fault, UnfitError
from opti_reports.messages.message import Message, Shown, message

Model = TypeVar("Model", bound=BaseModel)
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


def _key(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in loc)


def _fault(shown: str, model: type[BaseModel], detail: ErrorDetails) -> Fault:
    key, kind, context = _key(detail["loc"]), detail["type"], detail.get("ctx") or {}
    if kind == "extra_forbidden":
        return Fault(
            shown,
            key,
            "unknown.config_key",
            near=suggestion(str(detail["loc"][-1]), _fields(model, detail["loc"])),
        )
    if kind in ("literal_error", "enum"):
        return Fault(
            shown, key, "unfit.expected", expected=str(context.get("expected")), value=repr(detail["input"])
        )
    if kind == "string_pattern_mismatch":
        return Fault(shown, key, "unfit.pattern", text=detail["input"], form=FORMS[context["pattern"]])
    if kind == "dict_type" and isinstance(detail["input"], str):
        return Fault(shown, key, "unfit.no_language")
    if kind == "missing":
        return Fault(shown, key, "unfit.missing")
    return Fault.of(shown, key, _why(detail, context.get("error")))


def _why(detail: ErrorDetails, error: object) -> Message:
    """Return why a value is not taken: a validator of the program said so, or pydantic, in its own words."""
    if isinstance(error, UnfitError):
        return error.message
    if isinstance(error, ValueError):
        return message("unfit.said", why=str(error))
    why = f"{detail['msg'][:1].lower()}{detail['msg'][1:]}"
    return message("unfit.other", why=why, value=repr(detail["input"]))


def _fields(model: type[BaseModel], loc: tuple[int | str, ...]) -> Iterable[str]:
    """The keys known at a place of a file: those of the model that the place belongs to."""
    for part in loc[:-1]:
        if part in model.model_fields:
            inner = _inner(model.model_fields[str(part)].annotation)
            if inner is None:
                return ()
            model = inner
    return model.model_fields


def _inner(annotation: object) -> type[BaseModel] | None:
    """The model somewhere inside an annotation like ``dict[str, Column]`` or ``Due | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_inner, get_args(annotation))), None)


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
