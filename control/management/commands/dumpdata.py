"""`manage.py dumpdata`: Django's, for what is no part of a record."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import CommandError
from django.core.management.commands import dumpdata
from django.core.management.utils import parse_apps_and_model_labels

from audit.replay import of_the_record


class Command(dumpdata.Command):
    """Refuses exercises: it cuts real times to milliseconds, and the chain covers microseconds."""

    def handle(self, *app_labels: str, exclude: list[str], **options: Any) -> None:
        models, rooms = parse_apps_and_model_labels(app_labels)
        if not app_labels:
            rooms = set(apps.get_app_configs())
        left_out, closed = parse_apps_and_model_labels(exclude)
        chosen = models | {model for room in rooms for model in room.get_models()}
        chosen -= left_out | {model for room in closed for model in room.get_models()}
        if chosen & of_the_record():
            raise CommandError(
                "dumpdata would break the chain of the record: it cuts real times to milliseconds. "
                "Export each exercise with export_record; dump users with `dumpdata auth.user`."
            )
        super().handle(*app_labels, exclude=exclude, **options)
