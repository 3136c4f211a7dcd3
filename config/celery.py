"""Celery is the alarm clock and nothing more: nothing true lives in the broker."""

import os

from celery import Celery

import config.broker  # noqa: F401 - takes the place of two of Celery's transports

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("overflight")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
