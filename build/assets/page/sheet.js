// The sheet that slides in: one function with what costs, or one file with its functions.

import { changesOf, pastOfFile } from "./changes.js";
import { files, ofCode, summary, thresholdsOf, unpack } from "./data.js";
import { $, h } from "./dom.js";
import { isDrawn } from "./graph.js";
import { meters } from "./meters.js";
import { OF_FILE, OF_FUNCTION } from "./metrics.js";
import { neighbours } from "./neighbours.js";
import { badge, enclosing, paged, pathPieces, score } from "./pieces.js";
import {
  arriveAt,
  comeToReport,
  goTo,
  hrefOf,
  isDeep,
  jumpTo,
  leave,
  rememberedList,
  startBelow,
  stay,
  turnTo,
} from "./place.js";
import { pointsOf, pointsText } from "./points.js";
import { codeLines, totalOf } from "./source.js";
import { count, number, whole } from "./words.js";

const CODE_STEP = 1500; // lines drawn at once
const WAY_OF = { p: -1, n: 1 };

const sheet = $("sheet");
// What is open, the list that it was chosen from, and how often something was opened. A list is { rows, act }: a table,
// the cards at the top, the functions of a file.
const now = { row: null, list: null, opened: 0 };

// The tables, and what shows a path on the map.
let linked = null;
export function linkSheet(parts) {
  linked = parts;
}

const byHealth = (a, b) => a.health - b.health || a.line - b.line;

// The functions of a file, and the code outside them where it has findings.
function listOfFile(file) {
  const rest = file.listed.slice(file.functions.length);
  return { rows: [...[...file.functions].sort(byHealth), ...rest], act: openFunction };
}

// The table that a row stands in, as it is sorted; with all its rows where its filters hide this one.
function tableOf(row) {
  const table = row.file ? linked.functions : linked.files;
  return table.rows.includes(row) ? table : { rows: table.all, act: table.act };
}

const headButtons = () => [...sheet.querySelectorAll("header .button")];

// To the row before or after this one in the list. A key that is held down turns faster than sheets are drawn.
function turn(way) {
  const { row, list } = now;
  const next = list.rows[list.rows.indexOf(row) + way];
  if (!next) return;
  list.reach?.(next);
  list.act(next, list, turnTo);
}

function turnButton(text, key, disabled) {
  const onclick = () => turn(WAY_OF[key]);
  return h("button", { class: "button", type: "button", disabled, title: `Key: ${key}`, onclick }, text);
}

function sheetHeader() {
  const { rows } = now.list;
  const at = rows.indexOf(now.row);
  const spot = h("span", null, `${whole.format(at + 1)} of ${whole.format(rows.length)}`);
  const previous = turnButton("‹ Previous", "p", at <= 0);
  const next = turnButton("Next ›", "n", at === rows.length - 1);
  const close = h("button", { class: "button", type: "button", onclick: () => sheet.close() }, "Close");
  return h("header", null, spot, previous, next, close);
}

function show(content, come) {
  const held = headButtons().indexOf(document.activeElement);
  sheet.replaceChildren(h("div", { class: "sheet" }, sheetHeader(), content));
  if (!sheet.open) sheet.showModal();
  const again = headButtons()[held];
  (again && !again.disabled ? again : sheet).focus();
  sheet.scrollTop = (come === stay && history.state?.top) || 0;
}

const heading = (subject, text) =>
  h("h2", { id: "sheet-title" }, score(subject.health), h("bdi", null, pathPieces(text)));

function costOf(subject) {
  const points = pointsOf(subject);
  return (
    points > 0 &&
    ` · ${pointsText(points)} of the ${summary.missing.toFixed(1)} points that the project's health is short of`
  );
}

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
  const { rows, draw } = codeLines(f, detail, g => openFunction(g));
  return { items: rows, draw };
}

// `come` is one of the ways that place.js has to come to a sheet.
export async function openFunction(f, list = listOfFile(f.file), come = goTo) {
  Object.assign(now, { row: f, list });
  come(`${f.file.address}:${f.line}:${f.column}`, list);
  const ticket = ++now.opened;
  const detail = await unpack(f.file);
  if (ticket !== now.opened) return;
  const file = h("a", { href: hrefOf(f.file.address) }, pathPieces(f.file.path));
  const scope = f.scope && `in ${enclosing(f)} · `;
  show(
    [
      heading(f, f.name),
      h("p", { class: "path" }, scope, `${f.kind.replaceAll("_", " ")} · `, file, `:${f.line}–${f.end}`, costOf(f)),
      meters(f, OF_FUNCTION, f.file),
      changesOf(f),
      h("h3", null, "What costs"),
      costs(f, detail),
    ],
    come,
  );
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

const functionItem = list => f => {
  const { cyclomatic, cognitive } = f.values;
  const words = `line ${f.line} · cyclomatic ${number(cyclomatic)} · cognitive ${number(cognitive)}`;
  const name = h("span", { class: "clip name" }, h("bdi", null, f.name));
  const middle = h("span", null, name, h("span", { class: "where" }, words));
  const open = () => openFunction(f, list);
  return h("li", null, h("button", { type: "button", onclick: open }, badge(f.status), middle, score(f.health)));
};

const errorItem = ([line, column, message]) => h("li", null, h("b", null, `line ${line}:${column} `), message);

function titled(title, list, { items, draw }) {
  return items.length > 0 && [h("h3", null, title), paged(list, { items, draw })];
}

function sizeOf(file) {
  const code = ofCode && ` (${whole.format(file.code)}${ofCode})`;
  return `${count(file.lines, "line")}${code} · ${count(file.functions.length, "function")} · `;
}

export function openFile(file, list = tableOf(file), come = goTo) {
  Object.assign(now, { row: file, list, opened: now.opened + 1 });
  come(file.address, list);
  const own = listOfFile(file);
  const items = own.rows.slice(0, file.functions.length);
  const hasMeter = metric => !isDrawn(metric, thresholdsOf(file)[metric]);
  const found = file.violations.map(v => v[0]).filter(metric => !OF_FILE.includes(metric));
  const toMap = h("button", { type: "button", onclick: () => showOnMap(file) }, "show on the map");
  show(
    [
      heading(file, file.path),
      h("p", { class: "path" }, sizeOf(file), toMap, costOf(file)),
      pastOfFile(file),
      meters(file, [...OF_FILE.filter(hasMeter), ...found], file),
      neighbours(file),
      moduleCode(file.module),
      titled("Syntax errors", h("ul", { class: "notes" }), { items: file.errors, draw: errorItem }),
      titled("Functions", h("ul", { class: "card list" }), { items, draw: functionItem(own) }),
    ],
    come,
  );
}

async function showOnMap(file) {
  await jumpTo("#map");
  sheet.close();
  linked.map.show(file.path);
}

sheet.addEventListener("close", leave);
sheet.addEventListener("click", event => {
  if (event.target === sheet) sheet.close();
});
sheet.addEventListener("keydown", event => {
  const way = WAY_OF[event.key];
  if (way && !event.ctrlKey && !event.altKey && !event.metaKey) turn(way);
});

function decoded(address) {
  try {
    return decodeURI(address);
  } catch {
    return address; // a stray % in a hand-written address is itself
  }
}

// The function of that place; else the one that starts in that line; else the innermost around it; else the file.
function functionAt(file, line, column) {
  const starting = file.listed.filter(f => f.line === line);
  const around = file.functions.filter(f => f.line <= line && line <= f.end).sort((a, b) => b.line - a.line);
  return starting.find(f => f.column === column) || starting[0] || around[0] || file;
}

// #/path:line:column means a function, #/path a file: addresses that a comment or a chat can point to.
function subjectAt(hash) {
  if (!hash.startsWith("#/")) return null;
  const address = decoded(hash.slice(2));
  const fileOf = path => files.find(file => file.address === path);
  const [, path, line, column] = address.match(/^(.+?):(\d+)(?::(\d+))?$/) || [];
  const file = fileOf(path);
  return fileOf(address) || (file && functionAt(file, Number(line), Number(column)));
}

function open(subject, list, come) {
  const show = subject.file ? openFunction : openFile;
  show(subject, list?.rows.includes(subject) ? list : tableOf(subject), come);
}

function sayMissing() {
  $("missing")?.remove();
  if (!location.hash.startsWith("#/")) return;
  const words = `This report has nothing at ${decoded(location.hash.slice(2))}.`;
  $("main").prepend(h("p", { class: "card", id: "missing", role: "status" }, words));
}

// To where Back, Forward or an address that somebody wrote has led.
export function followAddress(state) {
  const subject = subjectAt(location.hash);
  if (subject) return open(subject, rememberedList(state), state ? stay : arriveAt);
  sayMissing();
  comeToReport();
  now.opened++;
  sheet.close();
}

// A page that is loaded at a sheet's address: anew, from a link, or once more.
export function openAtStart() {
  const subject = subjectAt(location.hash);
  if (!subject) {
    sayMissing();
    return comeToReport();
  }
  if (isDeep()) return open(subject, null, stay);
  startBelow();
  open(subject, null, goTo);
}
