// Curves over time: what a number was, point by point, for the pointer, for the keyboard and for those who hear it.

import { h, svg } from "./dom.js";
import { number } from "./words.js";

const LEAST_SHARE = 0.08; // of a value that the height of a curve stands for at least: less than that is no change

function boundsOf(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(high - low, Math.abs(high) * LEAST_SHARE, 1);
  const middle = (low + high) / 2;
  const from = Math.max(0, Math.min(low, middle - room / 2));
  return [from, Math.max(high, from + room)];
}

// Where points stand from left to right, in hundredths: by their days.
function placesOf(dates) {
  const times = dates.map(date => Date.parse(date));
  const [first, last] = [times[0], times.at(-1)];
  return times.map((time, i) =>
    last > first ? (100 * (time - first)) / (last - first) : (100 * i) / (times.length - 1 || 1),
  );
}

const heightOf = ([low, high], value) => 96 - (92 * (value - low)) / (high - low);

// A value stays until the next point where steps are asked for.
function lineOf(xs, ys, inSteps) {
  const piece = (x, i) => (i && inSteps ? `H${x}V${ys[i]}` : `${i ? "L" : "M"}${x} ${ys[i]}`);
  return xs.map(piece).join("");
}

function plotOf(xs, series, bounds, inSteps) {
  const line = ({ name, values }) =>
    svg("path", {
      d: lineOf(
        xs,
        values.map(value => heightOf(bounds, value)),
        inSteps,
      ),
      class: name,
    });
  const [first] = series;
  const ys = first.values.map(value => heightOf(bounds, value));
  const under = svg("path", { class: "under", d: `${lineOf(xs, ys, inSteps)}V100H${xs[0]}Z` });
  return svg(
    "svg",
    { viewBox: "0 0 100 100", preserveAspectRatio: "none", "aria-hidden": true },
    series.length === 1 && under,
    series.map(line),
  );
}

// A small curve without any words.
export function spark(values) {
  if (values.length < 2) return null;
  const xs = values.map((_, i) => (100 * i) / (values.length - 1));
  const bounds = boundsOf(values);
  return h("span", { class: "spark", "aria-hidden": true }, plotOf(xs, [{ name: "", values }], bounds, true));
}

// Moves along the points, and says what is at each.
class Walk {
  constructor({ xs, words, marks }) {
    Object.assign(this, { xs, words });
    this.at = xs.length - 1;
    this.needle = h("i", { class: "needle", hidden: true });
    this.said = h("p", { class: "said" }, words(this.at));
    const attributes = { role: "slider", tabindex: 0, "aria-valuemin": 0, "aria-valuemax": this.at };
    this.plot = h("div", { class: "curve", ...attributes }, this.needle, marks);
    this.plot.addEventListener("mousemove", event => this.point(event));
    this.plot.addEventListener("mouseleave", () => this.rest());
    this.plot.addEventListener("blur", () => this.rest());
    this.plot.addEventListener("focus", () => this.go(this.at));
    this.plot.addEventListener("keydown", event => this.key(event));
    this.say();
  }

  say() {
    this.plot.setAttribute("aria-valuenow", this.at);
    this.plot.setAttribute("aria-valuetext", this.words(this.at));
    this.said.textContent = this.words(this.at);
  }

  go(to) {
    this.at = Math.max(0, Math.min(this.xs.length - 1, to));
    this.needle.hidden = false;
    this.needle.style.left = `${this.xs[this.at]}%`;
    this.say();
  }

  rest() {
    this.at = this.xs.length - 1;
    this.say();
    this.needle.hidden = true;
  }

  point(event) {
    const { left, width } = this.plot.getBoundingClientRect();
    const x = (100 * (event.clientX - left)) / width;
    const gaps = this.xs.map(place => Math.abs(place - x));
    this.go(gaps.indexOf(Math.min(...gaps)));
  }

  key(event) {
    const last = this.xs.length - 1;
    const to = { ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: 0, End: last }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.go(to);
  }
}

// What is marked at points: tags, the last of a few that stand at one place.
const marksOf = (xs, tags) =>
  tags.map(
    (names, i) => names.length > 0 && h("i", { class: "tag", style: { left: `${xs[i]}%` }, title: names.join(", ") }),
  );

// A chart is { title, dates, series, words, tags, inSteps }: series have { name, title, values }, words say what is at a point.
export function chart({ title, dates, series, words, tags = [], inSteps = false }) {
  const xs = placesOf(dates);
  const bounds = boundsOf(series.flatMap(({ values }) => values));
  const walk = new Walk({ xs, words, marks: marksOf(xs, tags) });
  walk.plot.setAttribute("aria-label", title);
  walk.plot.prepend(plotOf(xs, series, bounds, inSteps));
  const ends = h(
    "div",
    { class: "ends", "aria-hidden": true },
    h("span", null, dates[0]),
    h("span", null, dates.at(-1)),
  );
  const scale = h(
    "div",
    { class: "bounds", "aria-hidden": true },
    [bounds[1], bounds[0]].map(value => h("span", null, number(value))),
  );
  return h("div", { class: "chart" }, h("div", { class: "frame" }, scale, walk.plot), ends, walk.said);
}
