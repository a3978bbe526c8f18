// What to fix first: complex code that changes often, ranked by function, file, folder or owner; and what changes together.

import { spark } from "./curve.js";
import { fileByPath } from "./data.js";
import { h } from "./dom.js";
import { changeTone, past, spots } from "./history.js";
import { clip, enclosing, paged, section, where } from "./pieces.js";
import { openFile, openFunction } from "./sheet.js";
import { number } from "./words.js";

const STEP = 10;
const listed = spots.filter(f => f.past.isListed);
const folderOfFile = file => file.path.slice(0, file.path.lastIndexOf("/") + 1).replace(/\/$/, "") || ".";
const ownersOf = file => (file.past?.owners.length ? file.past.owners : ["no owner"]);

// What can be ranked: the rows, the name of one, what a click does; `within` tells which functions are of a row.
const RANKINGS = {
  function: { title: "Functions", rows: listed, facts: functionFacts },
  file: { title: "Files", rows: past?.files || [], facts: fileFacts },
  folder: {
    title: "Folders",
    rows: past?.folders || [],
    facts: partFacts,
    within: path => file => samePath(folderOfFile(file), path),
  },
  owner: {
    title: "Owners",
    rows: past?.owners || [],
    facts: partFacts,
    within: owner => file => ownersOf(file).includes(owner),
  },
  coupling: { title: "Changed together", rows: past?.couplings || [], facts: couplingFacts },
};

const samePath = (one, other) => one === other.replace(/\/$/, "");

function functionFacts(f, list) {
  const { priority, why, hint, points } = f.past;
  const scope = f.scope && h("bdi", { class: "soft" }, ` in ${enclosing(f)}`);
  const name = [h("span", { class: "clip" }, h("bdi", { class: "name" }, f.name), scope), clip(where(f))];
  return {
    priority,
    name,
    why,
    hint,
    curve: spark(points.map(([, { cognitive }]) => cognitive ?? 0)),
    act: () => openFunction(f, list),
  };
}

function fileFacts([path, priority, , , , , why]) {
  const file = fileByPath.get(path);
  return {
    priority,
    name: h("span", { class: "clip left name" }, h("bdi", null, path)),
    why,
    act: () => file && openFile(file),
  };
}

function couplingFacts([path, degree, why, other]) {
  const file = fileByPath.get(path);
  return {
    priority: degree,
    name: h("span", { class: "clip left name" }, h("bdi", null, `${path} and ${other}`)),
    why,
    act: () => file && openFile(file),
  };
}

function partFacts([name, priority, why], _, choose) {
  return {
    priority,
    name: h("span", { class: "clip name" }, h("bdi", null, name || ".")),
    why,
    act: () => choose(name),
  };
}

function rankedRow({ priority, name, why, hint, curve, act }, most) {
  const value = number(priority < 100 ? Math.round(priority * 10) / 10 : Math.round(priority));
  const weight = h("span", { class: `score h${changeTone(priority, most)}` }, value);
  const words = h(
    "span",
    { class: "words" },
    name,
    h("span", { class: "why" }, why),
    hint && h("span", { class: "hint" }, hint),
  );
  return h("li", null, h("button", { type: "button", onclick: act }, weight, words, curve));
}

class FirstList {
  constructor() {
    this.by = RANKINGS[past.by]?.rows.length ? past.by : "function";
    this.part = null;
    this.box = h("div", { class: "card ranking" });
    this.draw();
  }

  chooser() {
    const kinds = Object.keys(RANKINGS).filter(kind => RANKINGS[kind].rows.length);
    const option = kind => h("option", { value: kind, selected: kind === this.by }, RANKINGS[kind].title);
    const choose = event => this.show(event.target.value, null);
    return h("select", { "aria-label": "Rank by", onchange: choose }, kinds.map(option));
  }

  show(by, part) {
    Object.assign(this, { by, part });
    this.draw();
    this.box.querySelector("select").focus();
  }

  // A folder or an owner that was chosen, and the way back to all.
  dropper() {
    if (!this.part) return null;
    const { kind, name } = this.part;
    const back = () => this.show(kind, null);
    return h(
      "button",
      { class: "drop", type: "button", "aria-label": `Remove filter: ${name}`, onclick: back },
      `${name}  ×`,
    );
  }

  draw() {
    const { rows: all, facts } = RANKINGS[this.by];
    const rows = this.part ? all.filter(f => this.part.test(f.file)) : all;
    const list = { rows, act: openFunction };
    const kind = this.by;
    const choose = name => this.show("function", { kind, name, test: RANKINGS[kind].within(name) });
    const factsOf = row => facts(row, list, choose);
    const most = rows.length ? factsOf(rows[0]).priority || 1 : 1;
    const items = paged(h("ol"), { items: rows, draw: row => rankedRow(factsOf(row), most), step: STEP });
    const none = rows.length === 0 && h("p", { class: "empty" }, "Nothing here changed in this time.");
    this.box.replaceChildren(
      h("div", { class: "filters" }, this.chooser(), this.dropper() || ""),
      ...items,
      none || "",
    );
  }
}

export function showFirst() {
  const note = `${past.title.replace(/^Fix first: /, "")}. Complexity × change: each says why.`;
  const remarks = past.remarks.map(text => h("p", { class: "soft remark" }, text));
  section("first", { title: "Fix first", note }, new FirstList().box, remarks);
}
