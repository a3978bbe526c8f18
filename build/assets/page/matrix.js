// The dependency matrix: each row imports what its columns stand for. It is painted on a canvas of the size of its window,
// so that thousands of rows cost no more than those in sight; the words below it and its table say the same.

import { cellsOf, growItems, openSome, visibleItems } from "./dependencies.js";
import { fill, h } from "./dom.js";
import { cycles, keyOf, nodes } from "./graph.js";
import { fileLink } from "./neighbours.js";
import { CELL, HEAD, paintMatrix } from "./painter.js";
import { paged } from "./pieces.js";
import { count, whole } from "./words.js";

const NARROW_LABELS = 148;
const LABELS = 270;
const MATRIX_HELP =
  "Dependency matrix: a row imports its columns. Up and Down go from row to row, Left and Right through its imports, " +
  "Enter opens a folder, or a file's own imports.";
const NOWHERE = { row: -1, column: -1 };

// The folder around all of some files.
function homeOf(nodes) {
  const [first, ...others] = nodes.map(node => node.path.split("/").slice(0, -1));
  const isCommon = (name, i) => others.every(folder => folder[i] === name);
  const end = first.findIndex((name, i) => !isCommon(name, i));
  return `${first.slice(0, end < 0 ? first.length : end).join("/") || "."}/`;
}

const nameOf = item => (item.children ? item.path : item.path) || "all files";

// What a choice shows: all files, or those of one cycle.
const VIEWS = [{ title: "All files", of: () => nodes }].concat(
  cycles.map(cycle => ({
    title: `Cycle ${cycle.number + 1}: ${count(cycle.nodes.length, "file")} in ${homeOf(cycle.nodes)}`,
    of: () => cycle.nodes,
    cycle,
  })),
);
const EDGES = [
  { title: "Imports that are loaded", wanted: edge => edge.isLoaded },
  { title: "All imports, types too", wanted: () => true },
];

function choice(label, options, choose) {
  const option = ({ title }, value) => h("option", { value }, title);
  const onchange = event => choose(options[event.target.value]);
  return h("select", { "aria-label": label, onchange }, options.map(option));
}

export class Matrix {
  // `openNode` is called with the node of a file that somebody chose.
  constructor(openNode) {
    this.openNode = openNode;
    this.wanted = EDGES[0].wanted;
    this.at = { row: 0, column: -1 };
    this.hover = null;
    this.canvas = h("canvas", { "aria-hidden": true });
    this.space = h("div", null, this.canvas);
    this.box = h("div", { class: "matrix", tabindex: 0, role: "application", "aria-label": MATRIX_HELP }, this.space);
    this.info = h("div", { class: "said", "aria-live": "polite" });
    this.table = h("details", null, h("summary", null, "The same as a table"));
    this.card = h("div", { class: "card map" }, this.controls(), this.box, this.foot(), this.table);
    this.listen();
    this.view(VIEWS[0]);
  }

  controls() {
    const all = open => () => this.openAll(open);
    const button = (text, onclick) => h("button", { class: "button", type: "button", onclick }, text);
    const views = choice("Files of the matrix", VIEWS, view => this.view(view));
    const edges = choice("Imports of the matrix", EDGES, ({ wanted }) => this.restrict(wanted));
    const buttons = [button("Open all", all(true)), button("Close all", all(false))];
    return h("div", { class: "crumbs" }, cycles.length > 0 && views, edges, buttons);
  }

  foot() {
    const mark = (name, words) => h("span", null, h("i", { class: name }), words);
    const marks = [mark("forward", "imports"), mark("backward", "against the order"), mark("incycle", "in a cycle")];
    return h("div", { class: "mapfoot" }, this.info, h("span", { class: "scale marks" }, marks));
  }

  listen() {
    const { box } = this;
    box.addEventListener("scroll", () => this.paint(), { passive: true });
    box.addEventListener("keydown", event => this.key(event));
    box.addEventListener("focus", () => this.arrive());
    box.addEventListener("blur", () => this.paint());
    box.addEventListener("mousemove", event => this.point(event));
    box.addEventListener("mouseleave", () => this.point(null));
    box.addEventListener("click", event => this.press(event));
    this.table.addEventListener("toggle", () => this.fillTable());
    new ResizeObserver(() => this.paint()).observe(box);
    new MutationObserver(() => this.paint()).observe(document.documentElement, { attributes: true });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.paint());
  }

  arrive() {
    this.paint();
    this.tell();
  }

  view({ of, cycle }) {
    Object.assign(this, growItems(of()), { cycle });
    if (cycle) this.eachFolder(item => Object.assign(item, { open: true }));
    else openSome(this.root);
    this.at = { row: 0, column: -1 };
    this.update();
    this.sayView();
  }

  sayView() {
    this.info.replaceChildren();
    if (!this.cycle) return;
    const n = this.cycle.cut.size;
    const words = `Each of these files in ${homeOf(this.cycle.nodes)} leads to all others. Without ${n === 1 ? "the import" : `the ${n} imports`} in a frame there is no cycle; fewer may do.`;
    this.info.append(h("p", null, words));
  }

  restrict(wanted) {
    this.wanted = wanted;
    this.update();
  }

  eachFolder(act, item = this.root) {
    for (const child of item.children) {
      if (!child.children) continue;
      act(child);
      this.eachFolder(act, child);
    }
  }

  openAll(open) {
    this.eachFolder(item => Object.assign(item, { open }));
    this.at = { row: 0, column: -1 };
    this.box.scrollTo(0, 0);
    this.update();
  }

  update() {
    this.items = visibleItems(this.root);
    Object.assign(this, cellsOf(this.items, this.itemOf, this.wanted));
    const height = HEAD + CELL * this.items.length + 2;
    this.space.style.height = `${height}px`;
    this.space.style.width = `${this.labels + CELL * this.items.length + HEAD / 2}px`;
    this.box.style.height = `min(78vh, ${height + 14}px)`;
    this.paint();
    this.fillTable();
  }

  // Where the pointer is, or else the keyboard.
  get pointed() {
    return this.hover || (document.activeElement === this.box ? this.at : NOWHERE);
  }

  get labels() {
    return this.box.clientWidth && this.box.clientWidth < 600 ? NARROW_LABELS : LABELS;
  }

  isCut(row, column) {
    const [start, end] = [this.items[row].node, this.items[column].node];
    return Boolean(this.cycle && start && end && this.cycle.cut.has(keyOf(start, end)));
  }

  // A file that is in a cycle, or a closed folder that holds one within.
  isInCycle(item, row) {
    if (item.node) return item.node.cycle !== null;
    return !item.open && Boolean(this.cells[row].get(row)?.inCycles);
  }

  paint() {
    paintMatrix(this);
  }

  placeOf(event) {
    const { left, top } = this.box.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    if (y < HEAD || x > this.box.clientWidth || y > this.box.clientHeight) return null;
    const row = Math.floor((y - HEAD + this.box.scrollTop) / CELL);
    const column = x < this.labels ? -1 : Math.floor((x - this.labels + this.box.scrollLeft) / CELL);
    return row < this.items.length && column < this.items.length ? { row, column } : null;
  }

  point(event) {
    const place = event && this.placeOf(event);
    this.hover = place;
    this.box.style.cursor = place && (place.column < 0 || this.cells[place.row].has(place.column)) ? "pointer" : "";
    this.paint();
    if (place) this.tell(place);
  }

  press(event) {
    const place = this.placeOf(event);
    if (!place) return;
    this.at = place;
    this.act();
  }

  // Opens or closes a folder, shows a file, lists the imports of a cell.
  act() {
    const { row, column } = this.at;
    const item = this.items[row];
    if (column >= 0) this.tell(this.at, true);
    else if (item.node) this.openNode(item.node);
    else {
      item.open = !item.open;
      this.update();
      this.tell();
    }
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { key } = event;
    const isAct = key === "Enter" || key === " ";
    if (isAct) this.act();
    else if (!this.move(key)) return;
    event.preventDefault();
  }

  move(key) {
    const { row, column } = this.at;
    const last = this.items.length - 1;
    const page = Math.max(1, Math.floor((this.box.clientHeight - HEAD) / CELL) - 1);
    const rows = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -last, End: last };
    if (rows[key]) this.at = { row: Math.max(0, Math.min(last, row + rows[key])), column: -1 };
    else if (key === "ArrowRight") this.at.column = this.filled(row).find(i => i > column) ?? column;
    else if (key === "ArrowLeft") this.at.column = this.filled(row).findLast(i => i < column) ?? -1;
    else return false;
    this.hover = null;
    this.reveal();
    this.paint();
    this.tell();
    return true;
  }

  filled(row) {
    return [...this.cells[row].keys()].sort((a, b) => a - b);
  }

  reveal() {
    const { box, labels } = this;
    const { row, column } = this.at;
    const within = (from, room, at) => Math.min(at, Math.max(from, at + CELL - room));
    box.scrollTop = within(box.scrollTop, box.clientHeight - HEAD, CELL * row);
    if (column >= 0) box.scrollLeft = within(box.scrollLeft, box.clientWidth - labels, CELL * column);
  }

  // The words below: about a row, or a cell with its imports where they are asked for.
  tell(place = this.at, withList = false) {
    const item = this.items[place.row];
    if (!item) return;
    const words = place.column < 0 ? this.rowWords(item, place.row) : this.cellWords(place);
    this.info.replaceChildren();
    fill(this.info, null, [h("p", null, words), withList && this.listOf(place)]);
  }

  rowWords(item, row) {
    const outward = this.filled(row).filter(column => column !== row);
    const inward = this.cells.filter((cells, other) => other !== row && cells.has(row));
    const size = item.size ? `, ${count(item.size, "file")}` : "";
    const imports = item.open
      ? ""
      : ` · imports ${count(outward.length, "row")}, imported by ${whole.format(inward.length)}`;
    const cycle = this.isInCycle(item, row) ? " · in a cycle" : "";
    return [h("b", null, nameOf(item)), `${size}${imports}${cycle}`];
  }

  cellWords({ row, column }) {
    const cell = this.cells[row].get(column);
    const names = [h("b", null, nameOf(this.items[row])), " → ", h("b", null, nameOf(this.items[column]))];
    if (!cell) return [names, ": no import"];
    const cycle = cell.inCycles
      ? `, ${cell.inCycles === cell.count ? "all" : whole.format(cell.inCycles)} in cycles`
      : "";
    return [names, `: ${count(cell.count, "import")}${cycle}`];
  }

  // The imports of a cell, file by file.
  listOf({ row, column }) {
    const edges = [];
    for (const [node, at] of this.rowOf) {
      if (at === row) edges.push(...node.out.filter(edge => this.wanted(edge) && this.rowOf.get(edge.end) === column));
    }
    const draw = edge =>
      h(
        "li",
        { class: edge.inCycle ? "incycle" : "" },
        fileLink(edge.start, edge.start.path),
        " → ",
        fileLink(edge.end, edge.end.path),
      );
    edges.sort((a, b) => b.inCycle - a.inCycle);
    return paged(h("ul", { class: "notes" }), { items: edges, draw, step: 20 });
  }

  // For those who hear the page, and for paper: each cell of the matrix as a row.
  fillTable() {
    for (const old of [...this.table.children].slice(1)) old.remove();
    if (!this.table.open) return;
    const rows = [...this.items.keys()].flatMap(row => this.filled(row).map(column => ({ row, column })));
    const draw = place => {
      const { count: all, inCycles } = this.cells[place.row].get(place.column);
      const [start, end] = [this.items[place.row], this.items[place.column]].map(nameOf);
      return h(
        "tr",
        null,
        h("th", { scope: "row" }, start),
        h("td", null, end),
        [all, inCycles].map(n => h("td", null, n)),
      );
    };
    const titles = ["From", "To", "Imports", "In cycles"].map(text => h("th", { scope: "col" }, text));
    const [body, more] = paged(h("tbody"), { items: rows, draw });
    const table = h("table", { class: "plain pairs" }, h("thead", null, h("tr", null, titles)), body);
    this.table.append(h("div", { class: "inside" }, table, more));
  }
}
