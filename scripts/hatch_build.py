"""What `pip install .` asks for is what requirements.in asks for: one list."""

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class AsLocked(MetadataHookInterface):
    """Reads the direct requirements; pip, which stands there for environments, is none of ours."""

    def update(self, metadata: dict[str, Any]) -> None:
        lines = (Path(self.root) / "requirements.in").read_text("utf-8").splitlines()
        asked = (line.partition("#")[0].strip() for line in lines)
        metadata["dependencies"] = [one for one in asked if one and not one.startswith("pip==")]
