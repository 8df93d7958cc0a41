"""The smallest stretches of time that a fact's rows are laid out by, before periods add them."""

from __future__ import annotations

from enum import Enum


class Slot(Enum):
    """Months, months of weeks (each week in the month of its Thursday), or weeks."""

    MONTH = "month"
    MONTH_OF_WEEKS = "month_of_weeks"
    WEEK = "week"
