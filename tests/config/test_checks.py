from dataclasses import replace

import pytest
from django.core.checks import run_checks
from django.db import connection
from pytest_django import Settings

import rules
from audit import triggers
from config.celery import app as celery_app


def errors(*, deploy: bool = False, databases: list[str] | None = None) -> set[str | None]:
    found = run_checks(include_deployment_checks=deploy, databases=databases)
    return {message.id for message in found if (message.id or "").startswith("overflight.")}


@pytest.fixture
def production(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEMO = False
    settings.PRODUCTION = True
    monkeypatch.setenv("SECRET_KEY", "brought by whoever runs it")


@pytest.mark.usefixtures("production")
def test_production_with_a_key_of_its_own_is_fine() -> None:
    assert errors(deploy=True) == set()


@pytest.mark.usefixtures("production")
def test_production_without_a_key_of_its_own_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY")

    assert errors() == {"overflight.E001"}


def test_a_demo_needs_no_key_but_may_not_be_deployed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    settings.DEMO = True
    settings.PRODUCTION = False

    assert errors() == set()
    assert errors(deploy=True) == {"overflight.E002"}


@pytest.mark.usefixtures("production")
def test_the_machine_counts_in_utc(settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Almaty"

    assert errors() == {"overflight.E003"}


@pytest.mark.usefixtures("production")
def test_a_broker_that_does_not_answer_is_found_when_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(celery_app.conf, "broker_write_url", "redis+socket:///nobody/listens/here")

    assert errors() == set()
    assert errors(deploy=True) == {"overflight.E004"}


@pytest.mark.django_db
def test_a_record_without_its_triggers_is_found_when_the_database_is_asked() -> None:
    assert errors(databases=["default"]) == set()

    triggers.remove(connection)

    assert errors() == set()
    assert errors(databases=["default"]) == {"overflight.E005"}


@pytest.mark.parametrize("clause", ["SOP 4.99 Lead time", "SOP 4.1 Notice", "Lead time", ""])
def test_a_rule_without_a_clause_of_the_procedure_is_named(
    clause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = replace(rules.rule_set(rules.LATEST)[0], clause=clause)
    monkeypatch.setattr(rules, "rule_set", lambda version: (one,))

    (found,) = (error for error in run_checks() if error.id == "overflight.E007")

    assert one.code in found.msg
    assert "1.yaml" in (found.hint or "")
