#!/usr/bin/env python
"""Django's command line for Overflight."""

from config.__main__ import main

if __name__ == "__main__":
    main()
