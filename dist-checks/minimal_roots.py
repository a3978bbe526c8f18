#!/usr/bin/env python3
"""It runs in the smallest Debian there is (debootstrap's minbase: no Python, no compiler), on one worker and on two.

The root is made once and kept in out/cache. Alpine's root cannot be had from the registries that this project uses;
what musl systems need is shown by `scratch`, whose root holds no C library at all.
"""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

from _check import CLEAN, ROOT, Skipped, emulator, kind_of, last_line, main, require
from sources import FetchError, debian_archives, own_release


def check(binary: Path) -> str:
    if emulator(binary):
        raise Skipped("the root is for this machine")
    if not shutil.which("debootstrap") or os.geteuid() != 0:
        raise Skipped("needs debootstrap and root")
    root = debian_root()
    shutil.rmtree(root / "check", ignore_errors=True)
    (root / "check" / "src").mkdir(parents=True)
    shutil.copy(binary, root / "check" / "complexity-guard")
    (root / "check" / "src" / "add.ts").write_text(CLEAN)
    needs_proc = kind_of(binary).freezer == "nuitka"  # its start aborts without
    for threads in ("1", "2"):
        name = shlex.quote(str(root))
        script = (
            f"mount --rbind /proc {name}/proc && " * needs_proc
            + f"exec chroot {name} /check/complexity-guard --format json --threads {threads} /check/src"
        )
        command = ["unshare", "--mount", "sh", "-c", script]
        done = subprocess.run(command, capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
        said = last_line(done.stderr.decode(errors="replace"))
        require(done.returncode == 0 and b'"add"' in done.stdout, f"exit {done.returncode}: {said}")
    return f"runs in {root.name}, {sum(1 for _ in (root / 'usr' / 'bin').iterdir())} programs and no Python"


def debian_root() -> Path:
    """A minbase root of this machine's own Debian release, from the archive that its apt uses."""
    root = ROOT / "out" / "cache" / "root-debian-minbase"
    if not root.is_dir():
        partial = root.with_name(f"{root.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        release = own_release()
        try:
            archive = debian_archives(release)[0]
        except (IndexError, FetchError, OSError, subprocess.SubprocessError):
            raise Skipped("apt is not configured with a Debian archive here") from None
        command = ["debootstrap", "--variant=minbase", release, partial, archive]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Skipped(f"debootstrap failed: {last_line(done.stdout + done.stderr)}")
        partial.rename(root)
    return root


main(check)
