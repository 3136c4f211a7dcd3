"""`manage.py loaddata`: Django's, for what is no part of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.management.base import CommandError
from django.core.management.commands import loaddata

from audit.replay import of_the_record

if TYPE_CHECKING:
    from django.core.serializers.base import DeserializedObject


class Command(loaddata.Command):
    """Refuses exercises: their rows follow from their events, not from a fixture."""

    def save_obj(self, obj: DeserializedObject) -> bool:
        if type(obj.object) in of_the_record():
            raise CommandError(
                f"loaddata would write {obj.object._meta.verbose_name} behind the record. "
                "Import exercises with import_record; nothing of the fixture was loaded."
            )
        return super().save_obj(obj)
