// A meter for each metric of a function or a file: the value between its limits.

import { thresholdsOf } from "./data.js";
import { h } from "./dom.js";
import { isKnown, label, meaning, pastWord } from "./metrics.js";
import { findingOf } from "./pieces.js";
import { change, LEVELS, number } from "./words.js";

function limitWords(metric, [warning, error]) {
  const words = [
    warning !== null && `warning ${pastWord(metric)} ${number(warning)}`,
    error !== null && `error ${pastWord(metric)} ${number(error)}`,
  ];
  return words.filter(Boolean).join(", ") || meaning(metric);
}

function endOf([warning, error], value) {
  const reach = error ? 1.5 * error : warning ? 2 * warning : value * 1.2;
  return Math.max(reach, 1e-9);
}

function rail(value, limits) {
  const reach = endOf(limits, value);
  const spot = x => `${Math.min(100, (100 * x) / reach)}%`;
  const marks = limits.map(limit => limit !== null && h("u", { style: { left: spot(limit) } }));
  return h("div", { class: "rail", "aria-hidden": true }, h("i", { style: { width: spot(value) } }), marks);
}

function meter(subject, metric, file) {
  const finding = findingOf(subject, metric);
  const value = subject.values[metric] ?? finding?.[2];
  if (!isKnown(value)) return null;
  const limits = thresholdsOf(file)[metric] || [null, null];
  return h(
    "div",
    { class: `card meter ${finding ? LEVELS[finding[1]] : ""}` },
    h("div", null, h("span", null, label(metric)), h("b", null, number(Math.round(value * 100) / 100))),
    rail(value, limits),
    h("small", null, limitWords(metric, limits) + (finding ? change(finding[4]) : "")),
  );
}

export const meters = (subject, metrics, file) =>
  h(
    "div",
    { class: "meters" },
    metrics.map(metric => meter(subject, metric, file)),
  );
