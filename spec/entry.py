"""Where the packed binaries start: the program is imported, so that spawned workers find its functions by name."""

import _signal as signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # see Start-up in complexity_guard.py
    signal.signal(signal.SIGINT, signal.SIG_DFL)

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

from complexity_guard import leave, run_command_line  # noqa: E402

leave(run_command_line())
