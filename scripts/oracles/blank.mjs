// node blank.mjs FROM TO: write each TypeScript source of FROM to TO as JavaScript, its types blanked in place.
// Files that need more than erasing (enums, namespaces, parameter properties) are left out, and so are those that
// TypeScript itself calls broken. Prints how many there were of each.

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { requireInstalled } from "./oracle.mjs";
import { sources } from "./sources.mjs";

const { blankSourceFile } = await import(pathToFileURL(requireInstalled.resolve("ts-blank-space")));
const ts = requireInstalled("typescript");

const SCRIPT_KINDS = { ".tsx": ts.ScriptKind.TSX, ".ts": ts.ScriptKind.TS, ".mts": ts.ScriptKind.TS, ".cts": ts.ScriptKind.TS };

function blanked(text, extension) {
  const source = ts.createSourceFile(`x${extension}`, text, ts.ScriptTarget.ESNext, false, SCRIPT_KINDS[extension]);
  if (source.parseDiagnostics.length) return { why: "broken" };
  let erasable = true;
  const script = blankSourceFile(source, () => { erasable = false; });
  return erasable ? { script } : { why: "not erasable" };
}

const [from, to] = process.argv.slice(2);
const counts = { blanked: 0, "not erasable": 0, broken: 0 };
for (const name of [...sources(from)].sort()) {
  const extension = path.extname(name);
  if (!(extension in SCRIPT_KINDS)) continue;
  const { script, why } = blanked(fs.readFileSync(path.join(from, name), "utf8"), extension);
  counts[why ?? "blanked"] += 1;
  if (script === undefined) continue;
  const target = path.join(to, `${name}.js`);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, script);
}
console.log(JSON.stringify(counts));
