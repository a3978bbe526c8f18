// The health of the project, its figures, and where to start.

import { files, functions, hasFinding, LOST_UNIT, ofCode, summary } from "./data.js";
import { $, h, svg } from "./dom.js";
import { badge, chips, clip, enclosing, score, section, where } from "./pieces.js";
import { pointsOf, pointsText } from "./points.js";
import { openFunction } from "./sheet.js";
import { worstFirst } from "./urgency.js";
import { count, LEVELS, number, SIGNS, sum, whole } from "./words.js";

const GRADE_COLOURS = ["h5", "h4", "h3", "h1", "h0"]; // of the grades, the best first
// The figures are of product code, as the health is.
const product = files.filter(file => file.isProduct);
const productFunctions = functions.filter(f => f.file.isProduct);
const isFailing = summary.failures.length > 0;

// What the program's other reports say of the health: where the project stands among others.
const standing = () => `${summary.grade}${summary.standing && `: ${summary.standing}`}`;

// A run that fails says so first, whatever its health.
function verdict() {
  if (!productFunctions.length)
    return [h("strong", null, `Grade ${summary.grade}`), h("p", null, "No function found.")];
  const words = h(
    "p",
    null,
    isFailing ? `Grade ${standing()}.` : capital(`${summary.standing || scaleWords()}.`),
    ofMissing(),
    ofClones(),
  );
  if (isFailing) return [h("strong", { class: "fails" }, badge(2), "This run fails"), words];
  return [h("strong", null, `Grade ${summary.grade}`), words];
}

const capital = text => text[0].toUpperCase() + text.slice(1);

const scaleWords = () =>
  summary.grades.map(([least, letter]) => (least ? `${letter} from ${least}` : `else ${letter}`)).join(", ");

function ofMissing() {
  const { missing } = summary;
  if (!(missing > 0)) return null;
  return [h("br"), h("a", { href: "#points" }, `${missing.toFixed(1)} points are missing`)];
}

// The map knows the health of the functions alone: where the two differ, this says why.
function ofClones() {
  if (!summary.duplication || !productFunctions.length) return null;
  const alone = 100 - sum(product.map(file => file.lost)) / LOST_UNIT / sum(product.map(file => file.healthLines));
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

// An arc for each grade, in its colour.
function gradeRings() {
  const ends = [100.5, ...summary.grades.map(([least]) => least)];
  return summary.grades.map(([least, letter], i) =>
    ring(Math.max(0, least + 0.5) / 100, (ends[i] - 0.5) / 100, colourOf(letter)),
  );
}

const colourOf = grade => GRADE_COLOURS[summary.grades.findIndex(([, letter]) => letter === grade)];

function dial(health) {
  const face = svg(
    "svg",
    { viewBox: "0 0 200 176", role: "img", "aria-label": `Health ${health.toFixed(1)} of 100, ${standing()}` },
    gradeRings(),
    hand(1, { class: "track" }),
    health > 0 && hand(health / 100, { stroke: `var(--${colourOf(summary.grade)})` }),
    inMiddle(112, "value", health.toFixed(1)),
    inMiddle(134, "of", "of 100"),
  );
  return h("div", { class: "card dial" }, face, verdict());
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
  return [
    "Lines of code",
    sum(product.map(file => file.code)),
    "",
    "",
    `${whole.format(all)} with blanks and comments`,
  ];
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

// What is above a limit that does not gate is neither a warning nor an error.
const hasNotes = productFunctions.some(f => f.status === 0 && f.violations.length > 0);
const STATES = [hasNotes ? "without findings, or not gated" : "without findings", "with warnings", "with errors"];

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

// What it costs, then why.
function costChips(f) {
  const row = chips(f.violations.slice(0, 4));
  row.prepend(h("span", { class: "chip" }, `${pointsText(pointsOf(f))} points`));
  return row;
}

const spot = list => f => {
  const scope = f.scope && h("bdi", { class: "soft" }, ` in ${enclosing(f)}`);
  const name = h("span", { class: "clip" }, h("bdi", { class: "name" }, f.name), scope);
  const words = h("span", null, name, clip(where(f)), costChips(f));
  return h(
    "button",
    { class: "card spot", type: "button", onclick: () => openFunction(f, list) },
    score(f.health),
    words,
  );
};

export function showHotspots() {
  const worst = worstFirst.filter(f => f.violations.length && f.file.isProduct);
  if (!worst.length) return;
  const spots = h("div", { class: "spots" }, worst.slice(0, 6).map(spot({ rows: worst, act: openFunction })));
  section("hotspots", { title: "Where to start", note: `The worst functions: ${summary.ranking}.` }, spots);
}
