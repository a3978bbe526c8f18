// What git's history says of functions and files: joined with what else the page knows of them.

import { fileByPath, functions, summary } from "./data.js";
import { isKnown } from "./metrics.js";

export const past = summary.history;
export const hasCoverage = functions.some(f => isKnown(f.values.coverage));
for (const row of past?.files || []) joinFile(row);
// What to fix first, function by function.
export const spots = (past?.functions || []).map(joinFunction).filter(Boolean);
export const hottest = Math.max(0, ...spots.slice(0, 1).map(f => f.past.priority));

function joinFile([path, priority, commits, authors, mainAuthor, owners, why]) {
  const file = fileByPath.get(path);
  if (file) file.past = { priority, commits, authors, mainAuthor, owners: owners || [], why };
}

function joinFunction([path, name, nth, priority, commits, authors, why, isListed, hint, curve, before]) {
  const f = fileByPath.get(path)?.functions.filter(g => g.scope + g.name === name)[nth - 1];
  if (!f) return null;
  const points = curve.map(([place, cyclomatic, cognitive]) => [commitOf(place), { cyclomatic, cognitive }]).reverse();
  f.past = { priority, commits, authors, why, isListed, hint, points, before };
  return f;
}

function commitOf(place) {
  const [id, date, author, subject] = past.commits[place];
  return { id, date, author, subject };
}

export const priorityOf = row => row.past?.priority || 0;
// The most that a function of the file has to be fixed.
export const hottestIn = file => file.functions.reduce((most, f) => Math.max(most, priorityOf(f)), 0);
// The tone of a priority, by its logarithm: as bad as it gets is the worst of its kind.
export function changeTone(priority, most) {
  if (!priority) return 6;
  return Math.max(0, 5 - Math.floor((6 * Math.log1p(priority)) / Math.log1p(most)));
}
