"""The help beside each page: what it is for, what one can do there, what comes next, its words.

A topic is found by the route of the page and, where desks read a page differently, by the role of
the seat. `/help/` has them all, for whoever reads without script; the glossary stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from books import glossary
from casework import kinds
from exercises.models import DECIDERS, REQUESTER_ROLES, Role

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.urls import ResolverMatch
    from django.utils.functional import _StrPromise

    from books.glossary import Word

#: What stands before the route of a page that is seen from a seat, and how a topic writes it.
BELOW_A_SEAT = "x/<int:exercise>/<slug:seat>/"
SHORT = "x/"

DESKS = (Role.DEFENCE, Role.AIR_DEFENCE, Role.SECURITY, Role.CIVIL_AVIATION)
INTAKE = (Role.REGISTRY, Role.DUTY)
CASE = (
    "x/flights/<int:number>/",
    "x/flights/<int:number>/history/",
    "x/flights/<int:number>/all/<slug:what>/",
    "x/flights/<int:number>/do/<slug:code>/",
)

#: Every kind of case has them.
PAPERS = tuple(
    f"{SHORT}{kind.address}/<int:number>/{page}"
    for kind in kinds.kinds().values()
    for page in ("papers/<slug:name>/", "do/<slug:code>/paper/")
)


@dataclass(frozen=True)
class Topic:
    """The help of one kind of page; `roles` are those of the seats that it is for, none: of all.

    `words` stand in the glossary.
    """

    code: str
    title: _StrPromise
    routes: tuple[str, ...]
    purpose: _StrPromise
    does: _StrPromise
    follows: _StrPromise
    words: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()

    @property
    def meanings(self) -> list[Word]:
        """Its words with what they mean."""
        return [glossary.load().word(word) for word in self.words]


TOPICS = (
    Topic(
        "front",
        _("The start page"),
        ("", "sit/"),
        _("Everything begins here: each card is a door to one way of using Overflight."),
        _(
            "Practise at a desk or fly a first flight alone; take an exam; join a class with your"
            " name, or run one. In a demonstration one click at a seat signs you in, and you may"
            " change seats as often as you like."
        ),
        _(
            "What you leave open stands below the doors, the newest first, with how much waits for"
            " your seat. Seats that have work stand in front; the others are behind All seats."
        ),
        ("seat", "exercise", "open work"),
    ),
    Topic(
        "join",
        _("Joining with a name"),
        ("join/", "take/"),
        _("Whoever takes part in a class has a name here, and everybody reads the record by it."),
        _(
            "Type your name and a word that only you know. Coming back, type both again: the word"
            " opens your name. Beyond the machine on which Overflight runs the PIN is asked too;"
            " your instructor has it."
        ),
        _(
            "You come to the start page. Your seat stands there; if you have none, choose an empty"
            " one where latecomers are let in, or wait for the instructor to seat you."
        ),
        ("word", "latecomer", "handle"),
    ),
    Topic(
        "first-account",
        _("The first account"),
        ("first-account/",),
        _("A new installation has no account yet; whoever reads its terminal makes the first one."),
        _(
            "Type the code that the terminal shows, a user name and a password. The account is of"
            " staff: it opens exercises and makes further accounts."
        ),
        _("You are signed in, and this page is gone for good: the code works once."),
    ),
    Topic(
        "me",
        _("Your page"),
        ("me/", "me/erase/"),
        _("What is kept of you: your name, your sittings, your results."),
        _(
            "Go back to a seat of yours, change what you are called, take everything along as a"
            " file, or erase yourself. Erasing is refused while you sit in an exercise that runs."
        ),
        _(
            "Records of exercises stay whole: they name a handle that says nothing of you. After"
            " you are erased they call it a former participant."
        ),
        ("handle", "holder"),
    ),
    Topic(
        "open",
        _("Opening an exercise"),
        ("open/",),
        _("A new exercise, with you as its instructor."),
        _(
            "Name it, say at which simulated moment it starts, under which agreement, and how much"
            " help officers get from what the product finds. Alone you hold every seat; for a"
            " class leave that out, and let role-players sit where nobody does, if you like."
        ),
        _(
            "You come to exercise control: seat people there and start the clock. Agreement, rules"
            " and calendar stay as they are today for this exercise, whatever is released later."
        ),
        ("agreement", "instructor", "help", "rule set"),
    ),
    Topic(
        "practise",
        _("Practising at a desk"),
        ("practise/",),
        _(
            "Prepared requests come to one desk, some of them wrong in ways that matter. You learn"
            " to see what is wrong, and not to see what is right as wrong."
        ),
        _(
            "Choose the desk, how hard the mistakes are to see, and how long you have. The same"
            " seed brings the same requests again; leave it empty for new ones."
        ),
        _(
            "The first request lies on your desk. Mark what is wrong, decide, hand in: at once you"
            " read what was right, why, and where it is written. Then comes the next."
        ),
        ("dossier", "defect", "decoy", "own check"),
    ),
    Topic(
        "marks",
        _("Marks, and why"),
        ("x/marks/", "x/marks/<int:number>/", "x/end/"),
        _("What was right in a request that you handed in, and what you made of it."),
        _(
            "Each line is one mistake that was planted, or one that you saw where none was: found,"
            " missed, false alarm. Open it for the rule, the clause of the procedure, the source,"
            " and what would have been right. The table of the sitting counts them by chapter."
        ),
        _(
            "Go on to the next request. A false alarm costs points, as a miss does: an office that"
            " stops everything clears nothing."
        ),
        ("defect", "decoy", "key", "own check"),
    ),
    Topic(
        "exams",
        _("Exams"),
        ("exams/", "exams/<int:number>/"),
        _("An exam puts the same requests, in the same order, before everybody who takes it."),
        _(
            "Begin an exam that is open: you have one attempt, so many minutes, and no help. Go on"
            " with an attempt that you left, or read your marks once they are released. Whoever"
            " may open an exercise may hold an exam."
        ),
        _(
            "Time runs from the moment you begin, in real minutes, and does not wait. What you"
            " handed in stands; you read what was right when the instructor releases the results."
        ),
        ("dossier", "help", "instructor"),
    ),
    Topic(
        "hold-exam",
        _("Holding an exam"),
        ("exams/new/",),
        _("What everybody is to work through alone, at which desks, and in how many minutes."),
        _(
            "Choose the desks among which people choose, how many requests there are and how hard"
            " they are. Equal seeds give equal requests; form A and form B of a seed are equally"
            " hard and share none, for before a course and after it."
        ),
        _(
            "The exam is open at once, and you are its instructor: you do not sit it. Whoever has"
            " joined finds it under Exams."
        ),
        ("exam", "attempt", "instructor"),
    ),
    Topic(
        "exam",
        _("An exam that you hold"),
        ("x/exam/",),
        _("Who began, at which desk, how far they are, and how much of their time is left."),
        _(
            "Watch somebody's desk. Close the exam, and nobody begins any more; who is under way"
            " goes on. Release the results once nobody is: then everybody reads their own marks."
        ),
        _(
            "An attempt ends when everything is handed in or the minutes are over, by itself. The"
            " report says how each person did."
        ),
        ("exam", "attempt"),
    ),
    Topic(
        "exam-report",
        _("The report of an exam"),
        ("x/exam/report/",),
        _("How each person did, by chapter: counts first, then what follows from them."),
        _(
            "Compare people at one desk. A hit is a mistake that was found, a false alarm a mark"
            " where nothing was wrong. Sensitivity says how well somebody tells the two apart, the"
            " criterion whether they rather stop or rather let pass. Take it along as a table."
        ),
        _("Below twenty cases no measure is shown: it would say more of chance than of somebody."),
        ("exam", "defect", "decoy"),
    ),
    Topic(
        "first-flight",
        _("A first flight"),
        ("first-flight/",),
        _("One flight from a half-filled request to the report, at two desks of its own side."),
        _(
            "Follow the guide above each page: it says what comes next, why and where, and can be"
            " closed. Complete the request from your papers, mend its one mistake, answer a"
            " question, read the note in reply, file the flight plan, send the report."
        ),
        _(
            "Role-players sit at all other desks. Days pass when you say so: nobody waits for the"
            " clock. At the end you read what was right, and why."
        ),
        ("note", "revision", "flight plan", "authorization"),
    ),
    Topic(
        "requests",
        _("The list of requests"),
        ("x/flights/",),
        _("The flights for which your state asks, and what waits for you among them."),
        _(
            "Your own work stands first, least time left first. Open a reference to see the case."
            " Search for call signs, tails and note numbers, or narrow the list; the address of"
            " the page keeps what you chose. A planner begins a new request here."
        ),
        _(
            "A request goes from the planner to the release officer, then to the attaché, who"
            " hands the note over. From then on the host's clock runs."
        ),
        ("requesting state", "note", "open work"),
        REQUESTER_ROLES,
    ),
    Topic(
        "queue",
        _("The queue"),
        ("x/flights/",),
        _("The requests that lie with your state, and what waits for your desk among them."),
        _(
            "Your own work stands first, least time left first; the others follow by entry. Open a"
            " reference to see the case. Search, filter by step or track, put the list in another"
            " order, or take your dates along for a calendar."
        ),
        _(
            "When you have answered, a case leaves your work and goes on to whoever is next."
            " Silence answers nothing: a date that passes is told to the next rung."
        ),
        ("host", "track", "duty", "rung, ladder"),
    ),
    Topic(
        "form",
        _("The form of a request"),
        (
            "x/flights/new/",
            "x/flights/<int:number>/form/",
            "x/flights/<int:number>/short-notice/",
        ),
        _("What your state says of a flight, item by item: who, with what, where, when, why."),
        _(
            "Save half done, as often as you like. Type dates and numbers as you are used to: below"
            " the item stands how they were read. Propose crossings from the route, then check"
            " them. What the form lacks is listed, each line a link into its item."
        ),
        _(
            "On the page of the request ask for its release. Once a note encloses it the form is"
            " frozen; what changes later goes as a supplement."
        ),
        ("revision", "crossing", "short notice", "supplement"),
    ),
    Topic(
        "case-requester",
        _("A case, on the requesting side"),
        CASE,
        _("One flight as your side knows it: where it stands, who has it, what you can do."),
        _(
            "Read what stands first: open items, questions of the host, what came of it. Your moves"
            " stand beside it, the one that the case waits for unfolded: prepare, release, hand"
            " over by note, answer, file the flight plan, report."
        ),
        _(
            "After the note the host's desks examine the request. Answer a question soon: the clock"
            " of the desk that asked stands until then, and your entry does not move."
        ),
        ("revision", "note", "question", "supplement"),
        REQUESTER_ROLES,
    ),
    Topic(
        "case-registry",
        _("A case, at the registry"),
        CASE,
        _("A note has come in: the registry sees that it can be examined, and answers by note."),
        _(
            "Look at note, completeness, notice and scope. Register the request, or return it and"
            " name what is missing. Outside office hours the duty officer takes urgent notes, may"
            " hold them or pass them on. Where help is off, mark first what you find."
        ),
        _(
            "Registered, the request goes to the desks at once, and its dates are counted. When it"
            " is decided you send the note in reply; before that the other side knows nothing."
        ),
        ("note", "short notice", "own check", "track"),
        INTAKE,
    ),
    Topic(
        "case-desk",
        _("A case, at an examining desk"),
        CASE,
        _("Your desk answers for its own matter alone; the lead desk gathers the answers."),
        _(
            "Look at what stands first: it is your matter. Mark what is wrong, or deal with each"
            " finding. Then concur, with conditions if need be, or do not, and say why; or ask the"
            " requesting side first. While your question is open your clock stands."
        ),
        _(
            "The lead desk answers last, and the deciding officer decides on all answers. A desk"
            " that says nothing has not concurred: it is reminded, and others are told."
        ),
        ("concurrence", "lead desk", "finding", "disposal"),
        DESKS,
    ),
    Topic(
        "case-decider",
        _("A case, before the decision"),
        CASE,
        _("The desks have answered; you authorize the flight or refuse it."),
        _(
            "Read answers, conditions and purpose, and the checks that still stand. What blocks"
            " must be mended first. Authorize for a window, with the conditions of the desks, or"
            " refuse and name the ground. Whoever answered for a desk does not decide: four eyes."
        ),
        _(
            "The authorization gets a number and is never edited; a change needs a new one. The"
            " registry tells the other side by note. Nobody decided by the entry: it lapses."
        ),
        ("authorization", "window", "lapse", "training default"),
        DECIDERS,
    ),
    Topic(
        "case-operations",
        _("A case, on the day of the flight"),
        CASE,
        _("The flight is authorized; now the aircraft must do what was cleared, and nothing else."),
        _(
            "Compare the flight plan with the authorization: window, route, levels, tail, load."
            " Release it, or send it back with the reason. Then record entry and exit as they"
            " happen. Differences have codes, and what blocks is not released."
        ),
        _(
            "After the exit the requesting side reports, and the lead desk closes the case. An"
            " aircraft outside its window is not covered by the number that it carries."
        ),
        ("flight plan", "discrepancy", "movement", "window"),
        (Role.OPERATIONS,),
    ),
    Topic(
        "case-control",
        _("A case, for exercise control"),
        CASE,
        _(
            "One flight as the instructor sees it: both sides, every desk, what is told and"
            " what is not."
        ),
        _(
            "Read where it stands and whom it waits for; the tabs hold form, desks, notes and"
            " history. You may act for any seat: change seats at the top of the page. What you do"
            " for others is marked as yours in the record."
        ),
        _(
            "Nothing you read here reaches a seat by itself. To let time pass until the next date,"
            " go to control."
        ),
        ("instructor", "event", "record"),
        (Role.INSTRUCTOR,),
    ),
    Topic(
        "flight-day",
        _("The flight day"),
        ("x/flight-day/",),
        _("The authorized aircraft: those expected, those in the airspace, those that have left."),
        _(
            "See what each one waits for: its flight plan, its entry, its exit, the report. Open a"
            " reference to check a flight plan or record a passage. Times are exercise time, UTC."
        ),
        _(
            "The list follows the clock by itself. Who is late is shown as late; what to do about"
            " it stands on the page of the case."
        ),
        ("movement", "window", "flight plan"),
    ),
    Topic(
        "papers",
        _("Papers and their register"),
        (*PAPERS, "x/register/"),
        _("What passes between the two states on paper: notes, forms, authorizations, reports."),
        _(
            "Read it in two of four languages, print it, take it along as PDF or telegram. Before"
            " you send one, read it with what you typed; nothing is sent by that. In the register a"
            " number tells its kind, states, day and case, as far as your state has been told."
        ),
        _(
            "A paper is frozen when it is sent: the record has its hash, and its page says whether"
            " it still comes out the same."
        ),
        ("paper", "note", "revision", "authorization"),
    ),
    Topic(
        "neighbours",
        _("States on the way"),
        (
            "x/neighbours/",
            "x/neighbours/<int:number>/",
            "x/neighbours/<int:number>/history/",
            "x/neighbours/<int:number>/all/<slug:what>/",
            "x/neighbours/<int:number>/do/<slug:code>/",
        ),
        _("Every state that a flight crosses is asked for its clearance, by a note of its own."),
        _(
            "The attaché asks from the page of the flight, answers what is asked back, and asks"
            " anew where a clearance does not hold at both boundaries. Nobody sits at the desk of"
            " that state: a role-player answers, or the instructor by hand."
        ),
        _(
            "A clearance brings a number and a window. The host knows nothing of it until the form"
            " or a note tells it. A state that is silent grants nothing: nobody departs without"
            " its number."
        ),
        ("third state", "note"),
    ),
    Topic(
        "closed-airspace",
        _("Closed airspace"),
        (
            "x/closed-airspace/",
            "x/closed-airspace/new/",
            "x/closed-airspace/reopen/",
            "x/closed-airspace/<int:number>/",
        ),
        _(
            "A state may close its airspace, a FIR or a zone of it to military flights for a time."
            " Both sides read what is announced, and which of their own flights meet it."
        ),
        _(
            "The air defence desk announces for its own state, exercise control for every other."
            " A deciding officer holds the numbers of the flights that meet it, many with one"
            " press, each by a decision of its own."
        ),
        _(
            "Nothing is reinstated here: each flight is looked at again by itself, on its own page,"
            " goes another way, or has its number given back."
        ),
        ("closed airspace", "suspension", "measure"),
    ),
    Topic(
        "duty-log",
        _("The duty log"),
        (
            "x/duty-log/",
            "x/duty-log/new/",
            "x/duty-log/log.csv",
            "x/duty-log/<int:number>/",
            "x/duty-log/<int:number>/history/",
            "x/duty-log/<int:number>/all/<slug:what>/",
            "x/duty-log/<int:number>/do/<slug:code>/",
        ),
        _("One day of operations, newest first, and what belongs to no request."),
        _(
            "Operations log an aircraft that has no authorization: one that asks by radio, one that"
            " is there, one in distress. Entry is refused, except in distress, which is accepted;"
            " ministries and states concerned are told at once. The defence desk says what came"
            " of it."
        ),
        _(
            "The other state knows nothing of it until the registry tells it by note. Nothing here"
            " authorizes anything, and no desk orders force."
        ),
        ("movement", "note", "occurrence"),
    ),
    Topic(
        "annual",
        _("Annual clearances"),
        (
            "x/annual/",
            "x/annual/new/",
            "x/annual/<int:number>/",
            "x/annual/<int:number>/history/",
            "x/annual/<int:number>/all/<slug:what>/",
            "x/annual/<int:number>/do/<slug:code>/",
        ),
        _(
            "For a calendar year one state tells the other which categories of flights it may"
            " ask for."
        ),
        _(
            "The attaché asks by note, before the deadline, for the year that follows. At the host"
            " the defence desk gives its opinion, the deciding officer grants or refuses, and the"
            " registry replies with the number."
        ),
        _(
            "A request that quotes the number takes a shorter track with fewer desks. It is still a"
            " request: the number makes a category eligible and admits no flight."
        ),
        ("annual clearance", "track", "note"),
    ),
    Topic(
        "contacts",
        _("Contacts"),
        (
            "x/contacts/",
            "x/contacts/new/",
            "x/contacts/<int:number>/",
            "x/contacts/<int:number>/history/",
            "x/contacts/<int:number>/all/<slug:what>/",
            "x/contacts/<int:number>/do/<slug:code>/",
        ),
        _(
            "What reaches your desk beside the notes: a telephone call, a letter, the press, a"
            " protest, a partner, a caller of rank."
        ),
        _(
            "Enter what reached you, or log what exercise control brought in. Forward it to the"
            " leadership of the ministry, and answer with a neutral line, if at all: neither"
            " whether there is a request, nor what comes of it. Narrow the log by kind or case."
        ),
        _(
            "What was forwarded the leadership, the lead desk and, but for security's, the registry"
            " read. The other state never does. No case changes by a contact."
        ),
        ("contact", "neutral line", "duty"),
    ),
    Topic(
        "inject",
        _("Bringing in a contact"),
        ("x/contacts/inject/", "x/contacts/inject/<int:number>/off/"),
        _("Exercise control lets somebody call, write or protest at a desk of either state."),
        _(
            "Fill in an entry of the world's data by its link, or say in your own words who it is"
            " and what is said. Without a moment it comes at once; with one it is scheduled, and"
            " can be called off until then."
        ),
        _(
            "Whom it reaches finds it in the log and owes the logging of it. Afterwards the"
            " pressure ledger shows how it was handled, and what the desks answered since."
        ),
        ("contact", "inject", "instructor"),
    ),
    Topic(
        "pressure",
        _("The pressure ledger"),
        ("x/pressure/",),
        _("For the instructor: which contacts stood when a case was decided, and what followed."),
        _(
            "Read for each contact how it was handled and what would have been right; for each case"
            " whom its decision would have alarmed or pleased, and which desks answered otherwise"
            " after a contact than before it."
        ),
        _(
            "It compares moments and names no cause: a desk may have had another reason. Ask the"
            " officer. Nothing here is stored; it follows from the record each time."
        ),
        ("contact", "concurrence", "instructor"),
    ),
    Topic(
        "control",
        _("Exercise control"),
        ("x/control/", "x/control/<slug:code>/"),
        _("The instructor's panel: the clock, what waits for whom, the seats, the worker."),
        _(
            "Let time run, pause it, step to the next date, or jump. Close days of a state in"
            " mid-run. Seat people, cast role-players, act for a seat, end the exercise. Each of"
            " these is an event of the record."
        ),
        _(
            "A jump does everything that falls due on its way, in order; it shows how far it is and"
            " can be stopped. In step pace time stands while somebody has work."
        ),
        ("instructor", "conduct", "happening", "open work"),
    ),
    Topic(
        "people",
        _("People and seats"),
        ("x/control/people/", "x/control/seats/<int:pk>/"),
        _("Who takes part in this exercise, and where they sit."),
        _(
            "Paste a list of names, seat people, move, rename or take them out. Let latecomers in,"
            " and whoever has joined chooses an empty seat. One person may hold several seats in"
            " an exercise that is played alone; else four eyes keep some apart."
        ),
        _(
            "Whoever has a seat finds it on the start page after joining with the same name. The"
            " record keeps who sat where and when."
        ),
        ("seat", "holder", "latecomer", "handle"),
    ),
    Topic(
        "cast",
        _("Role-players"),
        ("x/control/cast/",),
        _("Automatic officers for the seats that nobody holds, on either side."),
        _(
            "Choose for each seat how its role-player works: careful, sloppy, slow or silent."
            " Careful is the default; the others make the mistakes that their names say, the same"
            " ones for the same seed."
        ),
        _(
            "They act by the same moves as people, in office hours and simulated time. Whoever sits"
            " down takes over at once; when the seat is empty again, the role-player goes on."
        ),
        ("seat", "conduct"),
    ),
    Topic(
        "record",
        _("The record"),
        ("x/record/", "x/record/verify/"),
        _("Everything that happened, event by event, each chained to the one before it."),
        _(
            "Filter by who, case, event or time. Open an event to see what it changed. Verify the"
            " whole record by the button, or take it along as a table or as JSON. When the exercise"
            " has ended, print the page: its checkpoint shows later if the record was rewritten."
        ),
        _(
            "The page checks the events that it shows. A record that was changed from outside is"
            " said to be broken, at the event where it breaks; nothing in it can be edited here."
        ),
        ("event", "digest", "verb"),
    ),
    Topic(
        "erase",
        _("Erasing an exercise"),
        ("x/control/erase/",),
        _("An exercise goes for good, with what people did in it and with its whole record."),
        _(
            "Export the record first if you want to keep it. Then type the name of the exercise to"
            " say that you mean this one."
        ),
        _(
            "What stays is one line: that it was erased, when, by whom, and how its record ended."
            " Nobody can bring the rest back."
        ),
        ("record", "exercise"),
    ),
    Topic(
        "route-check",
        _("Route check"),
        ("route-check/",),
        _(
            "Which states and flight information regions a route crosses, where, and after how"
            " long."
        ),
        _(
            "Type the points as in Item 15 of a flight plan, with the speed. Each passage stands in"
            " a table and on the map, with distance and time. Take the route along as a file."
        ),
        _(
            "Nothing is stored. Legs are straight between points, and borders are simplified: a"
            " touch under 2 NM is called marginal. Not for navigation. While you sit in an exercise"
            " whose help is not open, this page is closed to you."
        ),
        ("route", "crossing", "border", "marginal"),
    ),
    Topic(
        "deadlines",
        _("Deadline calculator"),
        ("deadlines/",),
        _(
            "By when an answer is owed, which days count, and whether an entry leaves enough"
            " notice."
        ),
        _(
            "Choose host and track, type when the note was received and, if you like, the planned"
            " entry and when a clock stood. Each day is listed with the reason why it counts or"
            " does not."
        ),
        _(
            "Nothing is stored, and an exercise counts in the same way. While you sit in one whose"
            " help is not open, officers count alone, and this page is closed to you."
        ),
        ("track", "short notice", "training default"),
    ),
    Topic(
        "dangerous-goods",
        _("Dangerous goods"),
        ("dangerous-goods/",),
        _(
            "What a UN number stands for: name, class, packing group, and how much a package"
            " may hold."
        ),
        _(
            "Type a UN number, or words of the proper shipping name. The limits are those for"
            " passenger aircraft and for cargo aircraft."
        ),
        _(
            "Compare the line with what a form says of its load. The table is the US domestic one;"
            " the ICAO Technical Instructions and military rules may differ."
        ),
        ("attendant", "training default"),
    ),
    Topic(
        "sop",
        _("The training procedure"),
        ("sop/",),
        _("What every officer is held to, clause by clause, as the handbook on the desk."),
        _(
            "Read a chapter, or search for words or the number of a clause. Under each clause stand"
            " what it rests on, and the rules that apply it. It stays open in an exam."
        ),
        _(
            "Findings and marks cite the clauses by number and title. What no publication says is"
            " named a training default: chosen for training, and no state's procedure."
        ),
        ("rule", "rule set", "training default"),
    ),
    Topic(
        "sources",
        _("Sources and licences"),
        ("sources/",),
        _("What is shown here that others made: whose it is, and under which licence."),
        _(
            "Look up where borders, regions, fixes, aerodromes, holidays and goods come from, as of"
            " when, and what they are not good for. Agreements stand with their source, and a"
            " proposal is named as one."
        ),
        _(
            "The full texts of the licences lie beside the files. All else was written for"
            " Overflight."
        ),
        ("agreement", "training default"),
    ),
    Topic(
        "help",
        _("Help and glossary"),
        ("help/", "glossary/"),
        _("The help of every kind of page in one place, and the words that the pages use."),
        _(
            "Go to a topic by its link. On every other page the button Help, or the key H, shows"
            " the topic of that page. The glossary has the words of this product, and the terms of"
            " the field in four languages."
        ),
        _("Each topic says what a page is for, what one can do there, and what comes next."),
        ("help", "training default"),
    ),
)


def topic_of(match: ResolverMatch | None, role: str = "") -> Topic | None:
    """Return the help of the page at an address, for a seat of a role; None if it has none."""
    route = match.route if match else None
    if route is None:
        return None
    if route.startswith(BELOW_A_SEAT):
        route = SHORT + route.removeprefix(BELOW_A_SEAT)
    found = _by_route().get(route, ())
    return next((one for one in found if not one.roles or role in one.roles), None)


@cache
def _by_route() -> dict[str, tuple[Topic, ...]]:
    routes = {route for one in TOPICS for route in one.routes}
    return {route: tuple(one for one in TOPICS if route in one.routes) for route in routes}


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """All the help there is."""
    return render(request, "control/help.html", {"topics": TOPICS})


@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """The glossary."""
    return render(request, "control/glossary.html", {"glossary": glossary.load()})
