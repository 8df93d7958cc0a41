"""Redaction takes time in proportion to the text, whatever it holds; a very long text is cut and says so."""

from __future__ import annotations

import re
import time

import pytest

from opti_reports.extracts import redact as module
from opti_reports.extracts.redact import CUT, LONGEST, MASK, folded, redact

SEEDS = (
    "a", "1", " ", ".", "-", "+", "(", "@", "a.", "a-", "1.", "1-", "1 ", "12.", "1.1.", "1.9.-", "at ",
    "(at",
    "a@", "a@b.", "a (at) ", "a(a)b.", "0101900 ", "010190-", "010190-1", "0123/", "s. 1.", "synt ", "8.00-",
    "ä", "\u200b", "０", "010190A12", "1/1/", "19", "1948-", "00", "+358 ",
)  # fmt: skip
PATTERNS = sorted(name for name, value in vars(module).items() if isinstance(value, re.Pattern))


def seconds(pattern: re.Pattern[str], text: str) -> float:
    found = []
    for _ in range(3):
        began = time.process_time()
        pattern.sub("", text)
        found.append(time.process_time() - began)
    return min(found)


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_takes_more_than_in_proportion(name: str) -> None:
    """A hundred thousand characters of any repetition are quick; a quadratic pattern takes minutes."""
    pattern: re.Pattern[str] = getattr(module, name)
    for seed in SEEDS:
        text = (seed * 100_000)[:100_000]
        assert seconds(pattern, text) < 0.5, (name, seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_megabyte_is_redacted_at_once(seed: str) -> None:
    text = (seed * 1_000_000)[:1_000_000]
    began = time.process_time()
    redact(text)
    assert time.process_time() - began < 0.2


def test_a_long_text_is_cut_at_a_word_and_says_so() -> None:
    safe = redact("sana " * 2000)
    assert safe.endswith(f"sana {CUT}")
    assert len(safe) <= LONGEST + len(CUT) + 1


def test_what_the_cut_would_part_is_masked_whole() -> None:
    for shift in range(14):
        safe = redact("x" * (LONGEST - 20 + shift) + " 010190-123A ja muuta " + "y" * 500)
        assert "0101" not in safe
        assert safe.endswith(CUT)
        assert safe.removesuffix(CUT).strip().rsplit(" ", 1)[-1] in {
            MASK,
            "ja",
            "x" * (LONGEST - 20 + shift),
            "muuta",
        }


def test_a_text_is_judged_without_what_cannot_be_seen() -> None:
    assert folded("0\u0336１\u200b٠1\u00ad90–123А") == "010190-123А"
