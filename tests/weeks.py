"""A month's extracts cut into the exports of its weeks, as a county's systems would have sent them."""

from __future__ import annotations

import csv
import datetime as dt
import re
from pathlib import Path

from python_calamine import CalamineWorkbook

from opti_reports.periods.months import monday_of, sunday_of, week_of, week_text

CUMULATIVE = {"puhelut": 4, "digi": 4}
"""Sources of which each export has all rows since the month began, with the column of their own date."""
OF_WEEK = {"t3": "Mittauspäivä", "resursointi": "Viikko"}
"""Those that send a week's rows alone."""


def cut(data: Path, month: str, weeks: list[int]) -> None:
    """Move the weekly sources of a month's folder into the folders of weeks; the month has none then."""
    for path in sorted((data / month).iterdir()):
        stem = path.name.partition("_")[0]
        if stem not in CUMULATIVE and stem not in OF_WEEK:
            continue
        for week in weeks:
            folder = data / week_text(week)
            folder.mkdir(exist_ok=True)
            target = folder / path.name.replace(month, week_text(week))
            if path.suffix == ".csv":
                _csv(path, target, CUMULATIVE[stem], week)
            else:
                _sheet(path, target, week)
        path.unlink()


def _csv(path: Path, target: Path, column: int, week: int) -> None:
    raw = path.read_bytes()
    coding = "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "cp1252"
    head, *rows = raw.decode(coding).splitlines(keepends=True)
    first = monday_of(week).replace(day=1)
    kept = [row for row in rows if first <= _day(row.split(";")[column]) <= sunday_of(week)]
    target.write_bytes("".join([head, *kept]).encode(coding))


def _day(text: str) -> dt.date:
    if found := re.match(r"(\d+)\.(\d+)\.(\d{4})", text):
        return dt.date(int(found[3]), int(found[2]), int(found[1]))
    return dt.date.fromisoformat(text[:10])


def _sheet(path: Path, target: Path, week: int) -> None:
    """Write the week's rows of a sheet, as text."""
    head, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    with target.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(head)
        writer.writerows(
            [_text(cell) for cell in row] for row in rows if any(_is_of(cell, week) for cell in row)
        )


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:g}".replace(".", ",")
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


def _is_of(cell: object, week: int) -> bool:
    if isinstance(cell, dt.date):
        return week_of(cell if not isinstance(cell, dt.datetime) else cell.date()) == week
    found = re.fullmatch(r"(\d{4})-?[Ww](\d{2})|(\d{1,2})/(\d{4})", str(cell))
    if not found:
        return False
    year, number = (found[1], found[2]) if found[1] else (found[4], found[3])
    return week_of(dt.date.fromisocalendar(int(year), int(number), 1)) == week


def without_weeks(configs: Path) -> None:
    """Take out of configs what is of weeks' packs: as they were before there were any."""
    for path in (configs / "packs").glob("week*.toml"):
        path.unlink()
    for name in ("recipients.toml", "archive.toml"):
        text = (configs / name).read_text(encoding="utf-8")
        text = re.sub(r', "week\w*"', "", text)
        text = re.sub(r'\[\[retention\]\]\npack  = "week\w*"\nyears = 2\n', "", text)
        (configs / name).write_text(text, encoding="utf-8")
