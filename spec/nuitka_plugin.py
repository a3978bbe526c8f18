"""What Nuitka leaves in the folder that it packs, and no option of it takes out; found by Nuitka as a user plugin."""

import subprocess
import sys
from pathlib import Path

from nuitka.plugins.PluginBase import NuitkaPluginBase

from exclusions import NATIVE
from nuitka_arguments import NEEDED


class LeanFolder(NuitkaPluginBase):
    plugin_name = "lean-folder"

    def onStandaloneDistributionFinished(self, dist_dir: str) -> None:
        """Codecs that some module of `encodings` would ask for go; modules in C lose their symbols, 0.7 MB packed."""
        for path in Path(dist_dir).glob("*.so*"):
            if path.name.partition(".")[0] in set(NATIVE) - NEEDED:
                path.unlink()
            elif sys.platform == "linux":  # elsewhere it would break the signature
                subprocess.run(["strip", "--strip-all", path], check=True)
