"""ignore_functions and treat_wrappers_as_modules: what is measured but not judged."""

from __future__ import annotations

import json
import re

import pytest


@pytest.fixture
def guard(strict_guard):
    return strict_guard


LONG = "\n".join(f"  a{i}();" for i in range(60))  # 60 lines: an error by line_count, and by nothing else
DEEP = "if (a) { if (b) { if (c) { if (d) { if (e) { if (f) { x(); } } } } } }"  # an error by nesting_depth
WRAPPERS = {
    "iife": "(function () {\n@\n})();",
    "arrow iife": "(() => {\n@\n})();",
    "async iife": "(async () => {\n@\n})();",
    "negated iife": "!function () {\n@\n}();",
    "iife in parentheses": "(function () {\n@\n}());",
    "iife by call": "(function () {\n@\n}).call(this);",
    "umd factory": "(function (root, f) { f(root); })(this, function (exports) {\n@\n});",
    "amd": "define(['a'], function (a) {\n@\n});",
    "jquery ready": "$(document).ready(function () {\n@\n});",
    "describe": "describe('x', () => {\n@\n});",
    "it.only": "it.only('x', async function () {\n@\n});",
    "describe.each": "describe.each([1, 2])('n %s', (n) => {\n@\n});",
}
OTHERS = {
    "declaration": "function f() {\n@\n}",
    "declaration before parentheses": "function f() {\n@\n}\n(0, g)();",
    "variable": "const f = function () {\n@\n};",
    "callback": "list.forEach(function () {\n@\n});",
    "jquery callback": "$.each(list, function () {\n@\n});",
    "a method that is called it": "items.it(() => {\n@\n});",
    "parameter of a call's result": "make(1)(() => {\n@\n});",
    "method": "class A { m() {\n@\n} }",
}


def findings(guard, root, **analysis):
    (root / ".complexityguard.json").write_text(json.dumps({"analysis": analysis}))
    result = guard("-f", "json", "a.ts", cwd=root)
    return {v["metric"] for file in result.json["files"] for f in file["functions"] for v in f["violations"]}


@pytest.mark.parametrize("name", WRAPPERS)
def test_length_of_a_wrapper_is_not_judged(guard, project, name):
    root = project({"a.ts": WRAPPERS[name].replace("@", LONG)})
    assert "line_count" in findings(guard, root)
    assert "line_count" not in findings(guard, root, treat_wrappers_as_modules=True)


@pytest.mark.parametrize("name", WRAPPERS)
def test_all_else_of_a_wrapper_is_judged(guard, project, name):
    root = project({"a.ts": WRAPPERS[name].replace("@", DEEP)})
    assert "nesting_depth" in findings(guard, root, treat_wrappers_as_modules=True)


@pytest.mark.parametrize("name", OTHERS)
def test_other_functions_keep_their_length(guard, project, name):
    root = project({"a.ts": OTHERS[name].replace("@", LONG)})
    assert "line_count" in findings(guard, root, treat_wrappers_as_modules=True)


IGNORED = [
    # patterns, the functions that stay judged
    ([], ["Store.load", "load>map callback", "Symbols.[Symbol.iterator]", "loader"]),
    (["load*"], ["Store.load", "Symbols.[Symbol.iterator]"]),
    (["*.load"], ["load>map callback", "Symbols.[Symbol.iterator]", "loader"]),
    (["map callback"], ["Store.load", "Symbols.[Symbol.iterator]", "loader"]),
    (["Symbols.[Symbol.iterator]"], ["Store.load", "load>map callback", "loader"]),
    (["loade?", "Store.*"], ["load>map callback", "Symbols.[Symbol.iterator]"]),
    (["LOADER"], ["Store.load", "load>map callback", "Symbols.[Symbol.iterator]", "loader"]),
]
SOURCE = f"""
class Store {{ load() {{ {DEEP} }} }}
function load() {{ return list.map((x) => {{ {DEEP} }}); }}
class Symbols {{ [Symbol.iterator]() {{ {DEEP} }} }}
function loader() {{ {DEEP} }}
"""


@pytest.mark.parametrize(("patterns", "judged"), IGNORED, ids=lambda value: " ".join(value) or "none")
def test_ignored_functions_are_listed_but_not_judged(guard, project, patterns, judged):
    root = project({"a.ts": SOURCE, ".complexityguard.json": json.dumps({"analysis": {"ignore_functions": patterns}})})
    (file,) = guard("-f", "json", "a.ts", cwd=root).json["files"]
    assert len(file["functions"]) == 5
    assert [f["qualified_name"] for f in file["functions"] if f["violations"]] == judged
    assert all(f["nesting_depth"] == 6 for f in file["functions"] if f["qualified_name"] != "load")


CALLBACKS = f"""
button.addEventListener("click", () => {{ {DEEP} }});
app.get("/users/:id", (request) => {{ {DEEP} }});
it("adds \\"two\\"? [*]", () => {{ {DEEP} }});
test("a title of which a terminal has no room for all, as it goes on and on", () => {{ {DEEP} }});
const total = () => rows.map((row) => {{ {DEEP} }}).filter((row) => {{ {DEEP} }}).map((row) => {{ {DEEP} }});
"""


def test_every_name_that_is_shown_is_a_name_for_ignore_functions_and_explain(guard, project):
    """Of callbacks, too, which are called by what they are handed to; and of those that a terminal has cut."""

    def judged(*patterns):
        config = {"preset": "recommended", "analysis": {"ignore_functions": patterns}}
        root = project({"a.ts": CALLBACKS, ".complexityguard.json": json.dumps(config)})
        out = guard("--all", "a.ts", cwd=root).out
        return root, set(re.findall(r"^ +\d+:\d+  \S \w+ +(.*?\S)  +\w+ \d+ > ", out, re.M)), out

    root, shown, listed = judged()
    everything = listed.count("nesting_depth")
    assert {"click handler", 'app.get "/users/:id" handler', "map callback", "filter callback"} <= shown
    assert len(shown) == 6
    for name in shown:
        assert judged(name)[1] == shown - {name}
        assert judged(name[:-3] + "…")[1] == shown - {name}
        assert guard("explain", f"a.ts:{name}", cwd=root).out.partition("\n")[0].count(name) == 1
    compact = guard("-f", "compact", "a.ts", cwd=root).out
    for name in re.findall("(?:error|warning): '(.*)' has nesting", compact):
        assert judged(name)[2].count("nesting_depth") < everything
        assert guard("explain", f"a.ts:{name}", cwd=root).out.partition("\n")[0].count(name) == 1


MEANT = {
    "clik handler": "click handler",
    "on click": None,
    "/users/:id": 'app.get "/users/:id" handler',
    'app.get "/user…': 'app.get "/users/:id" handler',
    "a title of which": 'test "a title of which a terminal has no room for all, as it goes on and on"',
    "map calback": "map callback",
}


@pytest.mark.parametrize(("wanted", "meant"), MEANT.items())
def test_explain_knows_what_callback_is_meant(guard, project, wanted, meant):
    said = guard("explain", f"a.ts:{wanted}", cwd=project({"a.ts": CALLBACKS})).err
    assert re.findall(r"did you mean (.*)\? \(its", said) == ([meant] if meant else [])


def test_ignored_functions_have_no_share_in_health(guard, project):
    ignore_all = json.dumps({"analysis": {"ignore_functions": ["*"]}})
    root = project({"a.ts": SOURCE, ".complexityguard.json": ignore_all})
    assert guard("-f", "json", "a.ts", cwd=root).json["files"][0]["health_score"] == 100


def test_overrides_ignore_for_some_files_only(guard, project):
    config = {"overrides": [{"files": ["gen/**"], "analysis": {"ignore_functions": ["*"]}}]}
    root = project({"src/a.ts": SOURCE, "gen/a.ts": SOURCE, ".complexityguard.json": json.dumps(config)})
    files = guard("-f", "json", ".", cwd=root).json["files"]
    assert {file["path"]: file["status"] for file in files} == {"src/a.ts": "error", "gen/a.ts": "ok"}


IDLE = {  # arguments -> what is said of patterns that name nothing
    (): '"reduecr" and 2 more patterns of ignore_functions name',
    (".", "--threads", "2"): '"reduecr" and 2 more patterns of ignore_functions name',
    (".", "--exclude", "none.ts"): '"reduecr" and 2 more patterns of ignore_functions name',
    (".", "-q"): "",
    ("sub",): "",  # a part of the project
    ("a.ts",): "",
}


@pytest.mark.parametrize("arguments", IDLE)
def test_patterns_that_name_nothing_are_told_of_whole_runs(guard, project, arguments):
    """And the same of a second run, which finds the first one's results in the cache. It fails nothing."""
    analysis = {"ignore_functions": ["reducer", "reduecr", "map*"]}
    overrides = [
        {"files": ["sub/**"], "analysis": {"ignore_functions": ["load", "*.load"]}},
        {"files": ["nowhere/**"], "analysis": {"ignore_functions": ["save"]}},
    ]
    root = project({
        "a.ts": "function reducer() {}\n[].map((x) => x);\nfunction save() {}\n", "sub/b.ts": "function load() {}\n",
        "node_modules/x/x.js": "", ".complexityguard.json": json.dumps({"analysis": analysis, "overrides": overrides}),
    })  # fmt: skip
    for _ in range(2):
        found = guard(*arguments, cwd=root)
        assert (found.code, found.err.count("warning")) == (0, bool(IDLE[arguments]))
        assert IDLE[arguments] in found.err


def test_patterns_that_all_name_something_are_not_spoken_of(guard, project):
    configuration = json.dumps({"analysis": {"ignore_functions": ["f", "g>*"]}})
    root = project(
        {"a.ts": "function f() {}\nfunction g() { [].map(() => 1); }\n", ".complexityguard.json": configuration}
    )
    assert "ignore_functions" not in guard(cwd=root).err


def test_a_pattern_of_many_stars_takes_no_time(guard, project):
    config = json.dumps({"analysis": {"ignore_functions": ["*a" * 30 + "*b"]}})
    root = project({"a.ts": f"function {'a' * 5000}() {{ {DEEP} }}", ".complexityguard.json": config})
    assert guard("-f", "json", "a.ts", cwd=root, timeout=20).code == 1


# ------------------------------------------------------------------------------------- suppressions that do nothing

MANY = "export function f(a, b, c, d) {}\n"
USELESS = {
    "for another metric": (
        "// complexity-guard-ignore-next-line cognitive\n" + MANY,
        "this suppression matches no finding",
    ),
    "above nothing": (MANY + "// complexity-guard-ignore-next-line\n", "this suppression matches no finding"),
    "duplication": (
        "// complexity-guard-ignore-file duplication\n" + MANY,
        "duplication is of several files: overrides in the configuration switch it off for some",
    ),
    "a metric that is none": (
        "// complexity-guard-ignore-next-line cognitve\n" + MANY,
        "no metric is called 'cognitve'; did you mean cognitive?",
    ),
    "a word that is none": (
        "// complexity-guard-ignore-nextline\n" + MANY,
        "there is no complexity-guard-ignore-nextline; did you mean complexity-guard-ignore-next-line?",
    ),
    "half a word": (
        "// complexity-guard-ignore params_count\n" + MANY,
        "there is no complexity-guard-ignore; did you mean complexity-guard-ignore-next-line?",
    ),
    "a verb that is none": (
        "// complexity-guard-dissable-next-line params_count\n" + MANY,
        "there is no complexity-guard-dissable-next-line; did you mean complexity-guard-ignore-next-line?",
    ),
    "ESLint's range": (
        "/* complexity-guard-disable params_count */\n" + MANY,
        "there is no complexity-guard-disable: write complexity-guard-ignore-next-line above each function, "
        "or complexity-guard-ignore-file on top",
    ),
    "the end of ESLint's range": (
        "/* complexity-guard-enable */\n" + MANY,
        "there is no complexity-guard-enable: write complexity-guard-ignore-next-line above each function, "
        "or complexity-guard-ignore-file on top",
    ),
    "Biome's range": (
        "// complexity-guard-ignore-start params_count: so it is\n" + MANY,
        "there is no complexity-guard-ignore-start: write complexity-guard-ignore-next-line above each function, "
        "or complexity-guard-ignore-file on top",
    ),
    "Biome's file": (
        "// complexity-guard-ignore-all params_count: so it is\n" + MANY,
        "there is no complexity-guard-ignore-all; did you mean complexity-guard-ignore-file?",
    ),
    "something else": (
        "// complexity-guard-ignore-generated\n" + MANY,
        "there is no complexity-guard-ignore-generated; ignore- is followed by next-line, line or file",
    ),
    "a reason without its mark": (
        "// complexity-guard-ignore-next-line this reads best in one piece\n" + MANY,
        "no metric is called 'this'; a reason stands behind --",
    ),
    "the file's below code": (
        MANY + "// complexity-guard-ignore-file\n" + MANY,
        "complexity-guard-ignore-file holds only above all code",
    ),
}


# What people write for a metric -> what they mean by it
WORDS = {
    "lines": "line_count", "params": "params_count", "depth": "nesting_depth", "volume": "halstead_volume",
    "line-count": "line_count", "Cyclomatic": "cyclomatic", "ManyParameters": "params_count", "complexity": "cyclomatic",
    "max-lines-per-function": "line_count", "sonarjs/cognitive-complexity": "cognitive", "halsted": "halstead",
    "nesting": "nesting_depth", "max-params": "params_count",
}  # fmt: skip


@pytest.mark.parametrize(("word", "metric"), WORDS.items(), ids=WORDS)
def test_a_word_for_a_metric_is_answered_with_its_name(guard, project, word, metric):
    source = f"// complexity-guard-ignore-next-line {word} -- so it is\n{MANY}"
    (notice,) = guard("-f", "json", cwd=project({"a.ts": source})).json["files"][0]["notices"]
    assert notice["message"] == f"no metric is called '{word}'; did you mean {metric}?"


@pytest.mark.parametrize(("source", "message"), USELESS.values(), ids=USELESS)
def test_a_suppression_that_does_nothing_is_a_warning(guard, project, source, message):
    file = guard("-f", "json", cwd=project({"a.ts": source})).json["files"][0]
    assert [(notice["rule"], notice["message"]) for notice in file["notices"]] == [("unused-suppression", message)]
    assert file["suppressed"] == []
    assert file["functions"][0]["violations"]


def test_a_hundred_thousand_words_for_no_metric_take_linear_time(guard, project):
    source = "".join(f"// complexity-guard-ignore-next-line cognitiv{i}\n" for i in range(100_000))
    assert guard("a.ts", "--fail-on", "none", cwd=project({"a.ts": source}), timeout=40).code == 0


@pytest.mark.parametrize(
    "comment",
    [
        "// complexity-guard-ignored: no",
        "// see complexity-guard-ignore-next-line",
        "const a = '// complexity-guard-ignore-file'",
    ],
)
def test_what_only_looks_like_a_suppression_is_none(guard, project, comment):
    file = guard("-f", "json", cwd=project({"a.ts": f"{comment}\n{MANY}"})).json["files"][0]
    assert file["notices"] == []
    assert file["suppressed"] == []


def test_a_hundred_thousand_suppressions_take_linear_time(guard, project):
    """Each looked for its line through all of the lines before it: minutes."""
    source = "// complexity-guard-ignore-next-line\n" * 100_000 + "function f() {}"
    assert guard("a.ts", "--fail-on", "none", cwd=project({"a.ts": source}), timeout=40).code == 0


# ------------------------------------------------------------------------- habits from elsewhere, and how far they reach

HABITS = {
    "ESLint's word": "// complexity-guard-disable-next-line params_count -- so it is\n@",
    "ESLint's comment": "/* complexity-guard-disable-next-line params_count -- so it is */\n@",
    "the line itself": "@ // complexity-guard-disable-line params_count -- so it is",
    "the line itself, in our word": "@ // complexity-guard-ignore-line params_count -- so it is",
    "the file": "/* complexity-guard-disable-file params_count -- so it is */\n\n@",
    "Biome's colon": "// complexity-guard-ignore-next-line params_count: so it is\n@",
    "no metric, Biome's colon": "// complexity-guard-ignore-next-line: so it is\n@",
    "the name of the configuration file": "// complexityguard-ignore-next-line params_count -- so it is\n@",
    "lines with stars": "/**\n * complexity-guard-ignore-next-line\n *   params_count -- so\n * it is\n */\n@",
    "a line break of Windows": "// complexity-guard-ignore-next-line params_count -- so it is\r\n@",
}


@pytest.mark.parametrize("source", HABITS.values(), ids=HABITS)
def test_habits_from_other_linters_work(guard, project, source):
    """They were passed over in silence."""
    file = guard("-f", "json", cwd=project({"a.ts": source.replace("@", MANY.rstrip())})).json["files"][0]
    assert [(one["metric"], one["reason"]) for one in file["suppressed"]] == [("params_count", "so it is")]
    assert (file["notices"], file["functions"][0]["violations"]) == ([], [])


COMMENT = "// complexity-guard-ignore-next-line nesting_depth -- so it is"
REACHED = {  # # is the comment, % the body of the function that it is for
    "one line": "#\nconst f = useCallback(() => {%}, []);",
    "a callback below": "#\nconst f = useCallback(\n  () => {%},\n  [],\n);",
    "a function below its variable": "#\nexport const f: Handler<A> =\n  async () => {%};",
    "a type of several lines": "#\nconst f: Handler<\n  A\n> = () => {%};",
    "a default export": "#\nexport default memo(\n  function f() {%},\n);",
    "calls in calls": "#\nexport default memo(\n  forwardRef(\n    () => {%},\n  ),\n);",
    "a call's result": "#\nconst f = create<A>()(\n  wrap(\n    () => {%},\n  ),\n);",
    "a property": "const o = {\n  #\n  f:\n    () => {%},\n};",
    "a property's call": "const o = {\n  #\n  'f': debounce(\n    () => {%},\n  ),\n};",
    "a class field": "class A {\n  #\n  private readonly f =\n    () => {%};\n}",
    "a class field's call": "class A {\n  #\n  static f = computed(\n    () => {%},\n  );\n}",
    "a decorated field": "class A {\n  #\n  @Input()\n  f = () => {%};\n}",
    "a decorated method": "class A {\n  #\n  @Get(\n    '/x',\n  )\n  @Auth()\n  async f() {%}\n}",
    "between decorators": "class A {\n  @Get('/x')\n  #\n  @Auth()\n  f() {%}\n}",
    "a decorator with a function": "class A {\n  #\n  @OneToMany(() => B)\n  f() {%}\n}",
    "an assignment": "#\nmodule.exports =\n  function () {%};",
    "a statement": "#\napp.get(\n  '/x',\n  async () => {%},\n);",
    "what is returned": "function g() {\n  #\n  return useCallback(\n    () => {%},\n  );\n}",
    "what is awaited": "#\nconst r = await transaction(\n  async () => {%},\n);",
    "what is new": "#\nconst p = new Promise(\n  () => {%},\n);",
    "called where it stands": "#\nconst x = (\n  () => {%}\n)();",
    "one of two": "#\nconst f =\n  given ||\n  (() => {%});",
    "an attribute": "const e = <a\n  #\n  onClick={\n    () => {%}\n  } />;",
    "in the middle": "const f = useCallback(\n  #\n  () => {%},\n);",
    "this line": "const f = useCallback( // complexity-guard-disable-line nesting_depth -- so it is\n  () => {%},\n);",
}
NOT_REACHED = {
    "the second one": "#\nrun(\n  () => 1,\n  () => {%},\n);",
    "another on its line": "#\nthen(() => 1,\n  () => {%},\n);",
    "a link further on": "#\nitems.map((x) => 1).map(\n  () => {%},\n);",
    "a method of an object": "#\nconst o = {\n  f() {%},\n};",
    "a property of an object": "#\nconst o = {\n  f: () => {%},\n};",
    "a method of a class": "#\nexport default class A {\n  f() {%}\n}",
    "one in a function": "#\nconst g = memo(\n  () => {\n    return () => {%};\n  },\n);",
    "one in a branch": "#\nif (x) {\n  run(() => {%});\n}",
    "the next statement": "#\nconst a = 1;\nrun(() => {%});",
    "the statement before": "run(\n  () => {%},\n  #\n  1,\n);",
}


def suppressed(guard, project, source):
    """The file's suppressed findings, and the levels of those that stay."""
    source = source.replace("#", COMMENT).replace("%", f" {DEEP} ")
    (file,) = guard("-f", "json", "--metrics", "structural", cwd=project({"a.tsx": source})).json["files"]
    levels = {v["level"] for function in file["functions"] for v in function["violations"]}
    return [one["metric"] for one in file["suppressed"]], levels


@pytest.mark.parametrize("source", REACHED.values(), ids=REACHED)
def test_a_suppression_reaches_the_function_of_what_begins_below_it(guard, project, source):
    assert suppressed(guard, project, source) == (["nesting_depth"], set())


@pytest.mark.parametrize("source", NOT_REACHED.values(), ids=NOT_REACHED)
def test_a_suppression_reaches_no_other_function(guard, project, source):
    assert suppressed(guard, project, source) == ([], {"error"})


# --------------------------------------------------------------------------------------------------- reasons

DEMAND = json.dumps({"suppressions": {"require_reason": True}})
NO_REASON = "this suppression gives no reason, and so it does nothing: write -- and the reason behind it"


@pytest.mark.parametrize(
    "comment", ["// complexity-guard-ignore-next-line", "// complexity-guard-ignore-next-line params_count --",
                "/* complexity-guard-ignore-file params_count */", "// complexity-guard-disable-next-line structural: "],
)  # fmt: skip
def test_a_team_can_demand_reasons(guard, project, comment):
    root = project({"a.ts": f"{comment}\nexport function f(a, b, c, d, e, g, h) {{}}\n"})
    assert guard("a.ts", cwd=root).code == 0
    (root / ".complexityguard.json").write_text(DEMAND)
    result = guard("a.ts", "-f", "json", cwd=root)
    (file,) = result.json["files"]
    assert (result.code, [notice["message"] for notice in file["notices"]]) == (1, [NO_REASON])
    assert (file["suppressed"], [v["metric"] for v in file["functions"][0]["violations"]]) == ([], ["params_count"])


@pytest.mark.parametrize(
    ("name", "words"),
    [("cyclomatik", "no metric is called 'cyclomatik'; did you mean cyclomatic? Its reason is missing, too"),
     ("because", "no metric is called 'because'; a reason stands behind --")],
)  # fmt: skip
def test_a_comment_with_a_wrong_name_and_no_reason_is_one_warning(guard, project, name, words):
    comment = f"// complexity-guard-ignore-next-line {name}\n"
    root = project({"a.ts": f"{comment}function f() {{}}\n", ".complexityguard.json": DEMAND})
    (file,) = guard("a.ts", "-f", "json", cwd=root).json["files"]
    assert [notice["message"] for notice in file["notices"]] == [words]


def test_with_a_reason_a_demanded_suppression_holds(guard, project):
    root = project(
        {"a.ts": f"// complexity-guard-ignore-next-line -- so it is\n{MANY}", ".complexityguard.json": DEMAND}
    )
    (file,) = guard("a.ts", "-f", "json", cwd=root).json["files"]
    assert ([one["reason"] for one in file["suppressed"]], file["notices"]) == (["so it is"], [])
