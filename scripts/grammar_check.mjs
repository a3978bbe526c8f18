// What TypeScript's own parser says of each file named on standard input: one JSON line a file,
//   {"path", "error": null | [line, column, text], "functions": [[start, end], …]}
// Only the parser is asked (syntactic diagnostics); byte offsets into the UTF-8 text, in order of start, then end.
//
//   node scripts/grammar_check.mjs TYPESCRIPT_FOLDER < list-of-paths
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { resolve } from "node:path";

const ts = createRequire(import.meta.url)(resolve(process.argv[2]));
const { SyntaxKind } = ts;
const FUNCTIONS = new Set([
  SyntaxKind.FunctionDeclaration, SyntaxKind.FunctionExpression, SyntaxKind.ArrowFunction, SyntaxKind.MethodDeclaration,
  SyntaxKind.Constructor, SyntaxKind.GetAccessor, SyntaxKind.SetAccessor, SyntaxKind.ClassStaticBlockDeclaration,
]);
// Modifiers that a syntax tree of ours holds outside the function's node.
const OUTSIDE = new Set([SyntaxKind.Decorator, SyntaxKind.ExportKeyword, SyntaxKind.DefaultKeyword, SyntaxKind.DeclareKeyword]);

/** Where the function's own text begins: after decorators, comments, `export` and `default`. */
function startOf(node, file) {
  const first = node.modifiers?.find((modifier) => !OUTSIDE.has(modifier.kind));
  if (first) return first.getStart(file, false);
  const last = node.modifiers?.at(-1);
  return last ? ts.skipTrivia(file.text, last.end) : node.getStart(file, false);
}

function functionsOf(file) {
  const found = [];
  const visit = [file]; // a stack of our own: a chain of 100,000 operators nests that deep
  while (visit.length) {
    const node = visit.pop();
    if (FUNCTIONS.has(node.kind) && node.body) found.push([startOf(node, file), node.end]);
    ts.forEachChild(node, (child) => { visit.push(child); });
  }
  return found;
}

/** UTF-16 offsets to UTF-8 byte offsets, all at once: one walk over the text. */
function toBytes(text, pairs) {
  const wanted = [...new Set(pairs.flat())].sort((a, b) => a - b);
  const bytes = new Map();
  let at = 0, sum = 0;
  for (const offset of wanted) {
    sum += Buffer.byteLength(text.slice(at, offset));
    at = offset;
    bytes.set(offset, sum);
  }
  return pairs.map(([start, end]) => [bytes.get(start), bytes.get(end)]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

function answer(path) {
  const text = readFileSync(path, "utf8");
  const file = ts.createSourceFile(path, text, { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone });
  const [first] = file.parseDiagnostics;
  if (!first) return { path, error: null, functions: toBytes(text, functionsOf(file)) };
  const { line, character } = file.getLineAndCharacterOfPosition(first.start);
  return { path, error: [line + 1, character, ts.flattenDiagnosticMessageText(first.messageText, " ")], functions: [] };
}

for await (const path of createInterface({ input: process.stdin })) {
  let row;
  try { row = answer(path); } catch (problem) { row = { path, error: null, functions: [], failure: String(problem) }; }
  if (!process.stdout.write(JSON.stringify(row) + "\n")) await new Promise((go) => process.stdout.once("drain", go));
}
