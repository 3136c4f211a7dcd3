"""The web application, as a WSGI server loads it."""

import os
import sys

import django
from django.core.checks import Tags, run_checks
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Each process would draw a key of its own, and nobody stay signed in. Commands look by themselves.
django.setup(set_prefix=False)
for fault in run_checks(tags=[Tags.security]):
    sys.exit(f"{fault.msg} {fault.hint}")

application = get_wsgi_application()
