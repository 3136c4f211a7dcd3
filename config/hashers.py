"""How passwords and words are hashed: memory for eight at once, and no more than two at a time."""

from __future__ import annotations

from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

#: So many are worked out at a time in each process; others wait for their turn.
AT_ONCE = BoundedSemaphore(2)


class LightArgon2(Argon2PasswordHasher):
    """Argon2id with the least that OWASP names: 19 MiB, two passes, one lane.

    Django's own 100 MiB and eight lanes made eight sign-ins at once cost 600 MB. A hash of those
    is still read, and made anew at the next sign-in.
    https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
    """

    memory_cost, time_cost, parallelism = 19 * 1024, 2, 1

    def encode(self, password: str, salt: str) -> str:
        with AT_ONCE:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with AT_ONCE:
            return super().verify(password, encoded)
