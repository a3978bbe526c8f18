// node freeze.mjs FOLDER > answers.jsonl: one line per source, in path order. Field order is that of `answers.py`.

import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { measure } from "./oracle.mjs";
import { sources } from "./sources.mjs";

const row = ({ kind, start, end, cyclomatic, modified, cognitive, depth, params = -1, lines = -1 }) =>
  [kind[0], ...start, ...end, cyclomatic, modified, cognitive, depth, params, lines];

function answer(root, name) {
  const bytes = fs.readFileSync(path.join(root, name));
  const sha256 = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const { error, line, functions, ...rest } = measure(bytes.toString("utf8"), name);
  return error ? { path: name, sha256, error, line } : { path: name, sha256, ...rest, functions: functions.map(row) };
}

const root = process.argv[2];
for (const name of [...sources(root)].sort()) process.stdout.write(`${JSON.stringify(answer(root, name))}\n`);
