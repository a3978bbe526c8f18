// The map: a treemap of folders, files and functions that can be walked into.

import { ofCode } from "./data.js";
import { $, fill, h } from "./dom.js";
import { changeTone, hasCoverage, hottest } from "./history.js";
import { roving } from "./pieces.js";
import { inPoints, pointsText, timesAverage } from "./points.js";
import { openFunction } from "./sheet.js";
import { gatherSmall, growTree, squarify, withFunctions } from "./tree.js";
import { count, number, tone } from "./words.js";

const HELP = "Treemap: area is lines of code. Arrow keys move, Enter goes in, Escape goes out.";
const GROUP_BELOW = 46; // pixels: a folder that is narrower or lower is drawn as one tile

const countIf = (n, noun) => n > 0 && ` · ${count(n, noun)}`;

const linesIn = node => count(node.lines, "line") + ofCode;

// What stands under the map about the node that the pointer or the focus is on.
function facts(node) {
  const { subject } = node;
  const own = subject ? " of its own" : "";
  return [
    h("b", null, subject ? node.name : node.path || "All files"),
    h("br"),
    `${linesIn(node)}${own} · health ${number(Math.round(node.health * 10) / 10)}`,
    node.files > 1 && countIf(node.files, "file"),
    node.functions !== undefined && ` · ${count(node.functions, "function")}`,
    ` · ${pointsText(inPoints(node.lost))} of the project's points`,
    countIf(node.errors, "error"),
    countIf(node.warnings, "warning"),
    node.hottest > 0 && ` · priority ${number(Math.round(node.hottest * 10) / 10)}${subject ? "" : " at most"}`,
    node.coverable > 0 && ` · tests ran ${number(Math.round(100 * shareOf(node)))} %`,
    subject && subject.values.cognitive !== null && ` · cognitive ${subject.values.cognitive}`,
  ];
}

// How many times the average a tile's lines cost: bounds between the tones, the worst first.
const MULTIPLES = [3, 2, 1, 0.5, 0.25, 0.05];

function costTone(node) {
  const times = timesAverage(node.lost, node.area);
  return MULTIPLES.filter(bound => times < bound).length;
}

// What the colours can say: the name of the choice, the tone of a node, the ends of the scale.
const SHARES = [0.2, 0.4, 0.6, 0.75, 0.9, 0.97]; // of what tests ran: bounds between the tones, the worst first
const shareOf = node => node.covered / node.coverable;

function coverageTone(node) {
  return node.coverable ? SHARES.filter(bound => shareOf(node) >= bound).length : null;
}

const COLOURINGS = {
  health: { title: "Colour: health", toneOf: node => tone(node.health), ends: ["0", "100 health"] },
  points: { title: "Colour: points per line", toneOf: costTone, ends: ["3 × average", "no points"] },
  change: {
    title: "Colour: change × complexity",
    toneOf: node => changeTone(node.hottest, hottest),
    ends: ["fix first", "unchanged"],
  },
  coverage: { title: "Colour: coverage by tests", toneOf: coverageTone, ends: ["0 %", "100 % ran"] },
};
const isThere = { health: true, points: true, change: hottest > 0, coverage: hasCoverage };
const FIRST_COLOURING = isThere.change ? "change" : "health";

export const colourWords = () =>
  isThere.change
    ? "change × complexity, of a file that of its worst function"
    : "health, or the points that each line costs";

function colourChoice(choose) {
  const option = key => h("option", { value: key, selected: key === FIRST_COLOURING }, COLOURINGS[key].title);
  const onchange = event => choose(event.target.value);
  const keys = Object.keys(COLOURINGS).filter(key => isThere[key]);
  return h("select", { "aria-label": "Colour of the map", onchange }, keys.map(option));
}

const toneClass = tone => (tone === null ? "unknown" : `h${tone}`);
const ALL_TONES = [0, 1, 2, 3, 4, 5, 6];

function scaleParts([least, most]) {
  const colours = ALL_TONES.map(i => h("i", { class: `h${i}` }));
  return [least, h("span", null, colours), most];
}

// leaf: a file, a function; folder: drawn with what is in it; group: drawn as one tile.
function shapeOf(node, { width, height }) {
  if (!node.folders) return "leaf";
  return node.few || width < GROUP_BELOW || height < GROUP_BELOW ? "group" : "folder";
}

function tileName(node, kind, { width, height }) {
  if (width <= 34 || height <= 18) return null;
  return h("span", { "aria-hidden": true }, node.name + (kind === "group" && !node.few ? "/" : ""));
}

const pixels = box => ({
  left: `${box.x}px`,
  top: `${box.y}px`,
  width: `${Math.max(1, box.width - 1)}px`,
  height: `${Math.max(1, box.height - 1)}px`,
});

export class TreeMap {
  constructor(showInTable) {
    this.root = growTree();
    this.current = this.root;
    this.crumbs = h("ol");
    this.info = h("p", { "aria-live": "polite" });
    const list = () => showInTable(this.current);
    this.list = h("button", { class: "button", type: "button", onclick: list }, "List its functions");
    const heard = { onmouseleave: () => this.tell(this.current), onkeydown: event => this.key(event) };
    this.box = h("div", { class: "tree", role: "group", "aria-label": HELP, ...heard });
    this.aimAtFirst = roving(this.box);
    this.scale = h("span", { class: "scale" });
    const head = h(
      "div",
      { class: "crumbs" },
      this.crumbs,
      this.list,
      colourChoice(key => this.colour(key)),
    );
    const foot = h("div", { class: "mapfoot" }, this.info, this.scale);
    this.colours = COLOURINGS[FIRST_COLOURING];
    this.card = h("div", { class: "card map" }, head, this.box, foot);
    this.width = 0;
    new ResizeObserver(() => this.resize()).observe(this.box);
  }

  resize() {
    if (this.box.clientWidth === this.width) return;
    this.width = this.box.clientWidth;
    this.render();
  }

  colour(key) {
    this.colours = COLOURINGS[key];
    this.render();
  }

  key(event) {
    if ((event.key !== "Escape" && event.key !== "Backspace") || !this.current.parent) return;
    event.preventDefault();
    this.zoom(this.current.parent);
  }

  tell(node) {
    this.info.replaceChildren();
    fill(this.info, null, facts(node));
  }

  tile(node, kind, box) {
    const tell = () => this.tell(node);
    const attributes = {
      type: "button",
      tabindex: -1,
      class: `${kind === "folder" ? "" : toneClass(this.colours.toneOf(node))} ${kind}`,
      "aria-label": `${node.name}, ${linesIn(node)}, health ${node.health.toFixed(0)}, ${pointsText(inPoints(node.lost))} points`,
      style: pixels(box),
      onclick: () => (node.subject ? openFunction(node.subject) : this.zoom(node)),
      onfocus: tell,
      onmouseenter: tell,
    };
    this.box.append(h("button", attributes, tileName(node, kind, box)));
  }

  draw(nodes, box) {
    squarify(gatherSmall(nodes, box.width * box.height), box, (node, part) => {
      const kind = shapeOf(node, part);
      this.tile(node, kind, part);
      if (kind !== "folder") return;
      // Inside the folder's edge and below its name.
      this.draw(node.children, { x: part.x + 3, y: part.y + 21, width: part.width - 7, height: part.height - 25 });
    });
  }

  render() {
    const { current, box } = this;
    box.replaceChildren();
    const { children } = current.file ? withFunctions(current) : current;
    if (children.length) this.draw(children, { x: 0, y: 0, width: box.clientWidth + 1, height: box.clientHeight + 1 });
    else box.append(h("p", { class: "empty" }, "No function in this file."));
    this.aimAtFirst();
    this.crumbs.replaceChildren(...this.trail().map(node => h("li", null, this.crumb(node))));
    this.list.hidden = current === this.root;
    this.scale.replaceChildren();
    fill(this.scale, null, scaleParts(this.colours.ends));
    this.tell(current);
  }

  trail() {
    const trail = [];
    for (let node = this.current; node; node = node.parent) trail.unshift(node);
    return trail;
  }

  crumb(node) {
    const current = node === this.current && "true";
    return h("button", { type: "button", "aria-current": current, onclick: () => this.zoom(node) }, node.name);
  }

  zoom(node) {
    this.current = node;
    this.render();
    (this.box.querySelector("button") || this.crumbs.querySelector("button")).focus({ preventScroll: true });
    this.tell(node);
  }

  show(path) {
    const seek = node => (node.path === path && !node.few ? node : (node.children || []).map(seek).find(Boolean));
    const found = seek(this.root);
    if (found) this.zoom(found);
    $("map").scrollIntoView();
  }
}
