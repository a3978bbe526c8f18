"""CODEOWNERS, by the documentation of GitHub and of GitLab."""

from __future__ import annotations

import json

import pytest
from repository import GIT
from samples import function
from test_history import hotspots
from test_history import repo as repo

import complexity_guard as cg

# The example of GitHub's documentation, and what it says of each line.
GITHUB = """\
# This is a comment.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
"""
GITHUB_CASES = {
    "a.ts": ("@global-owner1", "@global-owner2"),
    "deep/in/a.js": ("@js-owner",),
    "x.go": ("docs@example.com",),
    "build/logs/a/b.ts": ("@octocat",),  # **/logs comes later
    "build/x.ts": ("@global-owner1", "@global-owner2"),
    "docs/a.md": ("@doctocat",),
    "docs/deep/a.md": ("@doctocat",),
    "src/docs/a.md": ("@global-owner1", "@global-owner2"),
    "src/apps/a.ts": ("@octocat",),
    "scripts/a.ts": ("@doctocat", "@octocat"),
    "deeply/nested/logs/a.ts": ("@octocat",),
    "apps/a.ts": ("@octocat",),
    "apps/github/a.ts": (),
    "apps/github": (),
    "apps/githubx": ("@octocat",),
}
# folder/* of GitHub's documentation: "docs/getting-started.md" and not "docs/build-app/troubleshooting.md".
GITLAB = """\
* @default
/docs/ @docs
README.md @readme
path\\ with\\ spaces/ @spaces
internal/*.ts @internal
internal/**/*.rb @ruby

[Database] @database-team
model/db/
config/db/database-setup.md @docs-team
!config/db/generated.md

^[Optional][2] @optional
*.md

[DATABASE]
more/db/ @more
"""
GITLAB_CASES = {
    "a.ts": ("@default",),
    "docs/a.ts": ("@docs",),
    "docs/x.md": ("@docs", "@optional"),
    "deep/README.md": ("@readme", "@optional"),
    "path with spaces/a.ts": ("@spaces",),
    "internal/a.ts": ("@internal",),
    "deep/internal/a.ts": ("@internal",),  # what begins with no slash is looked for everywhere
    "internal/deep/a.ts": ("@default",),
    "internal/deep/a.rb": ("@ruby",),
    "model/db/a.ts": ("@default", "@database-team"),
    "config/db/database-setup.md": ("@default", "@docs-team", "@optional"),
    "config/db/generated.md": ("@default", "@optional"),
    "more/db/a.ts": ("@default", "@more"),
}


@pytest.mark.parametrize(("path", "owners"), GITHUB_CASES.items(), ids=list(GITHUB_CASES))
def test_github(path, owners):
    assert cg.Owners(GITHUB, is_gitlab=False).of(path) == owners


@pytest.mark.parametrize(("path", "owners"), GITLAB_CASES.items(), ids=list(GITLAB_CASES))
def test_gitlab(path, owners):
    assert cg.Owners(GITLAB, is_gitlab=True).of(path) == owners


def test_only_files_right_in_the_folder():
    owners = cg.Owners("docs/* @docs\n", is_gitlab=False)
    assert owners.of("docs/getting-started.md") == ("@docs",)
    assert owners.of("docs/build-app/troubleshooting.md") == ()


@pytest.mark.parametrize(
    "line",
    ["*" * 3000 + " @a", "/".join(["**"] * 500) + "/x @a", "a*" * 500 + "b @a", "[" * 500, "\\", "!", "[x", "/ @a"],
)
@pytest.mark.parametrize("is_gitlab", [False, True])
def test_hostile_lines_take_no_time(line, is_gitlab):
    cg.Owners(line, is_gitlab).of("a" * 300 + "/" + "a/" * 300 + "a")


def test_which_file_and_whose_rules(tmp_path):
    assert cg.owners_in(str(tmp_path)) is None
    (tmp_path / "CODEOWNERS").write_text("[S] @s\n*.ts\n")
    assert cg.owners_in(str(tmp_path)).of("a.ts") == ()
    (tmp_path / ".gitlab-ci.yml").write_text("")
    assert cg.owners_in(str(tmp_path)).of("a.ts") == ("@s",)
    (tmp_path / ".gitlab").mkdir()
    (tmp_path / ".gitlab" / "CODEOWNERS").write_text("*.ts @last\n")  # GitLab looks there last
    assert cg.owners_in(str(tmp_path)).of("a.ts") == ("@s",)
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "CODEOWNERS").write_text("*.ts @first\n")
    assert cg.owners_in(str(tmp_path)).of("a.ts") == ("@first",)


def test_hotspots_by_owner(repo):
    repo.commit(
        {
            "CODEOWNERS": "* @all\n/lib/ ann@example.com @team\n/none/\n",
            "lib/b.ts": function("b", 30),
            "none/c.ts": function("c", 12),
        }
    )
    result = hotspots(repo, "all", "--by", "owner")
    rows = {row["owner"]: row for row in result.json["owners"]}
    assert set(rows) == {"@all", "ann", "@team", "no owner"}
    assert (
        rows["ann"]["priority"] == rows["@team"]["priority"] == 3.94 > rows["no owner"]["priority"] == 2.55
    )  # √(3.1 × 5) and √(1.3 × 5)
    assert "example.com" not in json.dumps(result.json)
    assert "ann@example.com" in hotspots(repo, "all", "--emails").out
    assert "@team" in hotspots(repo, "all", "--by", "owner", "-f", "console").out
    assert hotspots(repo, "all", "--by", "owner", "-f", "csv").out.startswith("priority,owner,files")


# Files that change together


def coupled(repo) -> set[tuple[str, str, int, int, int]]:
    """The rule in other words, of git's own list of files by commit."""
    sets = [set(text.split()) for text in repo.git("log", "--no-merges", "--name-only", "--format=%x01").split("\x01")]
    sets = [{name for name in names if name.endswith(".ts")} for names in sets if len(names) <= 30]
    names = sorted(set.union(*sets))
    found = set()
    for one in names:
        for other in names:
            counts = [sum(wanted <= names for names in sets) for wanted in ({one, other}, {one}, {other})]
            if one < other and min(counts) >= 5 and counts[0] / ((counts[1] + counts[2]) / 2) >= 0.3:
                found.add((one, other, *counts))
    return found


def test_couplings(repo):
    touched = (
        ["ab", "ab", "abc", "ab", "ab", "ac", "c", "bc", "c", "abd", "d", "d", "cd", "d", "ce"]
        + ["ae", "ae", "ae", "ae", "ae"]
        + ["e"] * 30
    )
    for number, names in enumerate(touched):
        repo.commit(
            {
                f"{name}.ts": f'import "./b"\nlet x = {number}\n' if name == "a" else f"let x = {number}\n"
                for name in names
            }
        )
    repo.commit({f"f{number}.ts": "x\n" for number in range(31)} | {"a.ts": "let y\n"})
    expected = coupled(repo)
    assert len(expected) == 1
    rows = hotspots(repo, "all", "--by", "coupling").json["couplings"]
    assert {
        (row["path"], row["other"], row["shared"], row["commits"], row["other_commits"]) for row in rows
    } == expected
    assert [row["imports"] for row in rows] == [None]
    rows = hotspots(repo, "all", "--graph").json["couplings"]
    assert [row["imports"] for row in rows] == [False]  # the last commit took the import away
    repo.git("reset", "-q", "--hard", "HEAD~1")
    assert [row["imports"] for row in hotspots(repo, "all", "--graph").json["couplings"]] == [True]
    assert "a.ts and b.ts" in repo.guard("hotspots", "--window", "all", "--by", "coupling", cwd=repo.root, env=GIT).out
