"""The project itself as an app, so that its system checks are found."""

from django.apps import AppConfig
from django.conf import settings

from config import logs


class ProjectConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Importing the module registers its checks; a log for machines leaves nothing out."""
        import config.checks  # noqa: F401

        if settings.LOG_FORMAT == "json":
            logs.catch_the_rest()
