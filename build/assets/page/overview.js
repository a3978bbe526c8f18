// The health of the project, its figures, and where to start.

import { files, functions, summary } from "./data.js";
import { $, h, svg } from "./dom.js";
import { badge, chips, clip, score, section, where } from "./pieces.js";
import { openFunction } from "./sheet.js";
import { compare, LEVELS, number, SIGNS, sum, tone, whole } from "./words.js";

const VERDICTS = [
  [80, "Healthy", "80 or more: within the warning limits on average."],
  [60, "Strained", "60 to 80: past the warning limits on average."],
  [-1, "Overloaded", "Below 60: past the error limits on average."],
];

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
  const [, word, meaning] = VERDICTS.find(([from]) => health >= from);
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
  const words = h("p", null, functions.length ? meaning : "No function found.");
  return h("div", { class: "card dial" }, face, h("strong", null, word), words);
}

// Title, figure, the section that it leads to, class.
function figures() {
  const { duplication, errors, skipped, warnings } = summary;
  const broken = files.filter(file => file.errors.length).length;
  const muted = sum(files.map(file => file.suppressed.length));
  return [
    ["Errors", errors, "", errors ? "error" : ""],
    ["Warnings", warnings, "", warnings ? "warning" : ""],
    ["Functions", summary.functions, files.length ? "#functions" : "", ""],
    ["Files", files.length, files.length ? "#files" : "", ""],
    ["Lines", sum(files.map(file => file.lines)), "", ""],
    duplication && ["Duplicated", `${number(duplication.share)} %`, "#duplication", LEVELS[duplication.level]],
    skipped.length > 0 && ["Skipped files", skipped.length, "#notes", ""],
    broken > 0 && ["Broken files", broken, "#notes", ""],
    muted > 0 && ["Suppressed", muted, "#notes", ""],
  ].filter(Boolean);
}

function tile([title, figure, address, kind]) {
  const shown = typeof figure === "string" ? figure : whole.format(figure);
  return h(
    "div",
    { class: kind },
    h("dt", null, title),
    h("dd", null, address ? h("a", { href: address }, shown) : shown),
  );
}

const STATES = ["within limits", "with warnings", "with errors"];

function shares() {
  const tally = [0, 0, 0];
  for (const f of functions) tally[f.status]++;
  const part = (n, i) => n > 0 && h("span", { class: LEVELS[i], style: { flex: `${n} 0 0` } });
  const legend = (n, i) =>
    h(
      "li",
      null,
      h("span", { class: `badge ${LEVELS[i]}`, "aria-hidden": true }, SIGNS[i]),
      h("b", null, whole.format(n)),
      ` ${STATES[i]} · ${((100 * n) / functions.length).toFixed(1)} %`,
    );
  const bar = h("div", { class: "share", "aria-hidden": true }, tally.map(part));
  return h("div", null, bar, h("ul", { class: "legend" }, tally.map(legend)));
}

export function showOverview() {
  const { failures, health } = summary;
  const gate = failures.length ? `This run fails: ${failures.join("; ")}.` : "This run passes.";
  const card = h(
    "div",
    { class: "card figures" },
    h("dl", { class: "tiles" }, figures().map(tile)),
    functions.length > 0 && shares(),
    h("p", { class: "gate" }, badge(failures.length ? 2 : 0), gate),
  );
  $("main").append(h("section", { id: "overview", class: "hero", "aria-label": "Overview" }, dial(health), card));
}

// Least healthy first; then the most cognitive, then by place.
const byUrgency = (a, b) =>
  a.health - b.health ||
  (b.values.cognitive || 0) - (a.values.cognitive || 0) ||
  compare(a.file.path, b.file.path) ||
  a.line - b.line;

function spot(f) {
  const name = h("span", { class: "clip name" }, h("bdi", null, f.name));
  const words = h("span", null, name, clip(where(f)), chips(f.violations.slice(0, 4)));
  return h("button", { class: "card spot", type: "button", onclick: () => openFunction(f) }, score(f.health), words);
}

export function showHotspots() {
  const worst = functions.filter(f => f.violations.length).sort(byUrgency);
  if (!worst.length) return;
  const spots = h("div", { class: "spots" }, worst.slice(0, 6).map(spot));
  section("hotspots", { title: "Where to start", note: "The functions furthest past their limits." }, spots);
}
