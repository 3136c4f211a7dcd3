"""`python -m bench.populate --flights 5000`: an exercise with so many open flights, to walk in.

It is made in the database of this installation (`DATABASE_URL`, else `var/`).
"""

from __future__ import annotations

import sys

from bench.ours.__main__ import main

if __name__ == "__main__":
    main("populate", sys.argv[1:])
