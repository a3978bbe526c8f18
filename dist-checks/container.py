#!/usr/bin/env python3
"""The container image: it builds, holds the binary alone, runs as the README says, as nobody, and gives its binary to others.

Built by podman, which needs no daemon, in a store of its own. Where podman can build but not start containers (within
another container), the image's own root is entered instead: read-only, with the project mounted and nothing else.
"""

import json
import os
import shlex
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from _check import CLEAN, COMPLEX, ROOT, Failed, Skipped, emulator, kind_of, last_line, main, require
from targets import MACHINES, TARGETS

DOCKERFILE = ROOT / "build" / "container" / "Dockerfile"
BORROWER = """\
FROM scratch
COPY --from=localhost/guard /complexity-guard /usr/local/bin/
ENTRYPOINT ["/usr/local/bin/complexity-guard"]
"""
# A sandbox gives no network, and no more open files than it has itself.
LEAN = ("--network=none", "--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024")
RUNTIMES = ("runc", "crun")
NOBODY = "65534:65534"
LABELS = {
    "title": "",
    "description": "",
    "licenses": "",
    "version": "VERSION",
    "revision": "REVISION",
    "source": "SOURCE",
}
NOT_STARTED = (125, 126)  # podman's own failure, and its runtime's


def check(binary: Path) -> str:
    kind = kind_of(binary)
    if not kind.needs_nothing:
        raise Skipped("the image is of the static binary")
    if not shutil.which("podman") and "podman" in os.environ.get("COMPLEXITY_GUARD_EXPECT", "").split(","):
        raise Failed("$COMPLEXITY_GUARD_EXPECT promises podman, and it is missing")
    machine = TARGETS[kind.triple].machine
    architecture = next(name for name, ours in MACHINES.items() if ours == machine)
    if not shutil.which("podman") or os.geteuid() != 0:
        raise Skipped("needs podman and root")
    with tempfile.TemporaryDirectory(prefix="image-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        engine = Engine(place / "store", architecture)
        (place / "context" / architecture).mkdir(parents=True)
        shutil.copy(binary, place / "context" / architecture)
        engine.build("localhost/guard", DOCKERFILE, place / "context")
        told = engine.configuration("localhost/guard")
        require(told.get("User") == NOBODY, f"the image is run by the user {told.get('User') or 'root'!r}")
        unsaid = [name for name in LABELS if not told.get("Labels", {}).get(f"org.opencontainers.image.{name}")]
        require(not unsaid, f"no label says {', '.join(unsaid)}")
        held = engine.files("localhost/guard")
        require(held == {"complexity-guard": binary.stat().st_size}, f"the image holds {held}")
        (place / "Borrower").write_text(BORROWER)
        engine.build("localhost/borrower", place / "Borrower", place / "context")
        held = engine.files("localhost/borrower")
        require(held == {"usr/local/bin/complexity-guard": binary.stat().st_size}, f"COPY --from gives {held}")
        hows = {runs(engine, binary, place, threads) for threads in ("1", "2")}
        borrowed = engine.run("localhost/borrower", binary, [], "/usr/local/bin/complexity-guard", "--version")[0]
        require(borrowed.stdout.startswith(b"complexity-guard "), "the borrowed binary does not run")
    analysed = f"the project, mounted read-only, is analysed on 1 and 2 workers {'; '.join(hows)}"
    return f"linux/{architecture}: the binary alone; COPY --from gives it; {analysed}"


def runs(engine: "Engine", binary: Path, place: Path, threads: str) -> str:
    project = place / f"project{threads}"
    project.mkdir()
    for i in range(20):
        (project / f"f{i}.ts").write_text(CLEAN)
    command = ("/complexity-guard", "/src", "--threads", threads)
    done, how = engine.run("localhost/guard", binary, [project], *command, "--format", "json")
    said = last_line(done.stderr.decode(errors="replace"))
    require(done.returncode == 0, f"exit {done.returncode} on a clean project: {said}")
    require(len(json.loads(done.stdout)["files"]) == 20, "not every file is in the report")
    (project / "bad.ts").write_text(COMPLEX)
    done, how = engine.run("localhost/guard", binary, [project], *command)
    require(done.returncode == 1 and b"tangle" in done.stdout, f"exit {done.returncode} on a failing project")
    return how


Done = subprocess.CompletedProcess


def run_to_the_end(command: list[object]) -> Done:
    return subprocess.run(command, timeout=120, capture_output=True, stdin=subprocess.DEVNULL, cwd="/")


class Engine:
    """podman with images in a folder that the check removes."""

    def __init__(self, store: Path, architecture: str):
        self.store, self.architecture = store, architecture
        self.runtimes = [name for name in RUNTIMES if shutil.which(name)]

    def podman(self, *arguments: object, check: bool = True) -> Done:
        places = ("--root", self.store / "images", "--runroot", self.store / "run", "--storage-driver", "vfs")
        done = run_to_the_end(["podman", *places, *arguments])
        said = last_line(done.stderr.decode(errors="replace"))
        require(done.returncode == 0 or not check, f"podman {arguments[0]}: {said}")
        return done

    def build(self, name: str, file: Path, context: Path) -> None:
        said = [f"--build-arg={name}=told" for name in LABELS.values() if name]
        options = ("--isolation", "chroot", "--no-cache", "--platform", f"linux/{self.architecture}", *said)
        self.podman("build", *options, "--tag", name, "--file", file, context)
        told = json.loads(self.podman("image", "inspect", name).stdout)[0]
        platform = f"{told['Os']}/{told['Architecture']}"
        require(platform == f"linux/{self.architecture}", f"the image is for {platform}")

    def configuration(self, name: str) -> dict:
        return json.loads(self.podman("image", "inspect", name).stdout)[0]["Config"]

    def layers(self, name: str) -> Iterator[tarfile.TarFile]:
        saved = self.store / "saved.tar"
        self.podman("save", "--format", "oci-archive", "--output", saved, name)
        with tarfile.open(saved) as whole:
            read = lambda digest: whole.extractfile("blobs/" + digest.replace(":", "/"))  # noqa: E731
            manifest = json.load(read(json.load(whole.extractfile("index.json"))["manifests"][0]["digest"]))
            for layer in manifest["layers"]:
                with tarfile.open(fileobj=read(layer["digest"])) as tar:
                    yield tar
        saved.unlink()

    def files(self, name: str) -> dict[str, int]:
        return {entry.name: entry.size for layer in self.layers(name) for entry in layer if entry.isfile()}

    def run(self, name: str, binary: Path, mounted: list[Path], *command: str) -> tuple[Done, str]:
        """Start a container; also tell how it was done.

        An emulator, itself static, is mounted and runs the entry point.
        """
        how = emulator(binary)
        volumes = [part for project in mounted for part in ("--volume", f"{project}:/src:ro")]
        entry, arguments = [], command[1:]
        if how:
            entry, arguments = ["--volume", f"{how[0]}:/emulator:ro", "--entrypoint", "/emulator"], command
        for runtime in tuple(self.runtimes):
            platform = ("--platform", f"linux/{self.architecture}")
            options = ("--rm", *platform, *LEAN, *volumes, *entry)
            done = self.podman("--runtime", runtime, "run", *options, name, *arguments, check=False)
            if done.returncode not in NOT_STARTED:
                return done, f"by podman and {runtime}"
            self.runtimes.remove(runtime)
        return self.enter(name, how, mounted, command), "in its own root, as podman starts no containers here"

    def enter(self, name: str, how: list[str], mounted: list[Path], command: tuple[str, ...]) -> Done:
        with tempfile.TemporaryDirectory(prefix="root-") as root:
            for layer in self.layers(name):
                layer.extractall(root)
            os.chmod(root, 0o755)
            Path(root, "src").mkdir(exist_ok=True)  # podman leaves the working folder to the start
            if how:
                shutil.copy(how[0], f"{root}/emulator")
            steps = [
                f"mount --bind {root} {root}",
                *(f"mount --bind -o ro {shlex.quote(str(project))} {root}/src" for project in mounted),
                f"mount -o remount,ro,bind {root}",
                f"exec chroot --userspec={NOBODY} {root} {shlex.join(['/emulator'] * bool(how) + list(command))}",
            ]
            return run_to_the_end(["unshare", "--mount", "sh", "-c", " && ".join(steps)])


main(check)
