"""What `pip install .` asks for is what requirements.in asks for: one list, and one for papers."""

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class AsLocked(MetadataHookInterface):
    """Reads the direct requirements; pip, which stands there for environments, is none of ours."""

    def update(self, metadata: dict[str, Any]) -> None:
        metadata["dependencies"] = self.asked("requirements.in")
        metadata["optional-dependencies"] = {"papers": self.asked("requirements-papers.in")}

    def asked(self, name: str) -> list[str]:
        lines = (Path(self.root) / name).read_text("utf-8").splitlines()
        asked = (line.partition("#")[0].strip() for line in lines)
        return [one for one in asked if one and not one.startswith("pip==")]
