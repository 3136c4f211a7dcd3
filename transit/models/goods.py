"""The list of dangerous goods, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from books.goods import of_number
from exercises.models import ExerciseRow
from exercises.parts import PartOf
from transit.models.flight import Revision
from transit.models.items import hazard_class_form, un_form, validate_aerodrome

if TYPE_CHECKING:
    from books.agreements import OrdinaryGoods


class QuantityField(models.DecimalField[Any, Any]):
    """A mass or volume to the gram or millilitre; empty where nothing is stated."""

    def __init__(self, verbose_name: Any = None, **options: Any) -> None:
        fixed = {"max_digits": 10, "decimal_places": 3, "null": True, "blank": True}
        validators = {"validators": [MinValueValidator(0)]}
        super().__init__(verbose_name, **(validators | options | fixed))


class NetUnit(models.TextChoices):
    """The unit of a net quantity."""

    KG = "kg", _("kg")
    LITRES = "L", _("litres")


class SmallQuantity(models.TextChoices):
    """As what a line goes that is packed in small quantities (ICAO Technical Instructions)."""

    LIMITED = "LIMITED", _("limited quantity")
    EXCEPTED = "EXCEPTED", _("excepted quantity")


class DangerousGood(ExerciseRow):
    """One line of the list of dangerous goods (European Union form, items 41 to 48).

    Masses are kg; `net_quantity` is in `net_unit`. Judged by `rules.declaration`. Without points
    the goods are on board from departure to destination.
    """

    noun = "good"

    revision = PartOf(Revision, on_delete=models.PROTECT, related_name="goods")
    number = models.PositiveSmallIntegerField()
    un_number = models.CharField(_("UN number"), max_length=6, validators=[un_form])
    proper_shipping_name = models.CharField(_("proper shipping name"), max_length=200)
    hazard_class = models.CharField(
        _("class"), max_length=8, blank=True, validators=[hazard_class_form]
    )
    packing_group = models.CharField(
        _("packing group"),
        max_length=3,
        blank=True,
        choices=[(one, one) for one in ("I", "II", "III")],
    )
    packages = models.PositiveIntegerField(
        _("packages"), null=True, blank=True, validators=[MaxValueValidator(100000)]
    )
    gross_kg = QuantityField(_("gross mass (kg)"))
    net_quantity = QuantityField(_("net quantity"))
    net_unit = models.CharField(_("unit"), max_length=2, choices=NetUnit, default=NetUnit.KG)
    net_explosive_kg = QuantityField(_("net explosive quantity (kg)"))
    packing = models.CharField(_("packing"), max_length=80, blank=True)
    small_quantity = models.CharField(
        _("limited or excepted quantity"), max_length=8, choices=SmallQuantity, blank=True
    )
    compliant = models.BooleanField(_("ICAO/IATA compliant"), null=True, blank=True)
    from_point = models.CharField(
        _("from"), max_length=4, blank=True, validators=[validate_aerodrome]
    )
    to_point = models.CharField(_("to"), max_length=4, blank=True, validators=[validate_aerodrome])

    class Meta(ExerciseRow.Meta):
        ordering = ("number",)

    @property
    def classes(self) -> set[str]:
        """The class as declared and as the table has it for the number, where either is there."""
        rows = of_number(self.un_number)
        return {self.hazard_class, *(row.hazard_class for row in rows)} - {""}

    def is_among(self, ordinary: OrdinaryGoods) -> bool:
        """Whether the line is of a class or number that is ordinary, and complies."""
        is_ordinary = self.un_number in ordinary.numbers or (
            bool(self.classes) and self.classes <= {*ordinary.classes}
        )
        return is_ordinary and self.compliant is not False
