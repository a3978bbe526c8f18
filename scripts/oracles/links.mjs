// The packages of a repository that its package manager links to each other, a line of JSON each: node links.mjs FOLDER
// {root, name, folder}: `root` is the folder whose node_modules gets the link. What the packages are, pnpm-workspace.yaml
// and `workspaces` say, read by the parser and the globs that pnpm uses.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(process.env.ORACLES ?? process.cwd(), "package.json"));
const { globSync } = require("tinyglobby");
const { parse } = require("yaml");
const top = process.argv[2];
const ignore = ["**/node_modules/**", "**/.git/**"];
const find = (cwd, patterns) => globSync(patterns, { cwd, ignore, dot: true, expandDirectories: false }).sort();

function documentIn(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}

function globsOf(root) {
  const said = documentIn(path.join(root, "package.json"))?.workspaces ?? [];
  const yaml = path.join(root, "pnpm-workspace.yaml");
  const others = existsSync(yaml) ? (parse(readFileSync(yaml, "utf8"))?.packages ?? []) : [];
  return [...(Array.isArray(said) ? said : (said.packages ?? [])), ...others];
}

const roots = find(top, ["**/package.json", "**/pnpm-workspace.yaml"]).map((file) => path.dirname(path.join(top, file)));
for (const root of new Set(roots)) {
  const patterns = globsOf(root).map((glob) => `${glob.replace(/\/+$/, "")}/package.json`);
  for (const file of patterns.length > 0 ? find(root, patterns) : []) {
    const { name } = documentIn(path.join(root, file));
    const folder = path.dirname(file);
    if (name && folder !== ".") console.log(JSON.stringify({ root: path.relative(top, root), name, folder }));
  }
}
