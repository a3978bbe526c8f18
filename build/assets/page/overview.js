// The health of the project, its figures, and where to start.

import { files, functions, hasFinding, ofCode, summary } from "./data.js";
import { $, h, svg } from "./dom.js";
import { badge, chips, clip, enclosing, score, section, where } from "./pieces.js";
import { openFunction } from "./sheet.js";
import { compare, count, LEVELS, number, SIGNS, sum, tone, whole } from "./words.js";

const VERDICTS = [
  [80, "Healthy", "80 or more: within the warning limits on average."],
  [60, "Strained", "60 to 80: past the warning limits on average."],
  [-1, "Overloaded", "Below 60: past the error limits on average."],
];
// The figures are of product code, as the health is.
const product = files.filter(file => file.isProduct);
const productFunctions = functions.filter(f => f.file.isProduct);
const isFailing = summary.failures.length > 0;

// A run that fails is not called healthy, whatever its average.
function verdict(health) {
  const [, word, meaning] = VERDICTS.find(([from]) => health >= from);
  const words = h("p", null, productFunctions.length ? meaning : "No function found.", ofClones());
  if (isFailing) return [h("strong", { class: "fails" }, badge(2), "This run fails"), words];
  return [h("strong", null, word), words];
}

// The map knows the health of the functions alone: where the two differ, this says why.
function ofClones() {
  if (!summary.duplication || !productFunctions.length) return null;
  const alone = 100 - sum(product.map(file => file.lost)) / 1e6 / sum(product.map(file => file.healthLines));
  return [h("br"), `With duplication; the functions alone have ${alone.toFixed(1)}.`];
}

// A part of the dial, which is three quarters of a circle with the gap below.
function arc(from, to, radius) {
  const at = share => {
    const angle = (0.75 * share + 0.375) * 2 * Math.PI;
    return `${(100 + radius * Math.cos(angle)).toFixed(2)} ${(100 + radius * Math.sin(angle)).toFixed(2)}`;
  };
  return `M ${at(from)} A ${radius} ${radius} 0 ${(to - from) * 270 > 180 ? 1 : 0} 1 ${at(to)}`;
}

const ring = (from, to, colour) =>
  svg("path", { d: arc(from, to, 92), fill: "none", stroke: `var(--${colour})`, "stroke-width": 4 });
const hand = (share, attributes) =>
  svg("path", { d: arc(0, share, 78), fill: "none", ...attributes, "stroke-width": 14, "stroke-linecap": "round" });
const inMiddle = (y, name, text) => svg("text", { x: 100, y, "text-anchor": "middle", class: name }, text);

function dial(health) {
  const face = svg(
    "svg",
    { viewBox: "0 0 200 176", role: "img", "aria-label": `Health ${health.toFixed(1)} of 100` },
    ring(0, 0.595, "h1"),
    ring(0.605, 0.795, "h3"),
    ring(0.805, 1, "h5"),
    hand(1, { class: "track" }),
    health > 0 && hand(health / 100, { stroke: `var(--h${tone(health)})` }),
    inMiddle(112, "value", health.toFixed(1)),
    inMiddle(134, "of", "of 100"),
  );
  return h("div", { class: "card dial" }, face, verdict(health));
}

// Where the findings of a level are: one function or file may have several.
function findingFigure(title, figure, level) {
  const word = LEVELS[level];
  const inTables = [
    ["functions", productFunctions.filter(hasFinding(level)).length, "function"],
    ["files", product.filter(hasFinding(level)).length, "file"],
  ].filter(([, n]) => n);
  const link = ([id, n, noun]) => h("a", { href: `#${id}/${word}` }, count(n, noun));
  const places = inTables.map((place, i) => [i ? ", " : "in ", link(place)]);
  return [title, figure, inTables.length ? `#${inTables[0][0]}/${word}` : "", figure ? word : "", places];
}

// Lines of code, which the limits, the map and the table of files go by; where they are not known, all lines.
function lineFigure() {
  const all = sum(product.map(file => file.lines));
  if (!ofCode) return ["Lines", all, "", ""];
  return ["Lines of code", sum(product.map(file => file.code)), "", "", `${whole.format(all)} with blanks and comments`];
}

const testWords = ({ errors, functions: n, health, warnings }) =>
  `${count(n, "function")}, ${count(errors, "error")}, ${count(warnings, "warning")}, health ${health.toFixed(1)}`;

// Title, figure, the section that it leads to, class, what else is to be said.
function figures() {
  const { duplication, errors, generated, skipped, tests, warnings } = summary;
  const broken = files.filter(file => file.errors.length).length;
  const muted = sum(files.map(file => file.suppressed.length));
  return [
    findingFigure("Errors", errors, 2),
    findingFigure("Warnings", warnings, 1),
    ["Functions", summary.functions, files.length ? "#functions" : "", ""],
    ["Files", product.length, files.length ? "#files" : "", ""],
    lineFigure(),
    duplication && ["Duplicated", `${number(duplication.share)} %`, "#duplication", LEVELS[duplication.level]],
    tests.files > 0 && ["Test code", count(tests.files, "file"), "#files", "", testWords(tests)],
    generated.files > 0 && ["Generated", count(generated.files, "file"), "#files", "", "not judged"],
    skipped.length > 0 && ["Skipped files", skipped.length, "#notes", ""],
    broken > 0 && ["Broken files", broken, "#notes", ""],
    muted > 0 && ["Suppressed", muted, "#notes", ""],
  ].filter(Boolean);
}

function tile([title, figure, address, kind, more]) {
  const shown = typeof figure === "string" ? figure : whole.format(figure);
  return h(
    "div",
    { class: kind },
    h("dt", null, title),
    h("dd", null, address ? h("a", { href: address, "aria-label": `${title}: ${shown}` }, shown) : shown),
    more && h("dd", { class: "more" }, more),
  );
}

const STATES = ["within limits", "with warnings", "with errors"];

function shares() {
  const tally = [0, 0, 0];
  for (const f of productFunctions) tally[f.status]++;
  const part = (n, i) => n > 0 && h("span", { class: LEVELS[i], style: { flex: `${n} 0 0` } });
  const legend = (n, i) =>
    h(
      "li",
      null,
      h("span", { class: `badge ${LEVELS[i]}`, "aria-hidden": true }, SIGNS[i]),
      h("b", null, whole.format(n)),
      ` ${STATES[i]} · ${((100 * n) / productFunctions.length).toFixed(1)} %`,
    );
  const bar = h("div", { class: "share", "aria-hidden": true }, tally.map(part));
  return h("div", null, bar, h("ul", { class: "legend" }, tally.map(legend)));
}

export function showOverview() {
  const { failures, health } = summary;
  const gate = isFailing ? `This run fails: ${failures.join("; ")}.` : "This run passes.";
  const card = h(
    "div",
    { class: "card figures" },
    h("dl", { class: "tiles" }, figures().map(tile)),
    productFunctions.length > 0 && shares(),
    h("p", { class: "gate" }, badge(isFailing ? 2 : 0), gate),
  );
  $("main").append(h("section", { id: "overview", class: "hero", "aria-label": "Overview" }, dial(health), card));
}

// How many times its limit a value is, at most: of the findings of the function's level.
const excess = f => Math.max(...f.violations.filter(v => v[1] === f.status).map(v => v[2] / (v[3] || 1)));

// The order of the program for all lists of the worst, as `urgency` of complexity_guard.py has it.
const byUrgency = (a, b) =>
  b.status - a.status ||
  b.lost - a.lost ||
  excess(b) - excess(a) ||
  compare(a.file.path, b.file.path) ||
  a.line - b.line;

const spot = list => f => {
  const scope = f.scope && h("bdi", { class: "soft" }, ` in ${enclosing(f)}`);
  const name = h("span", { class: "clip" }, h("bdi", { class: "name" }, f.name), scope);
  const words = h("span", null, name, clip(where(f)), chips(f.violations.slice(0, 4)));
  return h(
    "button",
    { class: "card spot", type: "button", onclick: () => openFunction(f, list) },
    score(f.health),
    words,
  );
};

export function showHotspots() {
  const worst = functions.filter(f => f.violations.length && f.file.isProduct).sort(byUrgency);
  if (!worst.length) return;
  const spots = h("div", { class: "spots" }, worst.slice(0, 6).map(spot({ rows: worst, act: openFunction })));
  section("hotspots", { title: "Where to start", note: `The worst functions: ${summary.ranking}.` }, spots);
}
