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
from opti_reports.errors import Fault

Model = TypeVar("Model", bound=BaseModel)
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


def _key(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in loc)


def _fault(shown: str, model: type[BaseModel], detail: ErrorDetails) -> Fault:
    key, kind, context = _key(detail["loc"]), detail["type"], detail.get("ctx") or {}
    if kind == "extra_forbidden":
        return Fault(
            shown, key, f"unknown key{suggestion(str(detail['loc'][-1]), _fields(model, detail['loc']))}"
        )
    if kind in ("literal_error", "enum"):
        return Fault(shown, key, f"must be {context.get('expected')}, not {detail['input']!r}")
    if kind == "string_pattern_mismatch":
        return Fault(shown, key, f"'{detail['input']}' {FORMS[context['pattern']]}")
    if kind == "dict_type" and isinstance(detail["input"], str):
        fix = 'Every text is given in every language, like { fi = "…", sv = "…", en = "…" }.'
        return Fault(shown, key, "is in no language", fix)
    if kind in ("missing", "value_error"):
        return Fault(shown, key, str(context.get("error", "is missing")))
    return Fault(shown, key, f"{detail['msg'][:1].lower()}{detail['msg'][1:]}, not {detail['input']!r}")


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
