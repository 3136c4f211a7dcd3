"""The guided first flight, played through its pages by whoever does what the guide says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import User

from audit import verification
from control import first_flight
from exercises.models import Exercise
from review import guide
from review.first_flight import How, lines_of
from tests import playing
from tests.browsing import body, form_for, signed_in
from transit.models import FlightRequest, FlightStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.test import Client

pytestmark = pytest.mark.django_db

#: What the papers say of the items that are open.
FROM_THE_PAPERS = {
    "captain": "Binbaşı Deniz Örnek",
    "contact_phone": "+90 312 000 0000",
    "cargo_kg": "18000",
    "undertakes_route": "on",
    "undertakes_sensors": "on",
    "undertakes_changes": "on",
    "undertakes_report": "on",
}

#: The number that the host gives, and one that it did not give.
NUMBER, OTHER_NUMBER = "EXKZ26S0001", "EXKZ26S0009"


class Trainee:
    """Somebody at a first flight, who goes where the guide says and does what it asks for."""

    def __init__(self, client: Client) -> None:
        self.client = client
        begun = client.post("/first-flight/", follow=True)
        self.exercise = Exercise.objects.get()
        self.strip: guide.Guide = begun.context["strip"]
        self.told: list[str] = []

    @property
    def flight(self) -> FlightRequest:
        return FlightRequest.objects.get(exercise=self.exercise)

    def play(self, instead: Mapping[str, Callable[[], bool | None]] | None = None) -> None:
        """Follow the guide to the end, but at some steps do this `instead`.

        Once, unless it says that it does so again.
        """
        turns = dict(instead or {})
        for _step in range(60):
            if self.strip.is_over:
                return
            code = self.strip.step.code
            self.told.append(code)
            if code in turns:
                if not turns[code]():
                    turns.pop(code)
            else:
                self.do(code)
        raise AssertionError(f"The guide leads nowhere: {self.told}")

    def do(self, code: str) -> None:
        """Do the present step, on the page that it names."""
        if self.strip.step.waits:
            return self.let_time_pass()
        page = self.client.get(self.strip.address)
        assert page.status_code == 200
        assert page.context["strip"].is_here
        match code:
            case "complete":
                self.edit(page, FROM_THE_PAPERS)
            case "crossings":
                self.edit(page, self.proposed(page))
            case "mend" | "mend_supplement":
                self.edit(self.client.get(f"{self.case}form/"), {"departure": "LTAU"})
            case "request_release":
                self.press(page, "request_release")
            case "transmit":
                self.press(page, "transmit", note_number="2026/0117")
            case "answer":
                self.press(page, "answer", text="Uzbekistan has granted EXUZ26S0206.")
            case "supplement":
                self.press(page, "begin_supplement")
            case "send_supplement":
                self.press(page, "supplement")
            case "revise":
                self.press(page, "revise")
            case "file_anew":
                form = form_for(page, "/do/file_plan/")
                message = form.fields["message"].replace(OTHER_NUMBER, NUMBER)
                self.press(page, "file_plan", message=message)
            case "file":
                self.press(page, "file_plan")
            case "report":
                self.press(page, "report", text="As authorized.", persons_on_board="11")
            case _:
                raise AssertionError(code)
        return None

    @property
    def case(self) -> str:
        return f"/x/{self.exercise.pk}/{first_flight.PLANNER}/flights/1/"

    def proposed(self, page: Any) -> dict[str, Any]:
        """Propose the crossings, and enter the clearances that the papers name."""
        form = form_for(page, "")
        again = self.client.post(self.case + "form/", form.fields | {"propose": "1"})
        fields = form_for(again, "").fields
        for name, value in [*fields.items()]:
            if name.endswith("-state") and value in first_flight.GRANTED:
                row = name.removesuffix("state")
                fields[f"{row}clearance"] = "GRANTED"
                fields[f"{row}clearance_number"] = first_flight.GRANTED[value]
            elif name.endswith("-state") and value == first_flight.PENDING:
                fields[name.removesuffix("state") + "clearance"] = "REQUESTED"
        return fields

    def edit(self, page: Any, typed: dict[str, Any]) -> None:
        fields = form_for(page, "").fields | typed
        self.seen(self.client.post(self.case + "form/", fields, follow=True))

    def press(self, page: Any, verb: str, **typed: Any) -> None:
        form = form_for(page, f"/do/{verb}/")
        answer = self.client.post(form.action, form.fields | typed, follow=True)
        assert answer.status_code == 200
        self.seen(answer)

    def let_time_pass(self) -> None:
        page = self.client.get(self.strip.address)
        form = form_for(page, "/pass/")
        self.seen(self.client.post(form.action, form.fields, follow=True))

    def on_case(self, verb: str, **typed: Any) -> None:
        """Make a move that the guide did not ask for."""
        self.press(self.client.get(self.case), verb, **typed)

    def wait(self, times: int) -> None:
        """Let time pass although something is to be done."""
        code = self.strip.step.code
        for _time in range(times):
            if self.strip.step.code == code:
                self.let_time_pass()

    def seen(self, page: Any) -> None:
        """Read the guide above the page that came."""
        self.strip = page.context["strip"]


@pytest.fixture
def trainee(client: Client) -> Trainee:
    client.force_login(User.objects.create_user("ada", password="kedi miyav"))
    return Trainee(client)


def how(exercise: Exercise) -> dict[str, How]:
    return {line.what: line.how for line in lines_of(exercise)}


def test_who_follows_the_guide_takes_the_flight_to_its_closure(trainee: Trainee) -> None:
    trainee.play()

    assert trainee.told == [step.code for step in guide.STEPS]
    assert trainee.flight.closed_at
    assert {*how(trainee.exercise).values()} == {How.RIGHT}
    trainee.exercise.refresh_from_db()
    assert trainee.exercise.halted == ""
    assert verification.faults(trainee.exercise) == []
    marks = trainee.client.get(trainee.strip.address)
    assert "7 of 7 things were right." in body(marks)


def test_the_host_asks_one_question_and_it_is_about_what_the_form_could_not_say(
    trainee: Trainee,
) -> None:
    trainee.play()

    [question] = trainee.flight.questions.all()
    assert question.text == "THIRD_STATE_PENDING: Uzbekistan has not granted its clearance."


def test_who_releases_the_mistake_and_answers_late_arrives_all_the_same(trainee: Trainee) -> None:
    trainee.play(
        {
            "mend": lambda: trainee.on_case("request_release"),
            "supplement": lambda: trainee.wait(4),
            "report": lambda: trainee.wait(6),
        }
    )

    assert trainee.flight.closed_at
    done = how(trainee.exercise)
    assert done["Find the mistake of the draft"] == How.LATE
    assert done["Answer question 1"] == How.LATE
    assert done["Complete the form"] == How.RIGHT
    assert done["Report after the flight"] == How.LATE
    assert {"supplement", "mend_supplement", "release_supplement"} <= {*trainee.told}


def test_who_answers_with_words_alone_is_refused_and_reads_why(trainee: Trainee) -> None:
    def answer() -> bool:
        attache = trainee.case.replace(first_flight.PLANNER, first_flight.ATTACHE)
        trainee.press(trainee.client.get(attache), "answer", text="The form is right.")
        return True

    trainee.play({"mend": lambda: trainee.on_case("request_release"), "supplement": answer})

    assert trainee.flight.status == FlightStatus.REFUSED
    done = how(trainee.exercise)
    assert done["Find the mistake of the draft"] == How.NEVER
    assert done["Be let in"] == How.WRONG
    assert "Refused" in body(trainee.client.get(trainee.strip.address))


def test_a_flight_plan_that_does_not_agree_comes_back_and_is_filed_anew(trainee: Trainee) -> None:
    def file() -> None:
        form = form_for(trainee.client.get(trainee.case), "/do/file_plan/")
        other = form.fields["message"].replace(NUMBER, OTHER_NUMBER)
        trainee.on_case("file_plan", message=other)

    trainee.play({"file": file})

    assert trainee.flight.closed_at
    assert "file_anew" in trainee.told
    plan = "Keep to number, window and conditions in the flight plan"
    assert how(trainee.exercise)[plan] == How.WRONG


def test_a_question_that_nobody_answers_lets_the_request_lapse(trainee: Trainee) -> None:
    trainee.play({"answer": lambda: trainee.wait(20)})

    assert trainee.flight.status == FlightStatus.LAPSED
    assert how(trainee.exercise)["Answer question 1"] == How.NEVER


def test_the_guide_is_closed_and_brought_back_on_every_page(trainee: Trainee) -> None:
    page = trainee.client.get(trainee.case)
    form = form_for(page, "/guide/")
    shut = trainee.client.post(form.action, form.fields | {"shut": "yes"}, follow=True)
    assert shut.redirect_chain[-1][0] == trainee.case
    assert "Your papers" not in body(shut)
    assert "Your papers" not in body(trainee.client.get(trainee.case + "form/"))

    back = trainee.client.post(form.action, form.fields | {"shut": ""}, follow=True)
    assert "Your papers" in body(back)


def test_a_button_that_was_made_for_another_step_lets_no_time_pass(trainee: Trainee) -> None:
    before = trainee.exercise.last_at
    address = f"/x/{trainee.exercise.pk}/{first_flight.PLANNER}/pass/"
    for step in ("release", "complete", "", "x"):
        assert trainee.client.post(address, {"step": step}).status_code == 302
    trainee.exercise.refresh_from_db()
    assert trainee.exercise.last_at == before


def test_marks_are_shown_when_the_flight_is_over(trainee: Trainee) -> None:
    marks = f"/x/{trainee.exercise.pk}/{first_flight.PLANNER}/marks/"
    assert trainee.client.get(marks).status_code == 409


def test_who_has_not_joined_does_so_first(client: Client, settings: Any) -> None:
    settings.DEMO, settings.DEMO_PIN = True, "4711"
    assert client.get("/first-flight/").status_code == 200
    answer = client.post("/first-flight/")
    assert answer["Location"] == "/join/?next=%2Ffirst-flight%2F"
    assert not Exercise.objects.exists()


def test_other_exercises_know_no_guide() -> None:
    exercise = playing.before("alpha", "request_release", seated=True)
    planner = signed_in(exercise, "TR-PLANNER")
    for page in ("guide", "pass"):
        assert planner.post(f"/x/{exercise.pk}/TR-PLANNER/{page}/").status_code == 404
