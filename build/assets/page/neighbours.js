// What imports a file and what it imports, drawn around it; each leads to its own.

import { h, svg } from "./dom.js";
import { cycles, wayRound } from "./graph.js";
import { clip, paged } from "./pieces.js";
import { hrefOf } from "./place.js";
import { count, number } from "./words.js";

const NEIGHBOURS = 12; // files on either side, until more are asked for
const NODE_ROW = 46; // pixels, as in graph.css
const GUTTER = 40;

const folderIn = path => path.slice(0, path.lastIndexOf("/") + 1) || "./";

export const fileLink = (node, ...more) =>
  node.file
    ? h("a", { href: hrefOf(node.file.address), title: node.path }, more)
    : h("span", { title: node.path }, more);

// One neighbour; `edge` says how it is imported.
const neighbour = ([node, edge]) =>
  h(
    "li",
    { class: edge.inCycle ? "incycle" : "" },
    fileLink(
      node,
      h("span", { class: "clip" }, h("bdi", { class: "name" }, node.name), edge.word && h("i", null, ` ${edge.word}`)),
      clip(folderIn(node.path)),
    ),
  );

// Those in the same cycle first, then those that most depends on.
const byWeight = ([a, one], [b, other]) => other.inCycle - one.inCycle || b.values.reach - a.values.reach;

// The lines between the neighbours of one side and the file, which stands in the middle.
function curves(rows, height, isLeft) {
  const middle = height / 2;
  const path = ([, edge], i) => {
    const y = NODE_ROW * (i + 0.5);
    const [from, to] = isLeft ? [y, middle] : [middle, y];
    const d = `M0 ${from}C${GUTTER / 2} ${from} ${GUTTER / 2} ${to} ${GUTTER} ${to}`;
    return svg("path", { d, class: edge.inCycle ? "incycle" : edge.isLoaded ? "" : "light" });
  };
  return svg("svg", { "aria-hidden": true, width: GUTTER, height, viewBox: `0 0 ${GUTTER} ${height}` }, rows.map(path));
}

function sideOf(title, rows, { open, grow }) {
  const shown = open ? rows : rows.slice(0, NEIGHBOURS);
  const left = rows.length - shown.length;
  const more = left > 0 && h("li", null, h("button", { type: "button", class: "link", onclick: grow }, `${left} more`));
  const list = h("ul", { "aria-label": title }, shown.map(neighbour), more);
  return { shown, list, title: h("h4", null, title, h("span", { class: "soft" }, ` ${rows.length}`)) };
}

function centre(node) {
  const { reach, load, barrel_cost: cost } = node.values;
  const words = [
    `a change may reach ${number(reach)}`,
    `it loads ${number(load)}`,
    cost > 0 && `${number(cost)} in vain`,
  ];
  const facts = words.filter(Boolean).map(text => h("span", null, text));
  return h("div", { class: "middle" }, h("b", null, h("bdi", null, node.name)), facts);
}

function drawAround(node, state, redraw) {
  const rows = (edges, end) => edges.map(edge => [edge[end], edge]).sort(byWeight);
  const grow = name => () => {
    state[name] = true;
    redraw();
  };
  const left = sideOf("Imported by", rows(node.back, "start"), { open: state.left, grow: grow("left") });
  const right = sideOf("Imports", rows(node.out, "end"), { open: state.right, grow: grow("right") });
  const height = NODE_ROW * Math.max(left.shown.length, right.shown.length, 2);
  return [
    [left.title, h("span"), h("span"), h("span"), right.title],
    [left.list, curves(left.shown, height, true), centre(node), curves(right.shown, height, false), right.list],
  ];
}

// The steps of a shortest cycle, and all files that are in one with this.
function cycleOf(node) {
  if (node.cycle === null) return null;
  const { nodes } = cycles[node.cycle];
  const way = wayRound(node);
  const step = other => h("li", null, fileLink(other, h("bdi", null, other === node ? node.name : other.path)));
  const others = h("details", { class: "card" }, h("summary", null, `All ${count(nodes.length, "file")} of it`));
  const list = () => paged(h("ul", { class: "notes" }), { items: nodes, draw: step });
  others.addEventListener("toggle", () => others.append(h("div", { class: "inside" }, list())), { once: true });
  const words = `This file is in a cycle of ${count(nodes.length, "file")}. A shortest way round:`;
  return [
    h("p", null, words),
    h("ol", { class: "way" }, way.map(step), step(node)),
    nodes.length > way.length && others,
  ];
}

export function neighbours(file) {
  const { node } = file;
  if (!node || !(node.out.length + node.back.length)) return null;
  const state = {};
  const card = h("div", { class: "card around" });
  const redraw = () => card.replaceChildren(...drawAround(node, state, redraw).flat());
  redraw();
  return [h("h3", null, "Imports"), card, cycleOf(node)];
}
