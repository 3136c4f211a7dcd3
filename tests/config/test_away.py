"""The database is away: who asks reads a sentence, keeps what they typed, and the public pages."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from tests import playing
from tests.browsing import body, form_for, signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.models import Exercise

pytestmark = pytest.mark.django_db


@contextmanager
def away(error: Exception) -> Iterator[None]:
    """Let whatever the database is asked end as when its server is gone."""

    def fail(*_asked: Any) -> NoReturn:
        raise error

    with connection.execute_wrapper(fail):
        yield


@pytest.fixture
def exercise() -> Exercise:
    return playing.before("alpha", "concur", seated=True)


GONE = OperationalError("server closed the connection unexpectedly")
FULL = OperationalError("database or disk is full")


@pytest.mark.parametrize("error", [GONE, InterfaceError("connection already closed"), FULL])
def test_what_was_typed_is_kept_while_the_database_is_away(
    exercise: Exercise, error: Exception
) -> None:
    desk = signed_in(exercise, "KZ-SECURITY", raise_request_exception=False)
    page = f"/x/{exercise.pk}/KZ-SECURITY/flights/1/"
    form = form_for(desk.get(page), "/concur/")
    typed = form.fields | {"answer": "REFUSE", "reason": "Not on a Sunday"}
    with away(error):
        answer = desk.post(form.action, typed)
        front, seated = desk.get("/"), desk.get(page)

    assert [one.status_code for one in (answer, front, seated)] == [503] * 3
    for one in (answer, front, seated):
        assert "The database does not answer at the moment" in body(one)
    assert "Not on a Sunday" in body(answer)
    assert "may not have been recorded" in body(answer), "it may have been, just before"
    assert {*form.fields} > {"once", "seen", "since", "on"}, "which nobody typed"
    assert {one.label for one in answer.context["page"].typed} == {"Answer", "Reason"}
    assert desk.get(page).status_code == 200, "who was signed in still is"


def test_pages_for_everybody_need_no_database(exercise: Exercise) -> None:
    desk = signed_in(exercise, "KZ-SECURITY")
    with away(GONE):
        for page in ("route-check", "deadlines", "dangerous-goods", "sop", "glossary", "help"):
            assert desk.get(f"/{page}/").status_code == 200
        assert desk.get("/sources/").status_code == 200

    assert desk.get(f"/x/{exercise.pk}/KZ-SECURITY/flights/").status_code == 200


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ended_costs_one_answer() -> None:
    exercise = playing.before("alpha", "concur", seated=True)
    desk = signed_in(exercise, "KZ-SECURITY", raise_request_exception=False)
    page = f"/x/{exercise.pk}/KZ-SECURITY/flights/"
    other = connection.copy()
    with closing(other), other.cursor() as cursor:
        assert connection.connection is not None
        cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])

    answers = [desk.get(page).status_code, desk.get("/help/").status_code]
    close_old_connections()  # as the end of each request does
    answers.append(desk.get(page).status_code)

    assert answers == [503, 200, 200]
