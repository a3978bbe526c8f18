// node navigation.mjs TYPESCRIPT FOLDER > names.jsonl: what TypeScript's navigation tree calls each function of each source.
//
// One line per source: {path, sha256, functions: [[line, column, name, hint], …]}, where a function begins with its modifiers, and
// without decorators and `export`. A function that the tree has no item for has no name there: "". An item is a function's if its
// span is the function's own, or that of the variable, property or assignment whose value it is. The hint is the operator that a
// function is the right side of (the tree takes the left side's name), or an expression's own name (which the tree passes over), or `function` for one that the tree may take for a class.

import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { sources } from "./sources.mjs";

const [library, root] = process.argv.slice(2);
const ts = createRequire(import.meta.url)(path.resolve(library));
const KINDS = { ".js": ts.ScriptKind.JSX, ".mjs": ts.ScriptKind.JSX, ".cjs": ts.ScriptKind.JSX };

/** Span -> name, for every item of the tree; the first of those that were merged keeps the name of all. */
function itemsOf(name, text) {
  const host = {
    getScriptFileNames: () => [name], getScriptVersion: () => "1", getCurrentDirectory: () => "/",
    getCompilationSettings: () => ({ allowJs: true, noLib: true, noResolve: true }), getDefaultLibFileName: () => "",
    getScriptSnapshot: (asked) => (asked === name ? ts.ScriptSnapshot.fromString(text) : undefined),
    getScriptKind: (asked) => KINDS[path.extname(asked)] ?? ts.ensureScriptKind(asked),
    fileExists: (asked) => asked === name, readFile: () => undefined,
  };
  const service = ts.createLanguageService(host, undefined, ts.LanguageServiceMode.Syntactic);
  const found = new Map();
  const visit = (item) => {
    for (const { start, length } of item.spans) {
      const key = `${start}:${start + length}`;
      if (!found.has(key)) found.set(key, item.text);
    }
    item.childItems?.forEach(visit);
  };
  service.getNavigationTree(name).childItems?.forEach(visit);
  return found;
}

/** The nodes whose item may be a function's: it, and what has it as its value. */
function* holders(node) {
  yield node;
  const { parent } = node;
  if (parent.initializer === node || parent.right === node || parent.expression === node && ts.isExportAssignment(parent)) yield parent;
}

/** Where a function begins: behind its decorators and `export`. */
function startOf(node, source) {
  const own = node.modifiers?.find(({ kind }) =>
    ![ts.SyntaxKind.Decorator, ts.SyntaxKind.ExportKeyword, ts.SyntaxKind.DefaultKeyword, ts.SyntaxKind.DeclareKeyword].includes(kind));
  if (own) return own.getStart(source);
  const words = node.modifiers?.at(-1);
  return words ? ts.skipTrivia(source.text, words.end) : node.getStart(source);
}

const hintOf = (node) => (node.name && ts.isFunctionExpression(node) && node.name.text)
  || (ts.isBinaryExpression(node.parent) && node.parent.right === node && node.parent.operatorToken.getText())
  || (ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node.parent) ? "function" : "");

function answer(name) {
  const bytes = fs.readFileSync(path.join(root, name));
  const text = bytes.toString("utf8");
  const items = itemsOf(`/${name}`, text);
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, KINDS[path.extname(name)]);
  const functions = [];
  const visit = (node) => {
    if (ts.isFunctionLike(node) && node.body && !(node.flags & ts.NodeFlags.Ambient)) {
      const spans = [...holders(node)].map((one) => `${one.getStart(source)}:${one.end}`);
      const { line, character } = source.getLineAndCharacterOfPosition(startOf(node, source));
      functions.push([line + 1, character, items.get(spans.find((span) => items.has(span))) ?? "",
        hintOf(node)]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const sha256 = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  return { path: name, sha256, functions };
}

for (const name of [...sources(root)].sort()) process.stdout.write(`${JSON.stringify(answer(name))}\n`);
