"""The files of the ``configs`` folder, one by one and by the folder, with every fault found in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

from opti_reports.config.base import Names, names
from opti_reports.config.read import read_model, read_toml
from opti_reports.errors import Fault
from opti_reports.language.wording import Wording, flatten

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Reader:
    """Reads the files of a folder; what is wrong with them gathers in ``faults``."""

    folder: Path
    faults: list[Fault] = field(default_factory=list)

    def one(self, name: str, model: type[Model]) -> Model | None:
        """Return the model of a file; None where something is wrong with it."""
        found, faults = read_model(self.folder / name, name, model)
        self.faults.extend(faults)
        return found

    def if_there(self, name: str, model: type[Model]) -> Model | None:
        """Return the model of a file that need not be there; without it what the model says by itself."""
        return self.one(name, model) if (self.folder / name).exists() else model()

    def many(self, folder: str, model: type[Model]) -> Folder[Model]:
        """Return the models of a folder by file name, which must be the id that stands in the file."""
        found: dict[str, Model] = {}
        paths = sorted((self.folder / folder).glob("*.toml"))
        if not paths:
            self.faults.append(Fault(folder, "", "file.none"))
        for path in paths:
            name = f"{folder}/{path.name}"
            one = self.one(name, model)
            if one is not None and getattr(one, "id", path.stem) != path.stem:
                self.faults.append(Fault(name, "id", "file.id", id=getattr(one, "id", ""), name=path.stem))
            elif one is not None:
                found[path.stem] = one
        return Folder(found, names((path.stem for path in paths), True), len(found) == len(paths) > 0)

    def wordings(self, folder: str, languages: Iterable[str]) -> dict[str, Wording]:
        """Return the phrases of a folder by language."""
        found = {}
        for language in languages:
            name = f"{folder}/{language}.toml"
            data, faults = read_toml(self.folder / name, name)
            self.faults.extend(faults)
            if data is not None:
                found[language] = Wording(language, flatten(data))
        return found


@dataclass(frozen=True)
class Folder(Generic[Model]):
    """The models of a folder, the names of its files, and whether all of them could be read."""

    models: dict[str, Model]
    files: Names
    whole: bool
