// node freeze.mjs FOLDER [--points] > answers.jsonl: one line per source, in path order; the fields of a function are
// in the order that compare.py names. With --points, line and cost of each cognitive point follow, too many to keep:
// those of SonarJS, and those of SonarJS without its fault.

import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { measure } from "./oracle.mjs";
import { sources } from "./sources.mjs";

const [root, points] = process.argv.slice(2);
const withPoints = points === "--points";

const sorted = (points) => points.map(([line, , cost]) => [line, cost]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);

const row = ({ kind, start, end, cyclomatic, modified, cognitive, mended, depth, params = -1, lines = -1, ...rest }) =>
  [kind[0], ...start, ...end, cyclomatic, modified, cognitive, depth, params, lines, mended,
    ...(withPoints ? [sorted(rest.points), sorted(rest.mendedPoints)] : [])];

function answer(name) {
  const bytes = fs.readFileSync(path.join(root, name));
  const sha256 = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const { error, line, functions, ...rest } = measure(bytes.toString("utf8"), name);
  return error ? { path: name, sha256, error, line } : { path: name, sha256, ...rest, functions: functions.map(row) };
}

for (const name of [...sources(root)].sort()) process.stdout.write(`${JSON.stringify(answer(name))}\n`);
