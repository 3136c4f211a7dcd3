"""Working days, calendar days, hours: when a step is owed, and why.

A calendar is a folder of data, `data/calendars/VERSION`: the holidays of the states and the hours
of their offices. An exercise pins the version; an edit is a new folder. Closures that begin in
mid-run belong to the exercise and are passed in.

The rules, all of them training defaults except where `Office.sources` names a publication:

* The calendar is that of the state that owes the step; nobody else's holidays count.
* Saturday and Sunday are closed, unless the state works that day in exchange for another. A half
  day counts as a full one; the office closes early, in Türkiye at 13:00 (Law 2429), so what
  arrives later is received on the next working day, and what is owed that day is owed by then. In
  calendars before 2026.3 it closes as usual.
* What arrives on a working day up to and including the close of business is received that day,
  however early; anything else on the next working day.
* The day of receipt is not counted. A working day counts if the clock runs at its close of
  business. A step is owed at the close of business of the last day counted.
* A pause stops the clock from its start on (inclusive) and frees it at its end (inclusive).
  While a pause is open the clock stands, and nothing is owed. What was owed before the pause
  began stays owed.
* Calendar days are for agreements that count every day: the day of arrival at the office is the
  day of receipt, however late and working or not, and every day after it counts, if the clock
  runs at its close of business. What is owed is owed at the close of business of the last day
  counted, whatever day that is.

Pure: no database, no reading of a clock. Instants are aware and in whole seconds; instants
given back are UTC. Anything else raises `ValueError`.
"""

from books.calendars.counting import (
    AnnualDeadline,
    Count,
    DayUnit,
    LeadTime,
    Pause,
    annual_deadline,
    calendar_days,
    calendar_lead_time,
    hours,
    lead_time,
    working_days,
)
from books.calendars.offices import (
    LATEST,
    VERSIONS,
    CalendarRangeError,
    Closures,
    Day,
    Office,
    Reason,
    UnknownCalendarError,
    office,
    states,
)

__all__ = [
    "LATEST",
    "VERSIONS",
    "AnnualDeadline",
    "CalendarRangeError",
    "Closures",
    "Count",
    "Day",
    "DayUnit",
    "LeadTime",
    "Office",
    "Pause",
    "Reason",
    "UnknownCalendarError",
    "annual_deadline",
    "calendar_days",
    "calendar_lead_time",
    "hours",
    "lead_time",
    "office",
    "states",
    "working_days",
]
