// The sections at the end: clones, and what else is to be said of the run.

import { files, summary } from "./data.js";
import { h, seen } from "./dom.js";
import { label, pastWord } from "./metrics.js";
import { findingText, paged, section } from "./pieces.js";
import { hrefOf } from "./place.js";
import { openFile } from "./sheet.js";
import { coloured } from "./source.js";
import { count, number, whole } from "./words.js";

const CLONE_STEP = 8; // groups, and places of one group, drawn at once

const fileOf = number => files.find(file => file.path === summary.duplication.files[number][0]);

function clonePlace([number, first, last], list) {
  const [path] = summary.duplication.files[number];
  const follow = event => {
    event.preventDefault();
    openFile(fileOf(number), list());
  };
  const link = h("a", { href: hrefOf(seen(path)), onclick: follow }, `${path}:${first}–${last}`);
  return h("li", { class: "mono" }, link);
}

// The files of a group, each once; one group is looked through file by file.
function filesOf(places) {
  let list = null;
  return () => {
    list ||= { rows: [...new Set(places.map(place => place[0]))].map(fileOf), act: openFile };
    return list;
  };
}

function cloneGroup([exact, tokens, lines, places, excerpt]) {
  const chip = text => h("span", { class: "chip" }, text);
  const chips = [count(tokens, "token"), exact ? "identical" : "names or literals differ"].map(chip);
  const title = h("h3", null, `${count(lines, "line")} in ${count(places.length, "place")}`, chips);
  const code = coloured(excerpt.join("\n")).map(line => [line, "\n"]);
  const list = filesOf(places);
  const shown = paged(h("ul"), { items: places, draw: place => clonePlace(place, list), step: CLONE_STEP });
  return h(
    "article",
    { class: "card clone" },
    title,
    shown,
    excerpt.length > 0 && h("pre", { class: "excerpt" }, code),
  );
}

export function showDuplication() {
  if (!summary.duplication) return;
  const { share, groups } = summary.duplication;
  const words = `${number(share)} % of all tokens are in clones. First where one copy would save most.`;
  const note = groups.length ? words : "No clones found.";
  const list = paged(h("div"), { items: groups, draw: cloneGroup, step: CLONE_STEP });
  section("duplication", { title: "Duplication", note }, list);
}

// To the function around a line, else to the file.
const lineLink = (path, line, text) => h("a", { href: hrefOf(`${seen(path)}:${line}`) }, text);

const problemItem = ([path, [line, column, message]]) =>
  h("li", null, lineLink(path, line, `${path}:${line}:${column}`), " ", message);
const skippedItem = ([path, reason]) => h("li", null, h("b", null, path), " ", reason);
const noticeItem = ([path, [line, , message]]) => h("li", null, lineLink(path, line, `${path}:${line}`), " ", message);

const unresolvedItem = ([path, specifier, line, why]) =>
  h("li", null, lineLink(path, line, `${path}:${line}`), " ", h("b", null, specifier), ` ${why}`);

function suppressedItem([path, [line, name, metric, level, value, limit, reason]]) {
  const words = `${name || "the file"}: ${findingText([metric, level, value, limit])}`;
  const why = h("span", { class: "soft" }, reason || "no reason given");
  return h("li", null, lineLink(path, line, `${path}:${line}`), " ", words, h("br"), why);
}

// A closed box costs nothing: what is in it is made when it opens.
function fold(title, notes, body) {
  const head = h(
    "summary",
    null,
    title,
    notes.map(text => h("span", null, text)),
  );
  const box = h("details", { class: "card" }, head);
  box.addEventListener("toggle", () => box.append(h("div", { class: "inside" }, body())), { once: true });
  return box;
}

function limitsTable() {
  const titles = ["Metric", "Warning", "Error"].map(title => h("th", { scope: "col" }, title));
  const row = ([metric, limits]) =>
    h(
      "tr",
      null,
      h("th", { scope: "row" }, label(metric)),
      limits.map(limit => h("td", null, limit === null ? number(limit) : `${pastWord(metric)} ${number(limit)}`)),
    );
  const rows = Object.entries(summary.thresholds).map(row);
  return h("table", { class: "plain" }, h("thead", null, h("tr", null, titles)), h("tbody", null, rows));
}

const ofAllFiles = key => files.flatMap(file => file[key].map(item => [file.path, item]));

// Title, what is in it, what draws one of them, a note.
const blocks = () => [
  ["Syntax errors", ofAllFiles("errors"), problemItem, "what could be read of these files was measured"],
  ["Skipped files", summary.skipped, skippedItem, "not measured"],
  ["Imports not found", summary.graph?.unresolved || [], unresolvedItem, "what they name is not there"],
  ["Suppressed findings", ofAllFiles("suppressed"), suppressedItem, "silenced by a comment in the source"],
  ["Notices", ofAllFiles("notices"), noticeItem, ""],
];

function block([title, items, draw, note]) {
  return fold(title, [whole.format(items.length), note], () => paged(h("ul", { class: "notes" }), { items, draw }));
}

export function showNotes() {
  const filled = blocks().filter(([, items]) => items.length);
  const limits = fold("Limits", ["what the findings are measured against"], limitsTable);
  section("notes", { title: "Notes", note: "" }, filled.map(block), limits);
}
