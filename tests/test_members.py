"""The packages of one repository: what says which they are, and what stands for those of their files that are not built.

That they are found as TypeScript finds them where they are linked is told by cases of test_resolution.py, and by
`make edges` of whole repositories."""

from __future__ import annotations

import json
import time

import edges
import pytest

import complexity_guard as cg


@pytest.mark.parametrize(
    ("text", "globs"),
    [
        ("packages:\n- a\n  - 'b/*'\n\n  # c\n  -   \"!d\" # e\n  - f # g\nh:\n  - i\n", ["a", "b/*", "!d", "f"]),
        ("x:\r\n  - y\r\npackages:\r\n  - a\r\n  - b", ["a", "b"]),
        ("packages: [a, 'b,c', \"d\" ]\ne: f\n", ["a", "b,c", "d"]),
        ("packages: [\n  a,\n  b\n]", ["a", "b"]),
        ("packages:\n", []),
        ("packages: []", []),
        ("", []),
        ("  packages:\n  - a", []),  # of something else
    ],
)
def test_the_list_of_pnpm(text, globs):
    assert cg.pnpm_packages(text) == globs


def test_braces():
    assert cg.without_braces("a/{b,c}/{d,}") == ["a/b/d", "a/b/", "a/c/d", "a/c/"]
    assert len(cg.without_braces("{a,b}" * 40)) == cg.MOST_GLOBS


def package(**said):
    return json.dumps(said)


REPOSITORY = {"package.json": package(workspaces=["packages/*"])}
# What the package says, its files, what is imported, and the source that it is built from
BUILT = [
    ({"exports": "./dist/index.js"}, ["src/index.ts"], "p", "src/index.ts"),
    ({"exports": {".": {"types": "./dist/index.d.mts", "import": "./dist/index.mjs"}}}, ["src/index.ts"], "p", 0),
    ({"exports": {"./*": "./dist/*.js"}}, ["src/a/b.tsx"], "p/a/b", 0),
    ({"exports": {"./*": "./dist/*/index.js"}}, ["src/a/index.ts"], "p/a", 0),
    ({"exports": {".": "./dist/index.js"}}, ["src/other.ts"], "p/other", None),
    ({"exports": {".": None, "./a": "./dist/a.js"}}, ["src/index.ts"], "p/b", None),
    ({"main": "dist/index.js"}, ["src/index.ts"], "p", 0),
    ({"main": "lib/commonjs/index.js"}, ["src/index.js"], "p", 0),
    ({"main": "dist/a.cjs", "source": "code/b.ts"}, ["code/b.ts", "src/a.ts"], "p", "code/b.ts"),
    ({"types": "dist/a.d.ts", "main": "dist/b.js"}, ["src/b.ts", "src/a.ts"], "p", "src/a.ts"),
    ({"module": "dist/p.esm.js"}, ["src/index.ts"], "p", 0),
    ({"main": "dist/index.js"}, ["index.ts"], "p", 0),
    ({"main": "./dist/src/index.js"}, ["src/index.ts"], "p", 0),
    ({}, ["src/index.tsx"], "p", 0),
    ({}, ["src/a/index.ts", "src/index.ts"], "p/a", "src/a/index.ts"),  # as what is published from a folder
    ({}, ["src/a.ts", "src/index.ts"], "p/dist/a", "src/a.ts"),
    ({"main": "dist/index.js"}, ["dist/index.js", "src/index.ts"], "p", "dist/index.js"),  # built
    ({"main": "dist/index.js"}, ["tsconfig.json", "code/index.ts", "src/index.ts"], "p", "code/index.ts"),
    ({"main": "dist/x.js"}, ["src/style.css"], "p/dist/style.css", None),
    ({"main": 7, "exports": [], "types": ["a"]}, ["src/index.ts"], "p", 0),
    ({"exports": {".": "./../../../etc/x.js"}}, ["src/y.ts"], "p", None),
]
OWN_FOLDERS = package(compilerOptions={"outDir": "dist", "rootDir": "code"})


@pytest.mark.parametrize("resolution", ["bundler", "nodenext"])
@pytest.mark.parametrize(("said", "files", "specifier", "source"), BUILT)
def test_sources_stand_for_what_is_not_built(said, files, specifier, source, resolution, tmp_path):
    texts = {f"packages/p/{name}": OWN_FOLDERS if name.endswith(".json") else "" for name in files}
    texts["packages/p/package.json"] = package(name="p", **said)
    texts["tsconfig.json"] = package(
        compilerOptions={"module": "nodenext" if resolution == "nodenext" else "esnext", "moduleResolution": resolution}
    )
    texts["a.mts"] = f'import "{specifier}";\n'
    edges.written(REPOSITORY | texts, tmp_path)
    expected = files[0] if source == 0 else source
    (found,) = edges.ours(str(tmp_path), ["a.mts"])
    assert found[1] == (expected and f"packages/p/{expected}")


def test_what_no_package_of_the_repository_has_is_told(tmp_path):
    texts = {"packages/p/package.json": package(name="p"), "packages/p/a.css": "", "packages/p/src/b.ts": ""}
    edges.written(REPOSITORY | texts | {"a.ts": 'import "p/none";\nimport "p/a.css";\nimport "q";\n'}, tmp_path)
    imports = edges.imports_in(str(tmp_path), ["a.ts"])
    found = cg.graph_of(imports, str(tmp_path))
    assert [row[1:] for row in found.unresolved] == [("p/none", 1, "no such file in that package of the repository")]
    assert [name for _, name, _ in found.outside] == ["q"]


def test_links_that_lead_back_and_many_globs_end(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "package.json").write_text(package(name="p"))
    for name in ("c", "d", "e"):
        (tmp_path / "a" / "b" / name).symlink_to(tmp_path / "a", target_is_directory=True)
    globs = ["**", "a/**/b/**/c/**/*", "{a,b}" * 30, "!x", "[", "a\\", 7]
    (tmp_path / "package.json").write_text(package(workspaces=globs))
    start = time.process_time()
    assert cg.NeighbourPackages(cg.Disk(str(tmp_path))).seen_from[str(tmp_path / "a" / "b")] == {"p": f"{tmp_path}/a"}
    assert time.process_time() - start < 2
