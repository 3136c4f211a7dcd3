"""The accounts in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest

admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin[User]):
    """An account, whose user name stays: records name by it who held a seat and who acted.

    What somebody is called is the first name.
    """

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Let the user name be given once."""
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None else (*fields, "username")
