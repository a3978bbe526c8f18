"""A machine that changes what imports lead to: files, links, packages, tsconfig.json, and the cache. Each run with the
cache has the graph that a cold one has.

`tests/test_kept_graphs.py` takes some steps, `make linked` as many as one likes.
"""

from __future__ import annotations

import contextlib
import json
import random
import shutil
import sys
from collections import Counter

import warm
from hypothesis import stateful, strategies

import complexity_guard as cg

FOLDERS = ("", "src/", "src/deep/", "packages/one/", "packages/one/src/", "packages/two/src/", "made/")
FILES = [f"{folder}{name}" for folder in FOLDERS for name in ("a.ts", "b.tsx", "index.ts", "c.js", "d.d.ts", "e.vue")]
SPECIFIERS = [
    "./a", "./b", "./c.js", "./deep/a", "..", "../a", "../b.js", "./e.vue", "../e.vue", "./d", "@/a", "@/deep/b", "#own", "#own/a",
    "one", "one/a", "two", "two/src/b", "@in/pack", "@in/pack/sub", "src/a", "./linked/a", "./data.json", "../made/a", "./none",
    "/a", "C:/a", "./a?raw",
]  # fmt: skip
STATEMENTS = (
    'import {{ x }} from "{0}"; x();', 'import type {{ X }} from "{0}";', 'import "{0}";', 'export * from "{0}";',
    'export {{ x as y }} from "{0}";', 'import("{0}");', 'const z = require("{0}");', 'import d = require("{0}");',
    'export import d = require("{0}");', 'export import type d = require("{0}");',
    '/// <reference path="{0}" />', "export const x = 1, y = 2;", "export default 3;", 'let v: import("{0}").T;',
    "// complexity-guard-ignore-next-line import_cycles -- known", 'import {{ x }} from "{0}"; @x class C {{ constructor(a: x) {{}} }}',
)  # fmt: skip
OPTIONS = [
    {}, {"paths": {"@/*": ["./src/*"]}}, {"paths": {"@/*": ["./src/*", "./packages/one/*"]}, "baseUrl": "."}, {"baseUrl": "./src"},
    {"moduleResolution": "bundler"}, {"module": "nodenext"}, {"moduleResolution": "classic"}, {"rootDirs": ["src", "made"]},
    {"moduleSuffixes": [".none", ""], "allowJs": True}, {"outDir": "made", "rootDir": "src", "composite": True},
    {"verbatimModuleSyntax": True}, {"emitDecoratorMetadata": True, "module": "node16"}, {"customConditions": ["source"]},
]  # fmt: skip
PACKAGES = [
    {}, {"name": "one"}, {"name": "two", "main": "src/index.js"}, {"imports": {"#own": "./src/a.js", "#own/*": "./src/*.ts"}},
    {"workspaces": ["packages/*"]}, {"name": "one", "exports": {".": "./src/index.ts", "./*": {"source": "./src/*.ts", "default": "./made/*.js"}}},
    {"type": "module"}, {"name": "two", "exports": {"import": "./src/a.ts", "require": "./src/b.tsx"}}, {"types": "a.ts"},
]  # fmt: skip


class Linked(warm.Warm):
    def __init__(self) -> None:
        self.ways: Counter[str] = Counter()
        self.graph, self.linker = cg.GraphKeeper.graph, cg.GraphKeeper.linker
        cg.GraphKeeper.graph = lambda keeper: self.noted("graphs", self.graph(keeper))
        cg.GraphKeeper.linker = lambda keeper, kept: self.noted_linker(self.linker(keeper, kept))
        super().__init__()
        self.formats, self.flags = ["json"], ["--graph"]
        (self.project / "package.json").write_text('{"workspaces": ["packages/*"]}')
        for number in range(14):
            self.write(number * 3, number * 17)

    def noted(self, way, value):
        """Counts how graphs were made: a cache that keeps none proves nothing."""
        self.ways[way] += 1
        return value

    def noted_linker(self, linker):
        return self.noted("some files linked" if linker.known else "all files linked", linker)

    def close(self) -> None:
        cg.GraphKeeper.graph, cg.GraphKeeper.linker = self.graph, self.linker
        super().close()

    def content(self, chance: int) -> bytes:
        dice = random.Random(chance % 60)
        lines = [dice.choice(STATEMENTS).format(dice.choice(SPECIFIERS)) for _ in range(dice.randrange(5))]
        return "\n".join(lines).encode()

    def write(self, chance: int, other: int) -> None:
        self.put(FILES[chance % len(FILES)], self.content(other))

    def put(self, name: str, content: bytes) -> None:
        path = self.project / name
        if not any(folder.is_file() for folder in path.parents):
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.is_dir():
                path.write_bytes(content)

    def rename(self, chance: int, other: int) -> None:
        path = self.some(chance)
        if path:
            self.put(FILES[other % len(FILES)], path.read_bytes())
            path.unlink()

    def options(self, chance: int, other: int) -> None:
        name = ("tsconfig.json", "src/tsconfig.json", "packages/one/tsconfig.json", "src/jsconfig.json")[other % 4]
        extends = (
            {"extends": ("./base", "../tsconfig.json", "@in/pack/base.json", [])[chance % 4]} if other % 3 == 0 else {}
        )
        document = {"compilerOptions": OPTIONS[chance % len(OPTIONS)], **extends}
        self.put(name, json.dumps(document).encode())

    def package(self, chance: int, other: int) -> None:
        name = ("package.json", "src/package.json", "packages/one/package.json", "packages/two/package.json")[other % 4]
        self.put(name, json.dumps(PACKAGES[chance % len(PACKAGES)]).encode())

    def pnpm(self, chance: int, _other: int) -> None:
        self.put(
            "pnpm-workspace.yaml", (b"", b"packages:\n  - packages/*\n", b"packages: ['packages/one']\n")[chance % 3]
        )

    def install(self, chance: int, other: int) -> None:
        """A package in node_modules, a link to one of the repository, or none any more."""
        path = self.project / "node_modules" / ("one", "@in/pack", "two")[chance % 3]
        if path.is_symlink() or path.is_dir():
            path.unlink() if path.is_symlink() else shutil.rmtree(path)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        if other % 2:
            path.symlink_to(self.project / "packages" / ("one", "two")[other // 2 % 2])
        else:
            self.put(
                f"{path.relative_to(self.project)}/package.json", json.dumps(PACKAGES[other % len(PACKAGES)]).encode()
            )
            self.put(f"{path.relative_to(self.project)}/index.d.ts", b"export const x: 1;")

    def drop(self, chance: int, _other: int) -> None:
        """A folder goes, or a configuration."""
        paths = sorted(path for path in self.project.rglob("*") if path.is_dir() or path.suffix in (".json", ".yaml"))
        paths = [path for path in paths if ".git" not in path.parts and path.exists()]
        if paths and chance % 3 == 0:
            path = paths[chance % len(paths)]
            path.unlink() if path.is_symlink() or path.is_file() else shutil.rmtree(path)

    def file_for_folder(self, chance: int, other: int) -> None:
        """Under one name a folder, then a file, then a link."""
        path = self.project / "src" / ("a", "deep")[chance % 2]
        with contextlib.suppress(OSError):  # where `src` is no folder
            self.another(path, other)

    def another(self, path, other: int) -> None:
        path.parent.mkdir(exist_ok=True)
        if path.is_symlink() or path.is_file():
            path.unlink()
        elif path.is_dir():
            shutil.rmtree(path)
        (lambda: path.mkdir(), lambda: path.write_text(""), lambda: path.symlink_to("../packages/one"))[other % 3]()


CHANGES = (
    "write", "write", "write", "same_size", "rename", "swap", "delete", "link", "link_folder", "folder", "options", "options",
    "package", "package", "pnpm", "install", "install", "drop", "file_for_folder", "flip", "truncate", "snapshot", "restore", "killed",
    "full_disk", "upgrade",
)  # fmt: skip


class Machine(warm.Machine):
    KIND = Linked
    ways: Counter[str] = Counter()

    @stateful.rule(change=strategies.sampled_from(CHANGES), chance=warm.NUMBERS, other=warm.NUMBERS)
    def step(self, change: str, chance: int, other: int) -> None:
        getattr(self.warm, change)(chance, other)
        self.warm.compare()
        if chance % 2:
            self.warm.compare()

    @classmethod
    def told(cls) -> str:
        return f"; {dict(cls.ways)}"

    def teardown(self) -> None:
        Machine.ways.update(self.warm.ways)
        super().teardown()


if __name__ == "__main__":
    sys.exit(warm.main(Machine))
