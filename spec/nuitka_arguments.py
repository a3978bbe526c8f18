"""How Nuitka packs the program; run by build/freeze_nuitka.py."""

from pathlib import Path

from exclusions import EXCLUDED, NATIVE, WINDOWS_ONLY

# What Nuitka itself cannot do without, though the program can. Its plugin decides about multiprocessing's parts: naming
# one of them stops the build.
NEEDED = {
    "importlib.readers", "zipimport", "site", "ctypes", "_ctypes",
    *(name for name in {**EXCLUDED, **WINDOWS_ONLY} if name.startswith("multiprocessing.")),
}  # fmt: skip

ARGUMENTS = (
    "--mode=onefile",
    "--deployment",  # without the guards that it adds for people who try it out
    "--assume-yes-for-downloads",
    "--python-flag=-OO",
    "--python-flag=no_site",
    "--python-flag=no_warnings",
    "--include-module=complexity_guard_kernel",
    "--no-progressbar",
    f"--user-plugin={Path(__file__).with_name('nuitka_plugin.py')}",
    "--lto=no",  # three times the time for 2 %
    *(f"--nofollow-import-to={name}" for name in sorted({*EXCLUDED, *NATIVE, *WINDOWS_ONLY} - NEEDED)),
)
