// Histograms of the metrics.

import { files, functions, summary } from "./data.js";
import { h } from "./dom.js";
import { IN_WHOLE_NUMBERS, isKnown, label, meaning, measureOf, OF_FILE } from "./metrics.js";
import { roving, section } from "./pieces.js";
import { count, number } from "./words.js";

const OF_FUNCTIONS = [
  "health",
  "cyclomatic",
  "cognitive",
  "halstead_volume",
  "line_count",
  "params_count",
  "nesting_depth",
];
// Of the numbers of the import graph these three say most.
const OF_FILES = OF_FILE.filter(
  metric => !["fan_out", "instability", "import_depth", "barrel_cost", "import_boundaries"].includes(metric),
);
const STEPS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000];
const HEALTH_STEP = 5;

const divides = (x, step) => x === null || Math.abs(x / step - Math.round(x / step)) < 1e-9;

function stepOf(reach, [warning, error], inWholes) {
  const steps = STEPS.filter(step => !inWholes || step >= 1);
  const suits = step => divides(warning, step) && divides(error, step) && reach / step >= 8 && reach / step <= 50;
  return steps.filter(suits).at(-1) || steps.find(step => reach / step <= 40) || reach / 30;
}

// How far the bars reach: past the limits, but not to a far outlier.
function reachOf([warning, error], most) {
  const far = error ? 2 * error : warning ? 3 * warning : most;
  return Math.min(far, Math.max(most, error || warning || 1)) || 1;
}

// Bars hold (low, high]; where it can be, the limits fall between two bars: a bar is then wholly within or past one.
function scaleOf(values, limits, inWholes) {
  const most = Math.max(0, values.at(-1));
  const reach = reachOf(limits, most);
  const step = stepOf(reach, limits, inWholes);
  const bars = [{ low: -Infinity, high: inWholes && step === 1 && values[0] === 0 ? 0 : step, count: 0 }];
  const next = high => bars.push({ low: bars.at(-1).high, high, count: 0 });
  while (bars.at(-1).high < reach) next(bars.at(-1).high + step);
  if (most > bars.at(-1).high) next(Infinity);
  return bars;
}

function healthBars() {
  const highs = Array.from({ length: 100 / HEALTH_STEP }, (_, i) => HEALTH_STEP * (i + 1));
  return highs.map((high, i) => ({ low: i ? high - HEALTH_STEP : -Infinity, high, count: 0 }));
}

function barsOf(metric, values, limits) {
  const bars = metric === "health" ? healthBars() : scaleOf(values, limits, IN_WHOLE_NUMBERS.has(metric));
  let i = 0;
  for (const value of values) {
    while (value > bars[i].high) i++;
    bars[i].count++;
  }
  return bars;
}

function rangeOf(bar, inWholes) {
  if (bar.high === Infinity) return `more than ${number(bar.low)}`;
  if (bar.high === 0) return "0";
  if (bar.low === -Infinity) return `up to ${number(bar.high)}`;
  const low = inWholes ? bar.low + 1 : bar.low;
  return low === bar.high ? number(low) : `${number(low)} to ${number(bar.high)}`;
}

// Health is the other way round: low is bad.
const isPast = {
  health: (bar, limit) => bar.high <= limit,
  others: (bar, limit) => limit !== null && bar.low >= limit,
};

function levelOf(bar, { metric, limits: [warning, error] }) {
  const past = isPast[metric] || isPast.others;
  return past(bar, error) ? "error" : past(bar, warning) ? "warning" : "";
}

function axis(bars, { limits, inWholes }) {
  const mark = limit => {
    const at = bars.findIndex(bar => bar.low >= limit) / bars.length;
    return at > 0.08 && at < 0.9 && h("span", { style: { left: `${100 * at}%` } }, number(limit));
  };
  const { low, high } = bars.at(-1);
  return h(
    "div",
    { class: "axis", "aria-hidden": true },
    h("span", null, inWholes && bars[0].high === 1 ? 1 : 0),
    limits
      .filter(isKnown)
      .sort((a, b) => a - b)
      .map(mark),
    h("span", null, high === Infinity ? `>${number(low)}` : number(high)),
  );
}

function usualWords(values) {
  const quantile = q => number(values[Math.min(values.length - 1, Math.floor(q * values.length))]);
  return `median ${quantile(0.5)} · 90 % up to ${quantile(0.9)} · most ${number(values.at(-1))}`;
}

// A line of words under the bars: about the bar that the pointer or the focus is on, else what is usual.
function saying(usual) {
  const node = h("p", { class: "said", "aria-live": "polite" }, usual);
  const say = text => () => {
    node.textContent = text;
  };
  const on = text => ({ onfocus: say(text), onmouseenter: say(text), onblur: say(usual), onmouseleave: say(usual) });
  return { node, on };
}

function histogram(kind) {
  const { metric, rows, noun, limits, choose, inWholes } = kind;
  const values = Float64Array.from(rows.map(measureOf(metric)).filter(isKnown)).sort();
  if (!values.length) return null;
  const bars = barsOf(metric, values, limits);
  const top = Math.log1p(Math.max(...bars.map(bar => bar.count)));
  const said = saying(usualWords(values));
  const draw = bar => {
    const range = rangeOf(bar, inWholes);
    const text = `${range}: ${count(bar.count, noun)}`;
    const height = bar.count ? `${Math.max(3, (100 * Math.log1p(bar.count)) / top)}%` : "0";
    const onclick = () => choose(metric, bar, `${label(metric)} ${range}`);
    const attributes = { class: levelOf(bar, kind), tabindex: -1, "aria-label": text, ...said.on(text), onclick };
    return h("button", { type: "button", ...attributes }, h("span", { style: { height } }));
  };
  const name = `${label(metric)}: distribution, heights on a logarithmic scale`;
  const plot = h("div", { class: "plot", role: "group", "aria-label": name }, bars.map(draw));
  roving(plot)();
  const title = h("h3", null, label(metric), h("span", null, meaning(metric)));
  return h("div", { class: "card histogram" }, title, plot, axis(bars, kind), said.node);
}

const limitsOf = metric => (metric === "health" ? [80, 60] : summary.thresholds[metric] || [null, null]);

// chooseFunctions and chooseFiles are called with metric, bar and words when somebody chooses a bar.
export function showDistributions(chooseFunctions, chooseFiles) {
  const ofFunctions = { rows: functions, noun: "function", choose: chooseFunctions };
  const ofFiles = { rows: files, noun: "file", choose: chooseFiles };
  const draw = (kind, metric) =>
    histogram({ ...kind, metric, limits: limitsOf(metric), inWholes: IN_WHOLE_NUMBERS.has(metric) });
  const shown = [
    ...OF_FUNCTIONS.map(metric => draw(ofFunctions, metric)),
    ...OF_FILES.map(metric => draw(ofFiles, metric)),
  ];
  const note = "Heights are logarithmic, so that a single outlier shows. Choose a bar to list what is in it.";
  section("distributions", { title: "Distributions", note }, h("div", { class: "histograms" }, shown));
}
