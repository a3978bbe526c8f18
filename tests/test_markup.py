"""The scripts in components and pages: which there are, where they stand, and that nothing else is taken for one.

What stands here is what the compilers of Vue, Svelte and Astro say; `make components` asks them (scripts/oracles).
"""

from __future__ import annotations

import time
from pathlib import Path

import components
import pytest
from samples import measure_file

import complexity_guard as cg

JUDGE = cg.Judge(cg.DEFAULT_ANALYSIS, "all")
SCANNER = cg.make_scanner()


def report_of(path: str, text: str | bytes) -> cg.FileReport:
    raw = text if isinstance(text, bytes) else text.encode()
    return measure_file(path, raw, JUDGE, SCANNER)[0]


def names_in(path: str, text: str) -> list[tuple[str, int, int]]:
    return [(one.name, one.start_line, one.start_col) for one in report_of(path, text).functions]


F, G, NO = "function f() {}", "function g() {}", "function no() {}"

# Of each text the functions f and g are found, where they stand; what is called "no" is no script.
FOUND = [
    ("vue", f"<template>\n<p/>\n</template>\n<script>\n{F}\n</script>\n"),
    ("vue", f"<script setup lang='ts'>\n{F}\n</script>"),
    ("vue", f"<script lang=ts>{F}</script><script setup>({G})</script>"),
    ("vue", f"<p>é𝒳 →</p><script>{F}</script>"),
    ("vue", f"<template><script>{NO}</script></template>"),
    ("vue", f"<template><div v-pre>{{{{ </div></template><script>{F}</script>"),
    ("vue", f"<template>{{{{ '</template>' }}}}<template/><template #a>x</template></template><script>{F}</script>"),
    ("vue", f"<template><svg><title><b></title></svg><template></template></template><script>{F}</script>"),
    ("vue", f"<template><p a='\n</template>' :b = \"\n</template>\" c=\n</template>/></template><script>{F}</script>"),
    ("vue", f"<template>{{{{ a > '\n</template>' }}}}<!--\n</template>--><textarea>\n</template></textarea></template><script>{F}</script>"),
    ("vue", f"<template><template #a=\"b\"><c\n</template><template/></template><script>{F} // </a</script>"),
    ("vue", f"<template lang='pug'>\np <template>\n</template><script>{F}</script>"),
    ("vue", f"<!-- <script>{NO}</script> --><i18n><script>{NO}</script></i18n><script>{F}</script>"),
    ("vue", f"<![CDATA[<script>{NO}</script>]]><docs a='<script>'></docs>"),
    ("vue", "<script src='./a.ts'></script><script type='application/json'>{}</script><script lang='coffee'>x</script>"),
    ("vue", f"<Script>{NO}</Script>"),
    ("svelte", f"<script module>\n{F}\n</script>\n<script lang='ts'>{G}</script>"),
    ("svelte", f"<script>{F} // </SCRIPT></script x>\n{G}</script >"),
    ("svelte", f"<div>{{'<script>'}}{{`${{'}}'}}<script>`}}{{/[}}]/}}</div><script>{F}</script>"),
    ("svelte", f"{{#if a}}<script>{NO}</script>{{/if}}<p><script>{NO}</script></p><script>{F}</script>"),
    ("svelte", f"<a b='{{\"'\"}}' c={{'>'}} /* > */ d><script>{NO}</script></a>"),
    ("astro", f"---\nconst a = '---';\n{F}\n---\n<p>don't</p><script>{G}</script>"),
    ("astro", f"---\n---\n{{a && <p title='}}'>it's {{`<script>`}}<script is:inline>{F}</script></p>}}"),
    ("astro", f"{{'<script>'}}{{/* <script> */}}<!-- <script> --><a b={{() => '<script>'}} />\n<script>{F}</script>"),
    ("astro", f"---\n{F}\n---\n{{<? a => b}}{{a && </<p>b</p>}}{{<!a> b}}<script>{G}</script>"),
    ("html", f"<title><script></title><SCRIPT>{F}</SCRIPT >\n<script type=module>{G}</script>"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), FOUND, ids=range(len(FOUND)))
def test_scripts_are_found_at_their_places(kind: str, text: str) -> None:
    report = report_of(f"a.{kind}", text)
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1)]
    places = [
        (name, number, len(line[: line.index(f"function {name}(")].encode("utf-16-le")) // 2)
        for name in ("f", "g")
        for number, line in lines
        if f"function {name}(" in line
    ]
    assert [(one.name, one.start_line, one.start_col) for one in report.functions] == places
    assert report.syntax_errors == ()


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\u2028", "\n\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_are_those_of_the_component(line_end: str, mark: str) -> None:
    text = mark + line_end.join(["<template>", "  <p>→ 𝒳</p>", "</template>", "<script>", f"  {F}", "</script>"])
    line = 1 + len(text[: text.index("function")].replace("\r\n", "\n").replace("\u2028", "\n").split("\n")) - 1
    assert names_in("a.vue", text) == [("f", line, 2)]


def test_what_is_no_code_is_blanked_byte_for_byte() -> None:
    text = "<p>é 𝒳 \u2028→</p> → 𝒳<script>a()</script>é\n".encode()
    blanked = cg.code_in("a.vue", text).text
    assert len(blanked) == len(text)
    assert blanked.decode().strip() == "a()"
    shown, left = (one.decode().split("\u2028")[1].partition("a()")[0] for one in (text, blanked))
    assert len(left.encode("utf-16")) == len(shown.encode("utf-16"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("const a = b", "(function f() {})()"),
        ("const a = b", "[1].map(() => 2)"),
        ("x", "// it\n(() => 2)"),
        ("a", "b"),
    ],
)
def test_no_statement_runs_on_in_the_next_script(first: str, second: str) -> None:
    for between in ("\n", ""):
        text = f"<script>{first}</script>{between}<script setup>{second}</script>"
        report = report_of("a.vue", text)
        assert report.syntax_errors == ()
        assert report.file_length == text.count("\n") + 1 or "//" in second


def test_scripts_of_two_languages_are_read_by_the_stricter_grammar() -> None:
    typed = "<script lang='ts'>const a = <T>b;</script>"
    assert cg.code_in("a.vue", typed.encode()).grammar == 0
    assert cg.code_in("a.vue", f"{typed}<script>c</script>".encode()).grammar == 0
    assert cg.code_in("a.vue", b"<script lang='tsx'>const a = <T/>;</script>").grammar == 1
    assert cg.code_in("a.vue", b"<script>c</script>").grammar == 1


@pytest.mark.parametrize(
    ("kind", "text", "place", "message"),
    [
        ("vue", "<script>\nlet a", (1, 8), "this script is not closed"),
        ("vue", "\n<!-- <script>let a</script>", (2, 0), "this markup is not closed: what follows is not read"),
        ("vue", "<template>\n <p a='></p></template><script>let a</script>", (2, 1), "this markup is not closed"),
        ("svelte", "<p>{ a\n<script>let a</script>", (1, 4), "this markup is not closed"),
        ("svelte", "<p>{ it's }</p>\n<script>let a</script>", (1, 4), "this markup is not closed"),
        ("astro", "<p a={b>\n<script>let a</script>", (1, 5), "this markup is not closed"),
    ],
)
def test_broken_markup_is_named(kind: str, text: str, place: tuple[int, int], message: str) -> None:
    problems = report_of(f"a.{kind}", text).syntax_errors
    assert [(one.line, one.column) for one in problems] == [place]
    assert problems[0].message.startswith(message)


@pytest.mark.parametrize("rest", ["/* <p>\n---\n<script>", "----\n// <script>", "a /\\", "a /"])
def test_frontmatter_without_an_end_is_all_that_follows(rest: str) -> None:
    text = f"---\n{F}\n{rest}".encode()
    assert cg.code_in("a.astro", text).text == b"   " + text[3:]
    assert report_of("a.astro", text).syntax_errors[0].message == "this script is not closed"


HOSTILE = [
    "<" * 200_000, "<a " * 100_000, "<!--" * 100_000, "{" * 200_000, "{{" * 100_000, "<template>" * 50_000, "</a>" * 50_000,
    "<a>" * 50_000 + "</b>" * 50_000, "<a b='" * 50_000, "<template " + "a=b " * 50_000, "---" * 50_000, "<svg><title>" * 30_000,
    "<p v-pre>" * 40_000, "{`${" * 40_000, "{#if a}" * 30_000 + "{/each}" * 30_000, "/" * 200_000, "'\\" * 100_000, "<script>" * 50_000,
    "{a<b " * 50_000, "<![CDATA[" * 30_000, "`" * 100_001, "- " * 100_000, "<a {" * 50_000, "return " * 40_000 + "/" * 40_000,
    '"\\' * 100_000, "`\\" * 100_000, "/\\" * 100_000, "=/[" * 60_000, "---\n" + "/*" * 100_000, "---\n" + "----\n" * 40_000,
    "{<?" * 60_000, "{</" * 60_000,
]  # fmt: skip


@pytest.mark.parametrize("kind", ["vue", "svelte", "astro", "html"])
@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_markup_takes_time_by_its_length(kind: str, number: int) -> None:
    """Each text is twice as long as another; a scan that took the square of it would take minutes."""
    for around in (
        HOSTILE[number],
        f"<template>{HOSTILE[number]}",
        f"<template>{{{HOSTILE[number]}",
        f"<p>{{{HOSTILE[number]}",
    ):
        text = f"{around}\n<script>let a</script>".encode()
        began = time.thread_time()
        assert len(cg.code_in(f"a.{kind}", text).text) == len(text)
        assert time.thread_time() - began < 5


def test_a_component_of_20_000_lines() -> None:
    text = "<template>\n" + '<p :a="b">{{ c }}</p>\n' * 20_000 + f"</template>\n<script>\n{F}\n</script>\n"
    assert names_in("a.vue", text) == [("f", 20_004, 0)]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return components.unpacked_sample(tmp_path_factory.mktemp("components"))


def test_blocks_and_functions_are_those_of_the_references(sample: Path) -> None:
    paths = set(components.names_in(sample))
    answers = [answer for answer in components.frozen() if answer["path"] in paths]
    assert len(answers) == components.SAMPLE_FILES
    assert {Path(path).suffix for path in paths} == set(components.SUFFIXES)
    assert components.compared(answers, sample) == []


def test_the_frozen_answers_are_about_enough_components() -> None:
    answers = components.frozen()
    functions = sum(len(answer.get("functions", ())) for answer in answers)
    assert len(answers) >= 5_000
    assert functions >= 25_000
    assert sum("error" in answer for answer in answers) <= 1
