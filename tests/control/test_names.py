"""Names by which people join."""

import pytest
from django.core.exceptions import ValidationError

from control import names

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "written",
    ["Ayşe Yılmaz", "Çağrı Öğüt", "Әлия Қасымова", "Ілияс Нұрғали", "O’Neil", "Ay-Şe K.", "Ali 2"],
)
def test_turkish_and_kazakh_names_stand_as_they_are_written(written: str) -> None:
    assert names.clean(written) == written


@pytest.mark.parametrize(
    ("written", "again"),
    [
        ("Işık", "IŞIK"),
        ("IŞIK", "ışık"),
        ("İbrahim", "ibrahim"),
        ("İBRAHİM", "Ibrahim"),
        ("Ilgın", "ilgin"),
        ("ӘЛИЯ", "әлия"),
        ("Gu\u0308ls\u0327en", "GÜLŞEN"),
        ("  Ayşe \t Yılmaz ", "ayşe yılmaz"),
    ],
)
def test_one_name_is_one_however_it_is_written(written: str, again: str) -> None:
    assert names.fold(names.clean(written)) == names.fold(names.clean(again))


def test_names_of_different_people_stay_apart() -> None:
    folded = {names.fold(names.clean(one)) for one in ("Ayşe", "Ayse", "Aysel", "Асель", "Әсел")}
    assert len(folded) == 5


@pytest.mark.parametrize("written", ["", " ", "A", "A" * 41, "İ", "\u200b\u200b"])
def test_a_name_has_from_two_to_forty_letters(written: str) -> None:
    with pytest.raises(ValidationError):
        names.clean(written)


@pytest.mark.parametrize(
    "written",
    [
        "<b>Ali</b>",
        "Ali\u202eeyA",
        "Ali\x00",
        "Ali; DROP",
        "2 Ali",
        "-Ali",
        "Ali😀",
        "Аli",
        "a\u0301\u0301\u0301b",
    ],
)
def test_what_is_no_name_is_refused_in_words(written: str) -> None:
    with pytest.raises(ValidationError, match="name"):
        names.clean(written)


@pytest.mark.parametrize(
    "written",
    [
        "planner",
        "KZ-SECURITY",
        "kz security",
        "TR Air-Defence",
        "Security desk",
        "Deciding Officer",
        "demo",
        "Role-player KZ-X",
        "role player",
        "Person-deadbeef",
        "A former participant",
        "Instructor",
        "ADMIN",
        "Admin Ali",
        "Öğretmen Ayşe",
        "YÖNETİCİ",
        "Нұсқаушы",
    ],
)
def test_no_name_passes_for_the_cast_a_role_player_or_staff(written: str) -> None:
    with pytest.raises(ValidationError, match="somebody else"):
        names.clean(written)
