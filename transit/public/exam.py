"""Public pages that count or draw, closed to whoever is to do it alone."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from audit.refusals import NotNow
from exercises.models import Help, Role, Seat

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    View = Callable[..., HttpResponse]


def closed_in_exams(view: View) -> View:
    """Refuse a page to a user who sits in a running exercise whose help is not open."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and _is_examined(request):
            raise NotNow(_("Officers count and draw alone in your exercise: not before it ends."))
        return view(request, *args, **kwargs)

    return page


def _is_examined(request: HttpRequest) -> bool:
    seats = Seat.objects.filter(holder=request.user.pk, exercise__ended_at=None)
    mine = seats.exclude(exercise__help=Help.OPEN)
    runs_it = Seat.objects.filter(holder=request.user.pk, role=Role.INSTRUCTOR).values("exercise")
    return mine.exclude(exercise__in=runs_it).exists()
