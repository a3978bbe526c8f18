#!/usr/bin/env python3
"""The oldest system that it runs on. On Linux by the glibc that every ELF file inside asks for, the outer one alone says too
little. On macOS by its imports: what came after the version that it states is null there, and calling it ends the process.

When each function came to macOS, the headers say that the binary was built with, and their compiler reads them.
"""

import re
import subprocess
import tempfile
from pathlib import Path

import _macho
from _check import ROOT, kind_of, main, require, unpacked
from _elf import read

MAX_GLIBC = (2, 36)  # Debian 12: a binary made here must run on the system it was made on

# Weak by a word of CPython's own, which asks before it calls: every macOS has it.
WEAK = {"_inet_aton"}
# Of the compiler and the loader, in no header: they have been there since 10.6.
UNDECLARED = {"__bzero", "__memcpy_chk", "__memmove_chk", "__memset_chk", "__strcpy_chk", "dyld_stub_binder", "environ"}
HEADERS = """
    arpa/inet.h ctype.h dirent.h dlfcn.h errno.h execinfo.h fcntl.h float.h grp.h ifaddrs.h inttypes.h langinfo.h libproc.h
    locale.h mach-o/dyld.h mach/mach.h mach/mach_time.h math.h net/if.h netdb.h netinet/in.h poll.h pthread.h pwd.h sched.h
    semaphore.h setjmp.h signal.h spawn.h stdio.h stdlib.h string.h strings.h sys/attr.h sys/clonefile.h sys/event.h sys/file.h
    sys/ioctl.h sys/mman.h sys/random.h sys/resource.h sys/select.h sys/socket.h sys/stat.h sys/statvfs.h sys/sysctl.h
    sys/time.h sys/times.h sys/types.h sys/uio.h sys/un.h sys/utsname.h sys/wait.h sys/xattr.h syslog.h termios.h time.h
    unistd.h utime.h util.h wchar.h wctype.h copyfile.h malloc/malloc.h sys/kern_control.h sys/sys_domain.h sys/loadable_fs.h
""".split()
LATER = re.compile(r"'(\w+)' is only available on macOS ([\d.]+)")
MISSING = re.compile(r"use of undeclared identifier '(\w+)'")


def dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def check(binary: Path) -> str:
    if _macho.machine_of(binary):
        return check_mac(binary)
    with unpacked(binary) as files:
        floors = {file: max(read(file).glibc, default=()) for file in files}
    if kind_of(binary).needs_nothing:
        require(not any(floors.values()) and len(floors) == 1, "a static binary asks for no glibc and unpacks nothing")
        return "none: musl is inside"
    worst = max(floors, key=lambda file: floors[file])
    require(floors[worst] <= MAX_GLIBC, f"{worst.name} needs glibc {dotted(floors[worst])}, over {dotted(MAX_GLIBC)}")
    return f"glibc {dotted(floors[worst])} ({worst.name}); the outer file alone says {dotted(floors[binary])}"


def check_mac(binary: Path) -> str:
    file = _macho.read(binary)
    weak = {name for name, is_weak in file.imports.items() if is_weak} - WEAK
    require(not weak, f"{', '.join(sorted(weak))}: null on some macOS since {dotted(file.minimum)}")
    names = {name.removeprefix("_").partition("$")[0] for name in file.imports} - UNDECLARED
    said = ask_headers(file, names) if kind_of(binary).freezer == "static" else None
    if said is None:
        return f"macOS {dotted(file.minimum)}: none of {len(file.imports)} imports is weak; no headers here to ask"
    later = sorted(f"{name} (macOS {since})" for name, since in LATER.findall(said))
    require(not later, f"later than macOS {dotted(file.minimum)}: {', '.join(later)}")
    unknown = sorted(set(MISSING.findall(said)))
    require(not unknown, f"no header says since when macOS has {', '.join(unknown)}")
    return f"macOS {dotted(file.minimum)}: none of {len(file.imports)} imports is weak, or later by the headers"


def ask_headers(file: _macho.MachO, names: set[str]) -> str | None:
    """What the compiler says of a file that uses these names; None where it is not unpacked."""
    compilers = sorted((ROOT / "out" / "cache" / "src").glob("ziglang-*/ziglang/zig"))
    if not compilers:
        return None
    lines = [f"#if __has_include(<{header}>)\n#include <{header}>\n#endif" for header in HEADERS]
    lines += [f"const void *const use_{name} = (const void *)&{name};" for name in sorted(names)]
    target = f"{file.machine}-macos.{dotted(file.minimum)}"
    options = ("-c", "-ferror-limit=0", "-Wunguarded-availability", "-fno-caret-diagnostics")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "names.c"
        source.write_text("\n".join(lines) + "\n")
        command = [compilers[-1], "cc", "-target", target, *options, source, "-o", source.with_suffix(".o")]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=zig_variables())
    others = [line for line in done.stderr.splitlines() if " error: " in line and not MISSING.search(line)]
    require(not others, f"the headers cannot be asked: {others[:1]}")
    return done.stderr


def zig_variables() -> dict[str, str]:
    import freeze  # noqa: F401  (which puts the folders of freezers on the path)
    import freeze_static

    return freeze_static.environment()


main(check)
