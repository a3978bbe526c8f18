// What stands above a table: a search, a choice of levels, and filters that came from elsewhere.

import { hasFinding, KINDS } from "./data.js";
import { h } from "./dom.js";

const LEVEL_TESTS = { all: null, any: row => row.status > 0, warning: hasFinding(1), error: hasFinding(2) };

const spelled = text => text.toLowerCase().split(/\s+/).filter(Boolean);

// Every word of the text must be found in what `hay` says of a row.
function matcher(text, hay) {
  const words = spelled(text);
  if (!words.length) return null;
  return row => {
    const all = hay(row);
    return words.every(word => all.includes(word));
  };
}

function searchBox(table, { placeholder, hay }) {
  const attributes = { type: "search", placeholder, "aria-label": placeholder, spellcheck: "false" };
  const search = h("input", attributes);
  search.addEventListener("input", () => table.filter("text", matcher(search.value, hay)));
  return search;
}

function levelChoice(table) {
  const options = [
    ["all", `All ${table.noun}s`],
    ["any", "Warnings and errors"],
    ["warning", "Warnings"],
    ["error", "Errors"],
  ];
  const choose = event => table.filter("level", LEVEL_TESTS[event.target.value]);
  const option = ([value, text]) => h("option", { value }, text);
  return h("select", { "aria-label": "Findings", onchange: choose }, options.map(option));
}

// A choice of product, test and generated code, where there is more than one of them. Gives the table its `ofProduct`.
export function kindChoice(table, kindOf) {
  const kinds = KINDS.filter(kind => table.all.some(row => kindOf(row) === kind));
  table.ofProduct = () => {};
  if (kinds.length < 2) return [];
  const option = (value, text) => h("option", { value }, text);
  const options = [
    option("", "All code"),
    ...kinds.map(kind => option(kind, `${kind[0].toUpperCase()}${kind.slice(1)} code`)),
  ];
  const choice = h("select", { "aria-label": "Kind of code" }, options);
  const choose = () => table.filter("kind", choice.value ? row => kindOf(row) === choice.value : null);
  choice.addEventListener("change", choose);
  table.ofProduct = () => {
    choice.value = kinds.includes("product") ? "product" : "";
    choose();
  };
  return [choice];
}

// Filters that came from a histogram or from the map, each a button that takes it away. Gives the table its `narrow`.
function dropBox(table, search) {
  const drops = h("span", { style: { display: "contents" } });
  const drop = (name, text) => {
    const away = () => {
      table.narrow(name, "", null);
      search.focus();
    };
    const attributes = { "data-name": name, "aria-label": `Remove filter: ${text}`, onclick: away };
    return h("button", { class: "drop", type: "button", ...attributes }, `${text}  ×`);
  };
  table.narrow = (name, text, test) => {
    table.filter(name, test);
    for (const old of [...drops.children]) if (old.getAttribute("data-name") === name) old.remove();
    if (test) drops.append(drop(name, text));
  };
  return drops;
}

// Gives the table its `only`: no other filter but a level.
function clearing(table, { search, levels, extra, drops }) {
  table.only = level => {
    search.value = "";
    for (const choice of extra) choice.selectedIndex = 0;
    levels.value = level;
    drops.replaceChildren();
    table.filters.clear();
    table.filter("level", LEVEL_TESTS[level]);
  };
}

export function withFilters(table, { placeholder, hay, extra = [] }) {
  const search = searchBox(table, { placeholder, hay });
  const levels = levelChoice(table);
  const drops = dropBox(table, search);
  clearing(table, { search, levels, extra, drops });
  const filters = h("div", { class: "filters" }, search, levels, extra, table.sorter, drops, table.count);
  return h("div", { class: "card" }, filters, table.grid, table.none);
}
