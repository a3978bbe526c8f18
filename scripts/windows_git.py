#!/usr/bin/python3
"""Run git with what git.exe (windows_git.c) was asked, and with paths as each of both systems has them."""

import os
import re
import subprocess
import sys

TELLS_PATHS = {"--show-toplevel", "--git-dir", "--git-common-dir", "--absolute-git-dir", "--git-path"}


def unix(word: str) -> str:
    return re.sub(r"^((?:--?[\w-]+=)?)[A-Za-z]:([\\/].*)", lambda found: found[1] + found[2].replace("\\", "/"), word)


folder, *words = map(unix, sys.argv[1:])
variables = {name: unix(value) if name.startswith("GIT_") else value for name, value in os.environ.items()}
with (
    open(f"{folder}/stdin", "rb") as asked,
    open(f"{folder}/stdout", "wb") as out,
    open(f"{folder}/stderr", "wb") as said,
):
    command = ["/usr/bin/git", *words]
    done = subprocess.run(command, env=variables, stdin=asked, stdout=subprocess.PIPE, stderr=said)
    text = done.stdout
    if TELLS_PATHS & set(words):
        text = re.sub(rb"(?m)^/", b"Z:/", text)
    out.write(text)
with open(f"{folder}/ended", "w") as ended:
    ended.write(str(done.returncode))
os.rename(f"{folder}/ended", f"{folder}/code")
