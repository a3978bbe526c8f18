"""What pip builds a checkout with: flit's builder, which knows of one module, told of all of them.

flit is there because it leaves nothing in the checkout, whose folder build/ setuptools would write into.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flit_core import common, wheel
from flit_core.buildapi import *  # noqa: F403

from targets import LIBRARY, PROGRAMS, ROOT


def iter_files(self: common.Module) -> Iterator[str]:
    """The files of the module that flit knows, which is one file, and those beside it."""
    beside = (file.relative_to(ROOT) for file in (*PROGRAMS[1:], *LIBRARY))
    return map(str, (self.path, *(self.path.parent / file for file in beside)))


def copy_modules(self: wheel.WheelBuilder) -> None:
    """All of them stand at the top of a wheel."""
    for file in map(Path, self.module.iter_files()):
        self._add_file(file, file.name)


common.Module.iter_files = iter_files
wheel.WheelBuilder.copy_module = copy_modules
