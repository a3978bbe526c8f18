// What TypeScript resolves every specifier of a folder's sources to, a line of JSON each:
//   node edges.mjs FOLDER < list of paths, one a line, relative to FOLDER
// {from, specifier, kind, mode, line, to}: `line` is that of the statement, the call or the type; `to` is relative to FOLDER, begins with ../ outside of it, and is null where nothing
// is found. The options are those of the nearest tsconfig.json or jsconfig.json in FOLDER, as METRICS asks; links are
// followed as TypeScript follows them.
import { readFileSync } from "node:fs";
import path from "node:path";
import { host, projectOf, top, ts } from "./projects.mjs";

const isText = (node) => node && ts.isStringLiteralLike(node);

// The specifiers of a file, each as [kind, the node of its text].
function* specifiers(file) {
  for (const { fileName, pos } of file.referencedFiles) yield ["reference", { text: fileName, pos }];
  yield* within(file, ts.isSourceFileJS(file));
}

function* within(node, isJavaScript) {
  const found = specifierOf(node, isJavaScript);
  if (found) yield found;
  const inner = [];
  ts.forEachChild(node, (child) => void inner.push(child));
  for (const child of inner) yield* within(child, isJavaScript);
}

function specifierOf(node, isJavaScript) {
  if (ts.isImportDeclaration(node)) return isText(node.moduleSpecifier) ? ["import", node.moduleSpecifier] : undefined;
  if (ts.isExportDeclaration(node)) return isText(node.moduleSpecifier) ? ["export", node.moduleSpecifier] : undefined;
  if (ts.isExternalModuleReference(node)) return isText(node.expression) ? ["import =", node.expression] : undefined;
  if (ts.isImportTypeNode(node)) {
    const text = ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
    return isText(text) ? ["import type", text] : undefined;
  }
  if (!ts.isCallExpression(node) || !isText(node.arguments[0])) return undefined;
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword) return ["dynamic", node.arguments[0]];
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === "require";
  return isRequire && node.arguments.length === 1 ? ["require", node.arguments[0]] : undefined;
}

// Where a statement, a call or a type begins.
function placeOf(file, kind, node) {
  if (kind === "reference") return node.pos;
  return (kind === "import type" ? node.parent.parent : node.parent).getStart(file);
}

function modeOf(file, kind, node, options) {
  if (kind === "require") return ts.ModuleKind.CommonJS;
  return kind === "reference" ? undefined : ts.getModeForUsageLocation(file, node, options);
}

for (const name of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const from = path.join(top, name);
  const { options, cache } = projectOf(path.dirname(from));
  const impliedNodeFormat = ts.getImpliedNodeFormatForFile(from, cache.getPackageJsonInfoCache(), host, options);
  const file = ts.createSourceFile(from, readFileSync(from, "utf8"), { languageVersion: 99, impliedNodeFormat }, true);
  for (const [kind, node] of specifiers(file)) {
    const mode = modeOf(file, kind, node, options);
    const answer = kind === "reference"
      ? { resolvedFileName: path.resolve(path.dirname(from), node.text) }
      : ts.resolveModuleName(node.text, from, options, host, cache, undefined, mode).resolvedModule;
    const line = file.getLineAndCharacterOfPosition(placeOf(file, kind, node)).line + 1;
    const to = answer ? path.relative(top, answer.resolvedFileName) : null;
    const word = mode === ts.ModuleKind.ESNext ? "import" : mode === ts.ModuleKind.CommonJS ? "require" : null;
    console.log(JSON.stringify({ from: name, specifier: node.text, kind, mode: word, line, to }));
  }
}
