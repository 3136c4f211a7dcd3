import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from config.celery import app as celery_app


def errors(*, deploy: bool = False) -> set[str | None]:
    found = run_checks(include_deployment_checks=deploy)
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
