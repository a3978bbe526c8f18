// What TypeScript's own parser says of each file named on standard input: one JSON line a file,
//   {"path", "error": null | [line, column, text], "functions": [[start, end], …], "branches": [[start, kind], …]}
// Only the parser is asked (syntactic diagnostics); byte offsets into the UTF-8 text, in order. `kind` is our node's.
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

// What the metrics count, by the name of the node or token that stands for it in a syntax tree of ours.
const BRANCHES = new Map([
  [SyntaxKind.IfStatement, "if_statement"], [SyntaxKind.ForStatement, "for_statement"],
  [SyntaxKind.ForInStatement, "for_in_statement"], [SyntaxKind.ForOfStatement, "for_in_statement"],
  [SyntaxKind.WhileStatement, "while_statement"], [SyntaxKind.DoStatement, "do_statement"],
  [SyntaxKind.SwitchStatement, "switch_statement"], [SyntaxKind.CaseClause, "switch_case"],
  [SyntaxKind.DefaultClause, "switch_default"], [SyntaxKind.CatchClause, "catch_clause"],
  [SyntaxKind.ConditionalExpression, "ternary_expression"], [SyntaxKind.QuestionDotToken, "?."],
  [SyntaxKind.AmpersandAmpersandToken, "&&"], [SyntaxKind.BarBarToken, "||"], [SyntaxKind.QuestionQuestionToken, "??"],
  [SyntaxKind.AmpersandAmpersandEqualsToken, "&&="], [SyntaxKind.BarBarEqualsToken, "||="],
  [SyntaxKind.QuestionQuestionEqualsToken, "??="], [SyntaxKind.LabeledStatement, "labeled_statement"],
]);

/** Where the function's own text begins: after decorators, comments, `export` and `default`. */
function startOf(node, file) {
  const first = node.modifiers?.find((modifier) => !OUTSIDE.has(modifier.kind));
  if (first) return first.getStart(file, false);
  const last = node.modifiers?.at(-1);
  return last ? ts.skipTrivia(file.text, last.end) : node.getStart(file, false);
}

function shapeOf(file) {
  const functions = [], branches = [];
  const visit = [file]; // a stack of our own: a chain of 100,000 operators nests that deep
  while (visit.length) {
    const node = visit.pop();
    const isClass = ts.isClassLike(node);
    if (FUNCTIONS.has(node.kind) && node.body) functions.push([startOf(node, file), node.end]);
    if (isClass) branches.push([node.members.pos - 1, "class"]); // its brace: modifiers and decorators lie about
    else if (BRANCHES.has(node.kind)) branches.push([node.getStart(file, false), BRANCHES.get(node.kind)]);
    ts.forEachChild(node, (child) => { visit.push(child); });
  }
  return { functions, branches };
}

/** UTF-16 offsets to UTF-8 byte offsets, all at once: one walk over the text. */
function byteOffsets(text, offsets) {
  const bytes = new Map();
  let at = 0, sum = 0;
  for (const offset of [...new Set(offsets)].sort((a, b) => a - b)) {
    sum += Buffer.byteLength(text.slice(at, offset));
    at = offset;
    bytes.set(offset, sum);
  }
  return bytes;
}

function inBytes(text, { functions, branches }) {
  const bytes = byteOffsets(text, [...functions.flat(), ...branches.map(([start]) => start)]);
  const byNumbers = (a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0);
  return {
    functions: functions.map(([start, end]) => [bytes.get(start), bytes.get(end)]).sort(byNumbers),
    branches: branches.map(([start, kind]) => [bytes.get(start), kind]).sort(byNumbers),
  };
}

function answer(path) {
  const text = readFileSync(path, "utf8");
  const file = ts.createSourceFile(path, text, { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone });
  const [first] = file.parseDiagnostics;
  if (!first) return { path, error: null, ...inBytes(text, shapeOf(file)) };
  const { line, character } = file.getLineAndCharacterOfPosition(first.start);
  return { path, error: [line + 1, character, ts.flattenDiagnosticMessageText(first.messageText, " ")], functions: [], branches: [] };
}

for await (const path of createInterface({ input: process.stdin })) {
  let row;
  try { row = answer(path); } catch (problem) { row = { path, error: null, failure: String(problem) }; }
  if (!process.stdout.write(JSON.stringify(row) + "\n")) await new Promise((go) => process.stdout.once("drain", go));
}
