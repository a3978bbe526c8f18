// The history of a function in its sheet: its numbers over time, and the commits that changed it.

import { chart } from "./curve.js";
import { h } from "./dom.js";
import { paged } from "./pieces.js";
import { count, number } from "./words.js";

const COMMITS_SHOWN = 8;
const SERIES = ["cognitive", "cyclomatic"];

// What a commit made of a number: the one before it is the commit before's, or what it was before all of them.
function stepsOf({ points, before }) {
  const start = before ? { cyclomatic: before[0], cognitive: before[1] } : null;
  return points.map(([commit, numbers], i) => ({ commit, numbers, before: i ? points[i - 1][1] : start }));
}

function deltaWords({ numbers, before }) {
  if (!before) return ["new", `cognitive ${number(numbers.cognitive)}`];
  const change = numbers.cognitive - before.cognitive || numbers.cyclomatic - before.cyclomatic;
  if (!change) return ["", "as complex as before"];
  const name = numbers.cognitive === before.cognitive ? "cyclomatic" : "cognitive";
  return [change > 0 ? "bad" : "good", `${name} ${number(before[name])} → ${number(numbers[name])}`];
}

function commitItem(step) {
  const { id, date, author, subject } = step.commit;
  const [kind, words] = deltaWords(step);
  const about = h("span", { class: "where" }, `${date} · ${author} · ${id}`);
  return h(
    "li",
    null,
    h("span", null, h("span", { class: "clip" }, h("bdi", null, subject)), about),
    h("span", { class: `delta ${kind}` }, words),
  );
}

function drawnSteps(steps) {
  const known = steps.filter(({ numbers }) => numbers.cognitive !== null && numbers.cyclomatic !== null);
  if (known.length < 2) return null;
  const words = i => {
    const { commit, numbers } = known[i];
    return `${commit.date}: cognitive ${numbers.cognitive}, cyclomatic ${numbers.cyclomatic} · ${commit.author}: ${commit.subject}`;
  };
  const series = SERIES.map(name => ({ name, values: known.map(({ numbers }) => numbers[name]) }));
  const key = h(
    "div",
    { class: "key" },
    h("span", { class: "co" }, "Cognitive"),
    h("span", { class: "cy" }, "Cyclomatic"),
  );
  const title = `Cognitive and cyclomatic complexity over ${count(known.length, "commit")}`;
  const drawn = chart({ title, dates: known.map(({ commit }) => commit.date), series, words, inSteps: true });
  return [key, h("div", { class: "card trend" }, drawn)];
}

export function changesOf(f) {
  if (!f.past) return null;
  const { why, hint, priority } = f.past;
  const steps = stepsOf(f.past);
  const items = [...steps].reverse();
  const list =
    items.length > 0 && paged(h("ul", { class: "card commits" }), { items, draw: commitItem, step: COMMITS_SHOWN });
  const words = h("p", { class: "path" }, `Priority ${number(priority)}: ${why}.`);
  return [h("h3", null, "Changes"), words, hint && h("p", { class: "hint" }, hint), drawnSteps(steps), list];
}

// Who changed a file, and whose it is.
export function pastOfFile({ past }) {
  if (!past) return null;
  const owners = past.owners.length > 0 && ` Owned by ${past.owners.join(", ")}.`;
  return h(
    "p",
    { class: "path" },
    `Priority ${number(past.priority)}: ${past.why}.`,
    past.mainAuthor && ` Most by ${past.mainAuthor}.`,
    owners,
  );
}
