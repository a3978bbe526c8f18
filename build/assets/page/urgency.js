// The order of the program for all lists of the worst, as `urgency` of complexity_guard.py has it.

import { functions } from "./data.js";
import { pointsOf } from "./points.js";
import { compare } from "./words.js";

// How many times its limit a value is, at most: of the findings of the function's level.
const excess = f => Math.max(...f.violations.filter(v => v[1] === f.status).map(v => v[2] / (v[3] || 1)));

// Findings that fail nothing stand behind those that do, and before nothing at all.
const byUrgency = (a, b) =>
  b.status - a.status ||
  Number(b.violations.length > 0) - Number(a.violations.length > 0) ||
  pointsOf(b) - pointsOf(a) ||
  excess(b) - excess(a) ||
  compare(a.file.path, b.file.path) ||
  a.line - b.line;

export const worstFirst = [...functions].sort(byUrgency);
const places = new Map(worstFirst.map((f, place) => [f, -place]));
export const urgencyOf = f => places.get(f); // the higher, the worse
