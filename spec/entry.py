"""Where the packed binaries start: the program is imported, so that spawned workers find its functions by name."""

import _signal

if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:  # see Start-up in complexity_guard.py
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)

import re
import sys


def run_tracker() -> None:
    """multiprocessing starts its resource tracker as `EXE [flags] -c TEXT`, even when frozen: only that TEXT runs."""
    wanted = re.fullmatch(r"from multiprocessing\.resource_tracker import main;main\((\d+)\)", sys.argv[-1])
    if wanted and sys.argv[-2] == "-c":
        from multiprocessing.resource_tracker import main

        main(int(wanted[1]))
        sys.exit()


del __file__  # a worker would look for this script, which is not on any disk
run_tracker()

from complexity_guard import leave, main  # noqa: E402

leave(main())
