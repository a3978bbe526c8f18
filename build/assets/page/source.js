// Source lines with the increments of a function beside them.

import { h, seen } from "./dom.js";
import { count, sum } from "./words.js";

// Comments, template strings, strings, numbers, words.
const WORDS =
  /\/\/.*|\/\*[\s\S]*?(?:\*\/|$)|`(?:\\[\s\S]|[^`\\])*(?:`|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|\b\d[\w.]*|[A-Za-z_$][\w$]*/g;
const KEYWORDS = new Set(
  (
    "abstract as async await break case catch class const continue default delete do else enum export extends " +
    "false finally for from function get if implements import in instanceof interface let new null of private " +
    "protected public readonly return satisfies set static super switch this throw true try type typeof undefined " +
    "var void while yield"
  ).split(" "),
);

// The class of a word: c, comment; s, string; n, number; k, keyword.
function classOf(word) {
  if (/^\/[/*]/.test(word)) return "c";
  if (/^["'`]/.test(word)) return "s";
  if (/^\d/.test(word)) return "n";
  return KEYWORDS.has(word) ? "k" : "";
}

// Colours a run of lines; a string or comment that spans lines is cut at each line's end.
export function coloured(text) {
  const lines = [[]];
  const put = (piece, kind) =>
    piece.split("\n").forEach((part, i) => {
      if (i) lines.push([]);
      if (part) lines.at(-1).push(kind ? h("span", { class: kind }, part) : seen(part));
    });
  let last = 0;
  for (const { 0: word, index } of text.matchAll(WORDS)) {
    const kind = classOf(word);
    if (!kind) continue;
    put(text.slice(last, index));
    put(word, kind);
    last = index + word.length;
  }
  put(text.slice(last));
  return lines;
}

const within = (f, line) => line >= f.line && line <= f.end;

// What finds the indentation that all lines of a function share: it is taken away, for phones are narrow.
function sharedIndent(source, f) {
  const own = source.flatMap(([first, text]) =>
    text.split("\n").filter((line, i) => line.trim() && within(f, first + i)),
  );
  const least = own.reduce((a, line) => Math.min(a, line.match(/^[ \t]*/)[0].length), own.length ? 200 : 0);
  return least ? new RegExp(`^[ \\t]{1,${least}}`, "gm") : null;
}

// A point is [line, column, cost, reason, nesting].
export const totalOf = points => sum(points.map(point => point[2]));
const reason = ([, , cost, words, nesting]) => `+${cost} ${words}${nesting ? ` (nesting ${nesting})` : ""}`;
const reasonsOf = (metric, points) => points.length && `${metric} ${points.map(reason).join(", ")}`;

const startsAfter = (f, g) => g.line > f.line || (g.line === f.line && g.column > f.column);

function innerFunctions(f) {
  if (f.kind === "module") return [];
  return f.file.functions.filter(g => g !== f && startsAfter(f, g) && g.end <= f.end);
}

// [line, its coloured pieces] for the lines of a function that are there, [number of lines] for a gap between them.
function rowsOf(f, source) {
  const rows = [];
  const indent = sharedIndent(source, f);
  let next = f.line;
  for (const [first, text] of source) {
    const lines = coloured(indent ? text.replace(indent, "") : text);
    if (first > f.end || first + lines.length <= f.line) continue;
    if (first > next) rows.push([first - next]);
    const numbered = lines.map((line, i) => [first + i, line]);
    rows.push(...numbered.filter(([n]) => within(f, n)));
    next = Math.max(next, first + lines.length);
  }
  return rows;
}

// A line that costs, a line of an inner function, or neither.
function lineClass(line, costs, inner) {
  if (costs) return "costs";
  return inner.some(g => g.line < line && line < g.end) ? "nested" : "";
}

// The rows of a function's source, and what draws one; openInner is called with the inner function that was chosen.
export function codeLines(f, { points, source }, openInner) {
  const [cyclomatic = [], cognitive = []] = points[f.index] || [];
  const inner = innerFunctions(f);
  const start = g =>
    h("em", null, h("button", { type: "button", onclick: () => openInner(g) }, `↳ ${g.name} counts for itself`));
  const cost = points => h("span", null, points.length ? `+${totalOf(points)}` : "");
  const draw = ([line, text]) => {
    if (text === undefined) return h("li", { class: "gap" }, `${count(line, "line")} at no cost`);
    const [cy, co] = [cyclomatic, cognitive].map(all => all.filter(point => point[0] === line));
    const why = [reasonsOf("cyclomatic", cy), reasonsOf("cognitive", co)].filter(Boolean).join(" · ");
    const starts = inner.filter(g => g.line === line).map(start);
    const code = h("span", null, text, why && h("em", null, why), starts);
    const name = lineClass(line, cy.length || co.length, inner);
    return h("li", { class: name }, h("span", null, line), cost(cy), cost(co), code);
  };
  return { rows: rowsOf(f, source), draw };
}
