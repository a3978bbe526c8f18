// The sheet that slides in: one function with what costs, or one file with its functions.

import { files, functions, unpack } from "./data.js";
import { $, h } from "./dom.js";
import { meters } from "./meters.js";
import { OF_FILE, OF_FUNCTION } from "./metrics.js";
import { badge, enclosing, paged, score } from "./pieces.js";
import { codeLines, totalOf } from "./source.js";
import { count, number, whole } from "./words.js";

const CODE_STEP = 1500; // lines drawn at once

const sheet = $("sheet");
// What is open: the table that it was opened from, if any, and its row there; and how often something was opened.
const now = { table: null, row: null, opened: 0 };

let showOnMap = null;
export function linkMap(show) {
  showOnMap = show;
}

const turns = () => [...sheet.querySelectorAll("header .button")];

// A button to the row before or after this one in the table.
function turn(text, key, row) {
  const { table } = now;
  const attributes = { disabled: !row, title: `Key: ${key}`, onclick: () => table.act(row, table) };
  return h("button", { class: "button", type: "button", ...attributes }, text);
}

function sheetHeader() {
  const rows = now.table ? now.table.rows : [];
  const at = rows.indexOf(now.row);
  const place = h("span", null, at < 0 ? "" : `${whole.format(at + 1)} of ${whole.format(rows.length)}`);
  const previous = turn("‹ Previous", "p", at < 0 ? null : rows[at - 1]);
  const next = turn("Next ›", "n", at < 0 ? null : rows[at + 1]);
  const close = h("button", { class: "button", type: "button", onclick: () => sheet.close() }, "Close");
  return h("header", null, place, previous, next, close);
}

function show(address, content) {
  const held = turns().indexOf(document.activeElement);
  sheet.replaceChildren(h("div", { class: "sheet" }, sheetHeader(), content));
  if (!sheet.open) sheet.showModal();
  const again = turns()[held];
  (again && !again.disabled ? again : sheet).focus();
  sheet.scrollTop = 0;
  history.replaceState(null, "", `#/${encodeURI(address)}`);
}

const heading = (subject, text) => h("h2", { id: "sheet-title" }, score(subject.health), h("bdi", null, text));
const link = (text, onclick) => h("button", { type: "button", onclick }, text);

// How a number comes about: what the function itself counts, and its points.
function sumOf({ name, kind, value, points }) {
  if (value === null) return null;
  const base = value - totalOf(points);
  const own = base ? `${base} for the function + ` : "";
  const words = `${value} = ${own}${totalOf(points)} in ${count(points.length, "point")}`;
  return h("span", null, h("span", { class: kind }, `${name} `), words);
}

function costs(f, detail) {
  if (!f.violations.length) {
    return h("p", { class: "soft" }, "Source lines and increments are kept for functions with findings only.");
  }
  const [cyclomatic = [], cognitive = []] = detail.points[f.index] || [];
  const sums = [
    sumOf({ name: "Cyclomatic", kind: "cy", value: f.values.cyclomatic, points: cyclomatic }),
    sumOf({ name: "Cognitive", kind: "co", value: f.values.cognitive, points: cognitive }),
  ];
  const lines = paged(h("ol"), { ...listOf(f, detail), step: CODE_STEP });
  const attributes = { tabindex: 0, role: "region", "aria-label": "Source lines with increments" };
  return [h("div", { class: "key" }, sums), h("div", { class: "card code", ...attributes }, lines)];
}

function listOf(f, detail) {
  const { rows, draw } = codeLines(f, detail, openFunction);
  return { items: rows, draw };
}

export async function openFunction(f, table = null) {
  now.table = table;
  now.row = f;
  const ticket = ++now.opened;
  const detail = await unpack(f.file);
  if (ticket !== now.opened) return;
  const file = link(f.file.path, () => openFile(f.file));
  const scope = f.scope && `in ${enclosing(f)} · `;
  show(`${f.file.address}:${f.line}:${f.column}`, [
    heading(f, f.name),
    h("p", { class: "path" }, scope, `${f.kind.replaceAll("_", " ")} · `, file, `:${f.line}–${f.end}`),
    meters(f, OF_FUNCTION, f.file),
    h("h3", null, "What costs"),
    costs(f, detail),
  ]);
}

const isPlain = ({ values, violations }) => values.cyclomatic <= 1 && !values.cognitive && !violations.length;

function moduleCode(module) {
  if (!module || isPlain(module)) return null;
  const { cyclomatic, cognitive } = module.values;
  const open = () => openFunction(module);
  const more = h("button", { class: "button", type: "button", onclick: open }, "What costs");
  const words = `cyclomatic ${number(cyclomatic)}, cognitive ${number(cognitive)} `;
  return [h("h3", null, "Code outside functions"), h("p", null, words, module.violations.length > 0 && more)];
}

function functionItem(f) {
  const { cyclomatic, cognitive } = f.values;
  const words = `line ${f.line} · cyclomatic ${number(cyclomatic)} · cognitive ${number(cognitive)}`;
  const name = h("span", { class: "clip name" }, h("bdi", null, f.name));
  const middle = h("span", null, name, h("span", { class: "where" }, words));
  const open = () => openFunction(f);
  return h("li", null, h("button", { type: "button", onclick: open }, badge(f.status), middle, score(f.health)));
}

const errorItem = ([line, column, message]) => h("li", null, h("b", null, `line ${line}:${column} `), message);

export function openFile(file, table = null) {
  Object.assign(now, { table, row: file, opened: now.opened + 1 });
  const worst = [...file.functions].sort((a, b) => a.health - b.health || a.line - b.line);
  const toMap = () => {
    sheet.close();
    showOnMap(file.path);
  };
  const found = file.violations.map(v => v[0]).filter(metric => !OF_FILE.includes(metric));
  const size = `${count(file.lines, "line")} · ${count(file.functions.length, "function")} · `;
  const errors = h("ul", { class: "notes" });
  const functionList = h("ul", { class: "card list" });
  show(file.address, [
    heading(file, file.path),
    h("p", { class: "path" }, size, link("show on the map", toMap)),
    meters(file, [...OF_FILE, ...found], file),
    moduleCode(file.module),
    file.errors.length > 0 && [h("h3", null, "Syntax errors"), paged(errors, { items: file.errors, draw: errorItem })],
    worst.length > 0 && [h("h3", null, "Functions"), paged(functionList, { items: worst, draw: functionItem })],
  ]);
}

sheet.addEventListener("close", () => history.replaceState(null, "", "#"));
sheet.addEventListener("click", event => {
  if (event.target === sheet) sheet.close();
});
sheet.addEventListener("keydown", event => {
  const place = { p: 0, n: 1 }[event.key];
  if (place === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
  const button = turns()[place];
  if (!button.disabled) button.click();
});

function decoded(address) {
  try {
    return decodeURI(address);
  } catch {
    return address; // a stray % in a hand-written address is itself
  }
}

// #/path:line:column opens a function, #/path a file: addresses that a comment or a chat can point to.
export function followAddress() {
  if (!location.hash.startsWith("#/")) return;
  const address = decoded(location.hash.slice(2));
  const found =
    functions.find(f => `${f.file.address}:${f.line}:${f.column}` === address) ||
    functions.find(f => `${f.file.address}:${f.line}` === address);
  const file = files.find(f => f.address === address);
  if (found) openFunction(found);
  else if (file) openFile(file);
}
