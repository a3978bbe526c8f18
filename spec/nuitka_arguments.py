"""How Nuitka packs the program; run by build/freeze_nuitka.py."""
from exclusions import EXCLUDED, WINDOWS_ONLY

# What Nuitka itself cannot do without, though the program can. Its plugin decides about multiprocessing's parts: naming one
# of them stops the build.
NEEDED = {"importlib.readers", "zipimport", "site", "ctypes", *(name for name in {**EXCLUDED, **WINDOWS_ONLY} if name.startswith("multiprocessing."))}

ARGUMENTS = (
    "--mode=onefile",
    "--deployment",                 # without the guards that it adds for people who try it out
    "--assume-yes-for-downloads",
    "--python-flag=-OO", "--python-flag=no_site", "--python-flag=no_warnings",
    "--include-module=complexity_guard_kernel",
    "--no-progressbar",
    "--lto=no",                     # three times the time for 2 %
    *(f"--nofollow-import-to={name}" for name in sorted({*EXCLUDED, *WINDOWS_ONLY} - NEEDED)),
)
