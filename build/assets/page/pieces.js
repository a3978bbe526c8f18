// Small pieces that several parts of the page are made of.

import { $, h } from "./dom.js";
import { label, shortLabel } from "./metrics.js";
import { above, change, LEVELS, number, SIGNS, tone, whole } from "./words.js";

export const badge = status =>
  h("span", { class: `badge ${LEVELS[status]}`, role: "img", "aria-label": LEVELS[status] }, SIGNS[status]);
export const score = health => h("span", { class: `score h${tone(health)}` }, health.toFixed(health === 100 ? 0 : 1));
export const where = f => `${f.file.path}:${f.line}`;
export const enclosing = f => (f.scope.match(/<[^<>]*>|[^>]+/g) || []).join(" › ");
// A path may break after each folder.
export const pathPieces = text => text.split(/(?<=\/)/).map((part, i) => [i > 0 && h("wbr"), part]);
export const clip = text => h("span", { class: "clip where left" }, h("bdi", null, text));

export const findingOf = (subject, metric) => subject.violations.find(v => v[0] === metric);
export const findingText = ([metric, , value, limit, since]) =>
  `${label(metric)} ${above(value, limit)}, limit ${number(limit)}${change(since)}`;

const chip = ([metric, level, value, limit]) =>
  h("span", { class: `chip ${LEVELS[level]}` }, `${shortLabel(metric)} `, h("b", null, above(value, limit)));
export const chips = violations => h("span", { class: "chips" }, violations.map(chip));

export function section(id, { title, note }, ...children) {
  $("nav").append(h("a", { href: `#${id}` }, title));
  const head = h("div", { class: "head" }, h("h2", { id: `${id}-title` }, title), note && h("p", null, note));
  $("main").append(h("section", { id, "aria-labelledby": `${id}-title` }, head, ...children));
}

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ENDS = { Home: 0, End: -1 };

// One Tab stop for many things: the arrow keys go from one to the nearest in their direction.
// Returns what makes the first of them the stop.
export function roving(box) {
  const items = () => [...box.querySelectorAll("button")];
  const aim = item => {
    for (const other of items()) other.tabIndex = other === item ? 0 : -1;
  };
  box.addEventListener("focusin", event => aim(event.target));
  box.addEventListener("keydown", event => {
    const way = WAYS[event.key];
    const end = ENDS[event.key];
    if (!way && end === undefined) return;
    event.preventDefault();
    const next = way ? nearest(items(), document.activeElement, way) : items().at(end);
    if (next) next.focus();
  });
  return () => aim(items()[0]);
}

function nearest(items, from, way) {
  let best = null;
  let least = Infinity;
  for (const item of items) {
    const cost = item === from ? Infinity : distance(from, item, way);
    if (cost < least) {
      least = cost;
      best = item;
    }
  }
  return best;
}

// From the middle of one thing to that of another: what is aside counts three times, what lies behind is out of reach.
function distance(from, to, [dx, dy]) {
  const a = from.getBoundingClientRect();
  const b = to.getBoundingClientRect();
  const x = (b.left + b.right - a.left - a.right) / 2;
  const y = (b.top + b.bottom - a.top - a.bottom) / 2;
  const along = x * dx + y * dy;
  return along <= 1 ? Infinity : along + 3 * (Math.abs(x * dy) + Math.abs(y * dx));
}

// A list that may be long: the first hundred, the rest when asked for.
export function paged(list, { items, draw, step = 100 }) {
  const more = h("button", { class: "button", type: "button" });
  let shown = 0;
  const grow = () => {
    list.append(...items.slice(shown, shown + step).map(draw));
    shown = Math.min(items.length, shown + step);
    const left = items.length - shown;
    more.textContent = `Show ${whole.format(Math.min(step, left))} more of ${whole.format(left)}`;
    more.hidden = left === 0;
  };
  more.addEventListener("click", grow);
  grow();
  return [list, more];
}
