"""What pip builds a checkout with: flit's builder, which knows of one module, told of all of them.

flit is there because it leaves nothing in the checkout, whose folder build/ setuptools would write into.
"""

from __future__ import annotations

from collections.abc import Iterator

from flit_core import common
from flit_core.buildapi import *  # noqa: F403

from targets import LIBRARY, PROGRAMS


def iter_files(self: common.Module) -> Iterator[str]:
    """The files of the module that flit knows, which is one file, and those beside it."""
    return map(str, (self.path, *(self.path.parent / file.name for file in (*PROGRAMS[1:], *LIBRARY))))


common.Module.iter_files = iter_files
