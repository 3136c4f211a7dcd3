"""The project itself as an app, so that its system checks are found."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Importing the module registers its checks."""
        import config.checks  # noqa: F401
