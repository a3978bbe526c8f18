"""The logic in templates: what decides, which functions there are, and that hostile templates take time by their length.

What stands in the table was counted by hand, by the rules of docs/components.md. `make components` asks the compilers of
Vue, Svelte and Astro about thousands of real ones (scripts/oracles/templates.mjs), and the suite about a sample.
"""

from __future__ import annotations

import random
import time

import components
import pytest
from samples import measure_file

import complexity_guard as cg

WITH_TEMPLATES = cg.DEFAULT_ANALYSIS._replace(metrics=cg.DEFAULT_ANALYSIS.metrics | {"template"})
JUDGE = cg.Judge(WITH_TEMPLATES, "all")
SCANNER = cg.make_scanner()


def report_of(path: str, text: str) -> cg.FileReport:
    return measure_file(path, text.encode("utf-8", "surrogatepass"), JUDGE, SCANNER)[0]


def vue(markup: str) -> str:
    return f"<template>{markup}</template>"


# What decides, in its order, and each function: its name and cyclomatic complexity.
FOUND = [
    # Vue: directives
    ("vue", vue('<p v-if="a"/><p v-else-if="b"/><p v-else/><p v-show="c"/><p v-for="x in y"/>'), "v-if v-else-if v-show v-for", []),
    ("vue", vue('<p v-for="({ id = 1 }, i) of (a || b)"/>'), "v-for default_value ||", []),
    ("vue", vue('<p v-for="n in\n5"/><p v-bind="a && b" v-html="c ?? d" :[e]="f"/>'), "v-for && ??", []),
    ("vue", vue("<A #item='{ a = 1, b }' v-slot:x='{ c = d }' #[y]/>"), "default_value default_value", []),
    # expressions in attributes and text
    ("vue", vue('<p :a="b ? c : d" .e="f?.g">{{ h || i }} {{ j }}</p>{{ k &&\n l }}'), "?: ?. || &&", []),
    ("vue", vue('<p a="b && c" title="{{ d || e }}"/>f && g'), "", []),
    ("vue", vue('<p :a="b &amp;&amp; c &lt; d" :e="f&amp;&amp;g" :h="i&gt;=j"/>{{ k &amp;&amp; l }}'), "&& && &&", []),
    ("vue", vue("<p v-pre v-if='a' :b='c && d'>{{ e && f }}<i v-if='g'/></p><p v-if='h' class='nav-prev'/>"), "v-if", []),
    ("vue", vue("<!-- <p v-if='a'/> {{ b && c }} --><textarea>{{ d || e }}</textarea>"), "||", []),
    ("vue", vue('<p :a="[b, { c: d && e }]" :f="[...g]" :h="[]" :i="{}"/>'), "&&", []),
    ("vue", "<template lang='pug'>\np(v-if='a && b')\n</template>", "", []),
    ("vue", "<template><p v-if='a'/></template><template><p v-if='b'/></template>", "v-if", []),
    ("vue", "<script>a && b</script>", "", []),
    # handlers
    ("vue", vue('<p @click="a" @b="c.d[e]" @f="g?.h"/>'), "?.", []),
    ("vue", vue('<p @click="a()" @x.once="b && c; d()" v-on:y="e++"/>'), "", [("click handler", 1), ("x handler", 2), ("y handler", 1)]),
    ("vue", vue('<p @click="() => a?.b" @x="function () { if (c) d() }" v-on="{ y: e || f }"/>'), "||", [("click handler", 2), ("x handler", 2)]),
    ("vue", vue('<p @click="async (e) => { await a(e) }" :b="c.filter((d) => d.e && d.f)"/>'), "", [("click handler", 1), ("b", 2)]),
    ("vue", vue('<p @a="b()"/><p @a="c()"/><p @a="d((e) => e)"/>'), "", [("a handler", 1), ("a handler", 1), ("a handler", 1), ("d callback", 1)]),
    # Svelte
    ("svelte", "{#if a}{:else if b && c}{:else}{/if}", "{#if} {:else_if} &&", []),
    ("svelte", "{#each a || b as { c = 1 }, i (c ?? i)}{:else}{/each}{#each (d as X[]) as e}{/each}", "{#each} || default_value ?? {#each}", []),
    ("svelte", "{#await a}{:then { b = 1 }}{:catch c}{/await}{#await d catch e}{/await}{#key f}{/key}",
     "{#await} default_value {:catch} {#await} {:catch} {#key}", []),
    ("svelte", "{#snippet a(b, c = 1)}{@const d = b ? c : 2}{@html e || f}{@render g?.(h)}{/snippet}", "default_value ?: || ?.", []),
    ("svelte", "{a}{b && c}{d}\n{e}{#if f}{g || h}{/if}", "&& {#if} ||", []),
    ("svelte", "<p class=\"a {b ? 'c' : ''}\" {...d && e} {f} class:g={h || i} style:--j={k}/>", "?: && ||", []),
    ("svelte", "<p onclick={() => a && b} on:input|once={(e) => e} use:c={d(() => 1)}/>", "", [("onclick", 2), ("input handler", 1), ("use:c", 1)]),
    ("svelte", "<svelte:head><title>{a || b}</title></svelte:head><style>{c && d}</style><!-- {e && f} -->{/* g && h */ i}", "||", []),
    # Astro
    ("astro", "---\na && b\n---\n<p class={c ? 'd' : 'e'} f=`${g && h}` {...i} {j}>{k || l}</p>", "?: && ||", []),
    ("astro", "{a && <b>{c || d}<br>{e ?? f}</b>}{g ? <A/> : <>{h && i}</>}", "&& || ?? ?: &&", []),
    ("astro", "{a.map((b) => <li>{b.c && <i/>}it's {b.d}</li>)}", "", [("map callback", 2)]),
    ("astro", "{a && (<b/> <i>{c || d}</i><u/>)}{/* e && f */}<p is:raw>{g && h}</p>", "&& ||", []),
    ("astro", "<A b={() => <p>{c && d}</p>} />", "", [("b", 2)]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "decisions", "functions"), FOUND, ids=range(len(FOUND)))
def test_what_templates_decide(kind, text, decisions, functions):
    report = report_of(f"a.{kind}", text)
    assert [point.reason.replace(" ", "_") for point in report.template_points] == decisions.split()
    assert report.template_complexity == len(report.template_points)
    found = [(f.name, f.cyclomatic) for f in report.functions if f.start_line == 1]
    assert found == functions
    assert (report.syntax_errors, report.module.cyclomatic) == ((), 2 if "script" in text or "---" in text else 1)


def test_places_are_those_of_the_component():
    lines = [
        "\ufeff<template>",
        '  <p>→ 𝒳</p><b v-if="a" :c="𝒳 || b"',
        '     @click="',
        "  d(e)",
        '  ">{{ f?.g }}</b>',
        "</template>",
    ]
    report = report_of("a.vue", "\r\n".join(lines))
    assert [(point.line, point.column) for point in report.template_points] == [(2, 16), (2, 32), (5, 8)]
    (f,) = report.functions
    assert (f.start_line, f.start_col, f.end_line, f.end_col, f.line_count) == (3, 5, 5, 3, 3)


def test_functions_of_scripts_and_templates_stand_in_their_order():
    text = '<script>const f = () => () => 1</script>\n<template><p @a="() => () => 2" /></template>\n<script setup>const g = () => 3</script>'
    report = report_of("a.vue", text)
    assert [f.qualified_name for f in report.functions] == [
        "f",
        "f><anonymous>",
        "a handler",
        "a handler><anonymous>",
        "g",
    ]
    assert report.module.name == "setup"
    plain = cg.Judge(cg.DEFAULT_ANALYSIS, "all")
    alone = measure_file("a.vue", text.encode(), plain, SCANNER)[0]
    assert [f.name for f in alone.functions] == ["f", "<anonymous>", "g"]
    assert (alone.template_complexity, alone.module.cyclomatic) == (None, report.module.cyclomatic)


@pytest.mark.parametrize(("kind", "text"), [
    ("vue", "<template><p :a='b &&' /></template>"), ("svelte", "{#if a ||}{/if}"), ("astro", "{a ? }"),
    ("vue", "<template><p v-if='a'>{{ b && c </p></template>"), ("svelte", "{#if a}{b && "), ("astro", "{a && <p>{b"),
])  # fmt: skip
def test_broken_expressions_are_named(kind, text):
    assert report_of(f"a.{kind}", text).syntax_errors


def test_all_of_it_reaches_reports_and_nothing_where_it_is_off(guard, project):
    text = vue('\n<p v-if="a &&\n b"\n @click="c ? d() : e()" />\n')
    root = project({"a.vue": text, "b.ts": "export const b = 1\n"})
    limits = '{"analysis": {"thresholds": {"template_complexity": {"warning": 1, "error": 5}}}}'
    (root / ".complexityguard.json").write_text(limits)
    (component, plain) = guard("-f", "json", "--templates", ".", cwd=root).json["files"]
    assert component["template_complexity"] == 2 and "template_complexity" not in plain
    assert [(v["metric"], v["level"], v["value"]) for v in component["violations"]] == [
        ("template_complexity", "warning", 2)
    ]
    assert [(f["name"], f["cyclomatic"], f["start_line"]) for f in component["functions"]] == [("click handler", 2, 4)]
    assert "template_complexity" in guard("-f", "json", ".", cwd=root).json["files"][0]  # for it has a limit
    off = guard("-f", "json", "--no-templates", ".", cwd=root).json["files"][0]
    assert "template_complexity" not in off and off["functions"] == off["violations"] == []
    rows = guard("-f", "csv", "--templates", ".", cwd=root).out.splitlines()
    place = rows[0].split(",").index("template_complexity")
    assert [row.split(",")[place] for row in rows[1:4]] == ["2", "", ""]
    shown = guard("explain", "a.vue", "--templates", cwd=root).out
    assert (
        'the template  2 decisions\n     2   +1 │ <p v-if="a &&   ← v-if\n' not in shown
    )  # two of them are on the line
    assert 'the template  2 decisions\n     2   +2 │ <p v-if="a &&   ← v-if, &&\n' in shown
    assert "template_complexity 2" in guard("--templates", ".", cwd=root).out
    quiet = "<!-- complexity-guard-ignore-file template_complexity -- shown once -->\n"
    (root / "a.vue").write_text(quiet + text)
    found = guard("-f", "json", "--templates", ".", cwd=root).json
    assert (found["files"][0]["violations"], found["summary"]["suppressed_count"]) == ([], 1)


HOSTILE = [
    "{#if", "{#if a}", "{#each a as ", "<p v-if=\"", "<p v-if=\"a\">", "<p :a=\"b&amp;\">", "{{", "{{ a }}", "{{a}}{{", "{a}", "{a", "<script",
    "<p @a=\"b()\">", "<p @a='(", "<p v-for=\"a  ", "<p v-for=\"a in b\">", "<p {", "<p a={b", "<p a={b}", "<p a=`", "{`${", "{a && <b>", "{<a>{",
    "{<a/>", "<a>{b}</a>", "</a>", "<!--", "&", "&amp;", "(", "as ", "=", "'", "<p #a=\"{b='", "<p onclick={() => ", "{'", "{\"\\",
]  # fmt: skip


@pytest.mark.parametrize("kind", ["vue", "svelte", "astro"])
def test_hostile_templates_take_time_by_their_length(kind):
    """Of 60 KB each: what took the square of it would take minutes."""
    for piece in HOSTILE:
        for around in (
            "{}",
            '<template><p :a="{}"/>{{{{ {} }}}}</template>',
        ):
            text = around.replace("{}", piece * (60_000 // len(piece))).encode()
            began = time.thread_time()
            logic = cg.logic_in(f".{kind}", cg.Code(text, 1, text))
            assert len(logic.code.text) == len(text)
            assert time.thread_time() - began < 5, (piece, around)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    return components.unpacked_sample(tmp_path_factory.mktemp("components"))


def test_templates_are_those_of_the_compilers(sample):
    paths = set(components.names_in(sample))
    answers = [answer for answer in components.frozen() if answer["path"] in paths]
    assert sum(answer["template"].get("sum", 0) for answer in answers) > 200
    assert list(components.differing_templates(answers, sample)) == []


def test_the_frozen_answers_are_about_enough_templates():
    templates = [answer["template"] for answer in components.frozen() if "template" in answer]
    assert sum("sum" in template for template in templates) >= 5_000
    assert sum(template.get("sum", 0) for template in templates) >= 20_000
    assert sum(len(template.get("functions", ())) for template in templates) >= 3_000


def test_changed_templates_are_borne(sample):
    """Lines, columns and bytes stay where they are, and no part of a letter is taken for a blank."""
    chance = random.Random(23)
    names = components.names_in(sample)
    for _ in range(300):
        name = chance.choice(names)
        text = components.mutated((sample / name).read_text("utf-8"), chance).encode("utf-8", "surrogatepass")
        text = text.decode("utf-8", "replace").encode()
        logic = cg.logic_in(cg.suffix_of(name), cg.Code(text, 1, text)).code
        assert [place for place, byte in enumerate(text) if byte in b"\r\n"] == [
            place for place, byte in enumerate(logic.text) if byte in b"\r\n"
        ]
        assert len(logic.text.decode().encode("utf-16-le")) == len(text.decode().encode("utf-16-le"))
        cg.measure(name, text, JUDGE.options, SCANNER, cg.Bounds())
