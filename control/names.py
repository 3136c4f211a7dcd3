"""Names by which people join: how they are read, compared, and which of them mislead."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from control.stories import CAST, SOLO
from exercises.models import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST, LONGEST = 2, 40

#: Beside letters and digits: what stands inside names, O’Neil, Ay-Şe, Mehmet A.
BESIDE_LETTERS = " -.'’ʼ"

#: Four letters that Turkish keeps apart and others do not: whoever types in haste mixes them up.
ONE_I = str.maketrans("İIı", "iii")

#: Words by which somebody would be taken for staff, or for the product: en, tr, kk, ru.
OF_STAFF = frozenset(
    {
        "admin",
        "administrator",
        "instructor",
        "moderator",
        "operator",
        "overflight",
        "root",
        "staff",
        "superuser",
        "system",
        "teacher",
        "trainer",
        "yönetici",
        "eğitmen",
        "öğretmen",
        "sistem",
        "әкімші",
        "нұсқаушы",
        "мұғалім",
        "администратор",
        "инструктор",
        "модератор",
    }
)


def clean(text: str) -> str:
    """Return a name as it is shown: composed letters, one blank between words, none around it.

    Raises `ValidationError` for what is no name, or would be taken for somebody else's: the
    fictional cast, a role-player, staff, a seat.
    """
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    if not SHORTEST <= len(name) <= LONGEST:
        raise ValidationError(
            _("A name has from %(least)d to %(most)d letters.")
            % {"least": SHORTEST, "most": LONGEST}
        )
    if not name[0].isalpha() or not all(_stands_in_names(one) for one in name):
        raise ValidationError(
            _("A name begins with a letter and has letters, digits, blanks, hyphens, dots.")
        )
    if len({*_scripts(name)}) > 1:
        raise ValidationError(_("Write the name in one alphabet: its letters are of several."))
    if _misleads(name):
        raise ValidationError(_("This name would be taken for somebody else: choose another one."))
    return name


def fold(name: str) -> str:
    """Return a cleaned name as it is compared: without regard to case and to the dots of i."""
    return unicodedata.normalize("NFKC", name.translate(ONE_I).casefold()).replace("\u0307", "")


def _stands_in_names(one: str) -> bool:
    return one.isalpha() or one in BESIDE_LETTERS or "0" <= one <= "9"


def _scripts(name: str) -> Iterator[str]:
    """Give the alphabet of each letter: LATIN, CYRILLIC."""
    for one in name:
        if one.isalpha() and one not in BESIDE_LETTERS:
            yield unicodedata.name(one, "?").partition(" ")[0]


def _bare(text: str) -> str:
    """Return the letters of a text alone, folded: what the eye keeps of it."""
    return re.sub(r"[\W\d_]", "", fold(text))


def _misleads(name: str) -> bool:
    bare = _bare(name)
    seats = {_bare(one) for one in (*CAST.values(), *CAST, *map(str, Role.labels), SOLO)}
    if bare in seats or bare[2:] in seats:  # with the code of a state before it
        return True
    if bare.startswith(("roleplayer", "formerparticipant", "aformerparticipant")):
        return True
    words = {_bare(one) for one in re.split(r"[\s.\-]+", name)}
    return bool(words & {_bare(one) for one in OF_STAFF}) or name.casefold().startswith("person-")
