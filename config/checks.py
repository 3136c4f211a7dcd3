"""System checks: a misconfigured Overflight says so before anyone trains on it."""

import os
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from kombu.exceptions import KombuError

import rules
from audit import triggers
from books import sop
from casework import kinds
from config.celery import app as celery_app
from control import data_files

Apps = Sequence[AppConfig] | None


@register(Tags.security)
def production_brings_its_own_key(app_configs: Apps, **kwargs: Any) -> list[Error]:
    if not settings.PRODUCTION or os.environ.get("SECRET_KEY"):
        return []
    return [
        Error(
            "SECRET_KEY is not set, though DEBUG and DEMO are off.",
            hint="Set SECRET_KEY to at least 50 random characters, the same for every process.",
            id="overflight.E001",
        )
    ]


@register(Tags.security, deploy=True)
def no_demo_is_deployed(app_configs: Apps, **kwargs: Any) -> list[Error]:
    if not settings.DEMO:
        return []
    return [
        Error(
            "DEMO is on: anyone may sit down at any seat without a password.",
            hint="Set DEMO=off, or give a SECRET_KEY, which ends the demo by itself.",
            id="overflight.E002",
        )
    ]


@register()
def the_machine_counts_in_utc(app_configs: Apps, **kwargs: Any) -> list[Error]:
    if settings.TIME_ZONE == "UTC":
        return []
    return [
        Error(
            f"TIME_ZONE is {settings.TIME_ZONE}, not UTC.",
            hint="Local times are shown beside UTC where an officer needs them; leave it at UTC.",
            id="overflight.E003",
        )
    ]


@register("broker", deploy=True)
def the_broker_answers(app_configs: Apps, **kwargs: Any) -> list[Error]:
    """Declares the very queue that workers listen to; only on request, since it opens a socket."""
    try:
        with celery_app.connection_for_write(connect_timeout=3) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0)
            celery_app.amqp.queues["celery"].bind(connection.default_channel).declare()
    except (KombuError, OSError) as error:
        return [
            Error(
                f"The broker does not answer: {error}",
                hint="Start it, or mend BROKER_URL. Without it no deadline is noticed in time.",
                id="overflight.E004",
            )
        ]
    return []


@register(Tags.database)
def the_record_is_append_only(
    app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[Error]:
    """Looks only where the triggers of this release were installed: `migrate` itself asks first."""
    return [
        Error(
            f"The record can be changed: triggers miss or do less: {', '.join(sorted(lost))}",
            hint="Run `manage.py verify_audit`, find out who did that, and put them back with "
            "`audit.triggers.install`.",
            id="overflight.E005",
        )
        for connection in map(connections.__getitem__, databases or ())
        if triggers.MIGRATION in MigrationRecorder(connection).applied_migrations()
        if (lost := triggers.missing(connection))
    ]


@register()
def the_data_files_hold(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """An agreement or a story with faults is a warning: only who uses it stands still."""
    return _faults(is_long=False)


@register(deploy=True)
def the_long_data_files_hold(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """The same of dossiers, whose keys are held against the rules; only on request."""
    return _faults(is_long=True)


def _faults(*, is_long: bool) -> list[CheckMessage]:
    return [
        Error(str(fault), id="overflight.E006")
        if kind.is_vital
        else CheckWarning(str(fault), id="overflight.W006")
        for kind in data_files.KINDS.values()
        if kind.is_long == is_long
        for path in kind.shipped()
        for fault in data_files.faults(kind, path)
    ]


@register()
def every_rule_cites_a_clause(app_configs: Apps, **kwargs: Any) -> list[Error]:
    """A finding leads to the clause that it applies: that clause exists, under that title."""
    procedure = sop.load()
    found = []
    ever = (rule for version in rules.VERSIONS for rule in rules.rule_set(version))
    for rule in dict.fromkeys(ever):  # one may be in several sets
        try:
            procedure.cited(rule.clause)
        except sop.UnknownClause as error:
            found.append(
                Error(
                    f"The rule {rule.code} cites no clause of the training SOP: {error}",
                    hint=f"Mend `clause` of the rule, or write the clause in {procedure.path}.",
                    id="overflight.E007",
                )
            )
    return found


@register()
def every_verb_names_a_clause(app_configs: Apps, **kwargs: Any) -> list[Error]:
    """A refusal leads to the clause that says what the procedure asks: that clause exists."""
    known = {clause.number for clause in sop.load().clauses}
    return [
        Error(
            f"The verb {code} names no clause of the training SOP: {door.row.clause!r}",
            hint="Say its `clause` in the row above the function.",
            id="overflight.E008",
        )
        for code, door in kinds.doors().items()
        if door.row.clause not in known
    ]
