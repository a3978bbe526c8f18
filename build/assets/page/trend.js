// What the numbers of the project, or of a function, were before.

import { chart } from "./curve.js";
import { summary } from "./data.js";
import { h } from "./dom.js";
import { section } from "./pieces.js";
import { number } from "./words.js";

const CHARTS = ["health_score", "past_limits", "cognitive_per_100_lines"];
const HIGH_IS_GOOD = new Set(["health_score", "functions"]);
const SIDES = ["commit", "date", "author", "subject", "change", "tags"];

const titleOf = text => text[0].toUpperCase() + text.slice(1);
const rounded = value => number(Math.round(value * 100) / 100);

// How far the last point is from the first one, and whether that is good.
function difference(key, values) {
  const change = values.at(-1) - values[0];
  if (Math.abs(change) < 0.005) return h("span", { class: "soft" }, "unchanged");
  const isGood = change > 0 === HIGH_IS_GOOD.has(key);
  return h("span", { class: isGood ? "good" : "bad" }, `${change > 0 ? "+" : "−"}${rounded(Math.abs(change))}`);
}

function pointWords(point, key, title) {
  const who = point.subject ? ` · ${point.author}: ${point.subject}` : "";
  const tags = point.tags.length ? ` · ${point.tags.join(", ")}` : "";
  return `${point.date}: ${title} ${rounded(point[key])}${tags}${who}`;
}

const card = (points, inSteps) => (key, title) => {
  const values = points.map(point => point[key]);
  const drawn = chart({
    title: `${title}, ${points[0].date} to ${points.at(-1).date}`,
    dates: points.map(point => point.date),
    series: [{ name: key, values }],
    words: i => pointWords(points[i], key, title),
    tags: points.map(point => point.tags),
    inSteps,
  });
  const head = h("h3", null, titleOf(title), h("b", null, rounded(values.at(-1))), difference(key, values));
  return h("div", { class: "card trend" }, head, drawn);
};

function tableOfPoints(points, curves) {
  const sides = SIDES.filter(key => points.some(point => point[key]?.length));
  const cells = point => [
    sides.map(key =>
      h("td", { class: "words" }, key === "commit" ? point.commit.slice(0, 9) : [point[key]].flat().join(", ")),
    ),
    Object.keys(curves).map(key => h("td", null, rounded(point[key]))),
  ];
  const titles = [...sides, ...Object.values(curves)].map(text => h("th", { scope: "col" }, titleOf(text)));
  const rows = points.map(point => h("tr", null, cells(point)));
  return h("table", { class: "plain wide" }, h("thead", null, h("tr", null, titles)), h("tbody", null, rows));
}

export function showTrend() {
  const { trend } = summary;
  if (!trend?.points.length) return;
  const { points, curves, about } = trend;
  const draw = card(points, Boolean(about.qualified_name));
  const keys = Object.keys(curves).filter(key => about.qualified_name || CHARTS.includes(key));
  const table = h(
    "details",
    { class: "card" },
    h("summary", null, "The same as a table"),
    h(
      "div",
      { class: "inside scrolls", tabindex: 0, role: "region", "aria-label": "Points of the curves" },
      tableOfPoints(points, curves),
    ),
  );
  const charts = h(
    "div",
    { class: "trends" },
    keys.map(key => draw(key, curves[key])),
  );
  const remarks = trend.remarks.map(text => h("p", { class: "soft" }, text));
  section("trend", { title: "Trend", note: `${titleOf(trend.title)}.` }, charts, table, remarks);
}
