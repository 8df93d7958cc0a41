"""What the demo knows besides its code: the TOML files beside this one, and configs."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from opti_reports.config.listed import FILE as LISTED
from opti_reports.config.listed import Listed
from opti_reports.config.read import read_model
from opti_reports.errors import ConfigError

Model = TypeVar("Model", bound=BaseModel)


def read_text(name: str) -> str:
    """Return the text of one of the files."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def read_tables(name: str) -> dict[str, Any]:
    """Return one of the files, parsed."""
    return tomllib.loads(read_text(name))


COUNTY = read_tables("county.toml")


def fit(kind: type[Model], tables: Iterable[Mapping[str, Any]]) -> tuple[Model, ...]:
    """Return each table as this model; raise ValidationError where one lacks or has what it should not."""
    return tuple(kind.model_validate(table) for table in tables)


def read_config(path: Path, shown: str, model: type[Model]) -> Model:
    """Return a config, shown by this name; raise ConfigError with all that is wrong in it."""
    found, faults = read_model(path, shown, model)
    if found is None:
        raise ConfigError(faults)
    return found


def had(configs: Path) -> tuple[str, ...]:
    """Return the sources that a workspace's organisation has; none where it has them all.

    Raises ConfigError where the file that names them cannot be read.
    """
    path = configs / LISTED
    return (read_config(path, LISTED, Listed).sources or ()) if path.is_file() else ()
