// The table of functions and the table of files.

import { files, functions, ofCode, summary } from "./data.js";
import { h } from "./dom.js";
import { kindChoice, withFilters } from "./filters.js";
import { nodes, sizeOfCycle } from "./graph.js";
import { Grid } from "./grid.js";
import { isKnown, label, OF_FUNCTION, shortLabel } from "./metrics.js";
import { badge, clip, enclosing, findingOf, score, section, where } from "./pieces.js";
import { pointsOf, pointsText } from "./points.js";
import { openFile, openFunction } from "./sheet.js";
import { urgencyOf } from "./urgency.js";
import { LEVELS, number } from "./words.js";

// Columns are as grid.js describes them; brief ones stay on narrow screens, extra ones do not.
const STATUS = {
  key: "status",
  title: "",
  word: "Findings",
  hint: "Findings",
  width: "24px",
  class: "lead",
  draw: row => badge(row.status),
};
const MAIN = { width: "minmax(0, 1fr)", class: "main", down: false };
const HEALTH = {
  key: "health",
  title: "Health",
  width: "66px",
  class: "right last",
  down: false,
  value: row => row.health,
  draw: row => score(row.health),
};

const POINTS = {
  key: "points",
  title: "Points",
  word: "Points of health",
  hint: "Points that it costs the project's health",
  width: "64px",
  class: "right brief cost",
  value: pointsOf,
  draw: row => pointsText(pointsOf(row)),
};

function markOf(row, metric) {
  const finding = findingOf(row, metric);
  return finding ? `cell-${LEVELS[finding[1]]}` : "";
}

function nameCell(f) {
  const scope = f.scope && h("bdi", { class: "soft" }, ` in ${enclosing(f)}`);
  return [h("span", { class: "clip" }, h("bdi", { class: "name" }, f.name), scope), clip(where(f))];
}

const metricColumn = (metric, facts) => ({
  key: metric,
  title: shortLabel(metric),
  word: label(metric),
  hint: label(metric),
  value: f => f.values[metric],
  draw: f => number(Math.round((f.values[metric] ?? 0) * 10) / 10),
  mark: f => markOf(f, metric),
  ...facts,
});

// A column of what the history or tests say; the table has it where they say anything.
const pastColumn = (key, value, facts) => ({
  key,
  value,
  class: "right extra past",
  draw: f => (isKnown(value(f)) ? number(Math.round(value(f) * 10) / 10) : ""),
  ...facts,
});

const FUNCTION_COLUMNS = [
  { ...STATUS, word: "Urgency", hint: `Urgency: ${summary.ranking}`, value: urgencyOf },
  { ...MAIN, key: "name", title: "Function", value: f => f.name.toLowerCase(), draw: nameCell },
  metricColumn("cyclomatic", { width: "86px", class: "right brief b1", brief: "Cycl." }),
  metricColumn("cognitive", { width: "80px", class: "right brief b2", brief: "Cogn." }),
  metricColumn("halstead_volume", { width: "76px", class: "right extra" }),
  metricColumn("line_count", { width: "56px", class: "right brief b3" }),
  metricColumn("params_count", { width: "64px", class: "right extra" }),
  metricColumn("nesting_depth", { width: "56px", class: "right extra" }),
  pastColumn("commits", f => f.past?.commits, { title: "Changes", width: "70px", hint: "Commits that changed it" }),
  pastColumn("priority", f => f.past?.priority, { title: "Priority", width: "68px", hint: "What to fix first" }),
  pastColumn("covered", f => (isKnown(f.values.coverage) ? 100 * f.values.coverage : null), {
    title: "Covered",
    width: "68px",
    hint: "How much of it tests ran, in %",
    draw: f => (isKnown(f.values.coverage) ? `${Math.round(100 * f.values.coverage)} %` : ""),
  }),
  pastColumn("crap", f => f.values.crap, { title: "CRAP", width: "60px", hint: "The risk of changing it" }),
  POINTS,
  HEALTH,
];

// Metrics that are off have no column.
function isShown({ key, value, class: name }) {
  if (name.includes("past")) return functions.some(f => isKnown(value(f)));
  return !OF_FUNCTION.includes(key) || functions.some(f => isKnown(f.values[key]));
}

// A choice of metrics, out of those that have findings.
function metricChoice(table) {
  const hit = OF_FUNCTION.filter(metric => functions.some(f => findingOf(f, metric)));
  if (!hit.length) return [];
  const choose = event => {
    const metric = event.target.value;
    table.filter("metric", metric ? f => findingOf(f, metric) : null);
  };
  const option = metric => h("option", { value: metric }, `Finding in ${label(metric).toLowerCase()}`);
  const any = h("option", { value: "" }, "Any metric");
  return [h("select", { "aria-label": "Finding in metric", onchange: choose }, any, hit.map(option))];
}

function functionHay(f) {
  f.hay ||= `${f.scope}${f.name} ${f.file.path}`.toLowerCase();
  return f.hay;
}

export function showFunctions() {
  const table = new Grid({
    id: "function-grid",
    name: "Functions",
    noun: "function",
    rows: functions,
    height: 50,
    act: openFunction,
    order: "status",
    columns: FUNCTION_COLUMNS.filter(isShown),
  });
  const words = {
    title: "Functions",
    note: `The worst first: ${summary.ranking}. Choose one to see what costs, line by line.`,
  };
  const filters = {
    placeholder: "Filter by name or path",
    hay: functionHay,
    extra: [...kindChoice(table, f => f.file.kind), ...metricChoice(table)],
  };
  section("functions", words, withFilters(table, filters));
  return table;
}

// A column of numbers; its mark, if any, says which are findings.
const numberColumn = (key, value, facts) => ({ key, value, draw: file => number(value(file)), ...facts });
const worstCognitive = file => file.functions.reduce((most, f) => Math.max(most, f.values.cognitive ?? 0), 0);

function pathCell(file) {
  const kind = !file.isProduct && h("span", { class: "soft" }, ` · ${file.kind} code`);
  return h("span", { class: "clip left" }, h("bdi", null, file.path), kind);
}

const graphColumn = (metric, width) =>
  numberColumn(metric, file => file.values[metric], {
    title: shortLabel(metric),
    word: label(metric),
    hint: label(metric),
    width,
    class: "right extra graph",
    mark: file => markOf(file, metric),
  });

// Columns of analyses that are off are left out.
const hasTemplates = files.some(file => file.values.template_complexity !== null);
const isColumnOfFiles = column =>
  (column.key !== "duplication" || summary.duplication) &&
  (column.key !== "template_complexity" || hasTemplates) &&
  (!column.class.includes("graph") || nodes.length > 0);

const FILE_COLUMNS = [
  { ...STATUS, value: file => file.status * 1e6 + file.findings[2] * 1000 + file.findings[1] },
  { ...MAIN, key: "path", title: "File", value: file => file.path, draw: pathCell },
  numberColumn("file_length", file => file.code, {
    title: "Lines",
    width: "70px",
    class: "right brief b1",
    hint: `Lines${ofCode}`,
  }),
  numberColumn("functions", file => file.functions.length, {
    title: "Functions",
    brief: "Func.",
    width: "82px",
    class: "right brief b2",
  }),
  numberColumn("errors", file => file.findings[2], {
    title: "Errors",
    width: "64px",
    class: "right brief b3",
    mark: file => (file.findings[2] ? "cell-error" : ""),
  }),
  numberColumn("warnings", file => file.findings[1], {
    title: "Warnings",
    width: "78px",
    class: "right extra",
    mark: file => (file.findings[1] ? "cell-warning" : ""),
  }),
  numberColumn("template_complexity", file => file.values.template_complexity, {
    title: "Template",
    width: "82px",
    class: "right extra",
    hint: label("template_complexity"),
    mark: file => markOf(file, "template_complexity"),
  }),
  numberColumn("duplication", file => file.values.duplication, {
    title: "Cloned %",
    width: "78px",
    class: "right extra",
    mark: file => markOf(file, "duplication"),
  }),
  graphColumn("fan_in", "62px"),
  graphColumn("reach", "62px"),
  numberColumn("cycles", sizeOfCycle, {
    title: "Cycle",
    word: "Files in its cycle",
    hint: "Files in its cycle of imports",
    width: "56px",
    class: "right extra graph",
    draw: file => sizeOfCycle(file) || "",
    mark: file => (sizeOfCycle(file) ? "cell-warning" : ""),
  }),
  numberColumn("cognitive", worstCognitive, { title: "Worst cognitive", width: "120px", class: "right extra" }),
  POINTS,
  HEALTH,
];

export function showFiles() {
  const table = new Grid({
    id: "file-grid",
    name: "Files",
    noun: "file",
    rows: files,
    height: 44,
    act: openFile,
    order: "points",
    columns: FILE_COLUMNS.filter(isColumnOfFiles),
  });
  const hay = file => file.path.toLowerCase();
  const filters = { placeholder: "Filter by path", hay, extra: kindChoice(table, file => file.kind) };
  section("files", { title: "Files", note: "" }, withFilters(table, filters));
  return table;
}
