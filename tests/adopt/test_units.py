"""What files call units: names, genitives, short forms and other systems' codes mean one unit or none."""

from __future__ import annotations

import pytest

from opti_reports.adopt.units import Units, opposite
from opti_reports.model.organisation import Organisation, Unit

NAMES = {
    "leppavaara": ("Leppävaaran terveysasema", "Alberga hälsostation", "Leppävaara", "7007"),
    "espoonlahti": ("Espoonlahden terveysasema", "Esbovikens hälsostation", "Espoonlahti", "7003"),
    "matinkyla": ("Matinkylän terveysasema", "Mattby hälsostation", "Matinkylä", "7004"),
    "lohja": ("Lohjan terveysasema", "Lojo hälsostation", "Lohja", "7013"),
    "lohja_digi": ("Lohjan digitiimi", "Digiteamet i Lojo", "Lohjan digi", "7113"),
}


@pytest.fixture(scope="module")
def units() -> Units:
    made = tuple(
        Unit(
            id=id,
            level="unit",
            type="station",
            parent=None,
            names={"fi": fi, "sv": sv},
            first=24000,
            last=None,
            successor=None,
            small_staff_group=False,
            codes={"hr": (code,), "phone": (f"TA {short}",)},
            short={"fi": short},
        )
        for id, (fi, sv, short, code) in NAMES.items()
    )
    return Units(Organisation(("unit",), {}, made, "leppavaara"))


@pytest.mark.parametrize(
    ("text", "unit", "sure"),
    [
        ("LEPPAVAARAN TERVEYSASEMA", "leppavaara", True),  # without its dots
        ("Leppävaaran ta", "leppavaara", True),  # the genitive, and an abbreviation that many codes have
        ("Hälsostation Alberga", "leppavaara", True),  # the words in another order
        ("Espoonlahden", "espoonlahti", True),
        ("Matinkylän TA", "matinkyla", True),
        ("ta/matinkylä", "matinkyla", True),  # the code of another system, written otherwise
        ("7004", "matinkyla", False),  # a bare number may be another unit's here
        ("Matin.", "matinkyla", False),  # an abbreviation is a guess
        ("Lohjan terveysasema, vastaanotto", None, False),  # a word that no unit of the name has
        ("Lohjan hälsostation", "lohja", True),  # two units of Lohja: what it is tells which
        ("Tapiola", None, False),
        ("Es", None, False),
        ("123", None, False),
    ],
)
def test_a_text_means_one_unit_or_none(units: Units, text: str, unit: str | None, sure: bool) -> None:
    match = units.match(text)
    assert (match.unit if match else None, bool(match and match.sure)) == (unit, sure)


def test_codes_of_the_system_and_names_are_known_already(units: Units) -> None:
    assert units.known("phone", "ta leppävaara")
    assert units.known("phone", "Alberga hälsostation")
    assert not units.known("phone", "7007")


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("Ei vastattu", "vastattu", True),
        ("besvarat", "Inte besvarat", True),
        ("obesvarad", "besvarad", True),
        ("obesvarad", "besvarat", True),
        ("unanswered", "answered", True),
        ("Epäsuora", "suora", True),
        ("ei vastattu", "Ei vastaa", False),
        ("vastattu", "vastatut", False),
        ("takaisinsoitto", "soitto", False),
    ],
)
def test_a_text_that_says_no_is_the_opposite(one: str, other: str, said: bool) -> None:
    assert opposite(one, other) is said
    assert opposite(other, one) is said
