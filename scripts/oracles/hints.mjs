// Says of sources with a run of statements taken out whether TypeScript and ESLint accept them, and what both functions
// measure. Reads a task on each line, as scripts/hints.py writes it, and answers with a line.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { measure, requireInstalled, typescriptParser } from "./oracle.mjs";

const ts = requireInstalled("typescript-5.9");
const { Linter } = requireInstalled("eslint");
const { builtinRules } = requireInstalled("eslint/use-at-your-own-risk");

// Names that are not found or stand twice, and what is only allowed elsewhere: what an edit can break without types.
const TELLING = new Set([
  1100, 1104, 1105, 1107, 1108, 1116, 1163, 1308, 1359, 2300, 2304, 2331, 2332, 2337, 2397, 2440, 2448, 2451, 2495, 2503,
  2522, 2523, 2524, 2552, 2580, 2581, 2582, 2588, 2662, 2663, 2683, 18004, 18016,
]);
const NOWHERE = new Set([2304, 2503, 2552, 2580, 2581, 2582]);

function kindOf(path) {
  if (path.endsWith(".tsx")) return ts.ScriptKind.TSX;
  return /\.[cm]?ts$/.test(path) ? ts.ScriptKind.TS : ts.ScriptKind.JS;
}

/** How often each complaint is made about a text that is looked at without all others. */
function complaints(path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true, kindOf(path));
  const host = {
    getSourceFile: (name) => (name === path ? file : undefined), fileExists: (name) => name === path,
    readFile: () => undefined, writeFile() {}, getDefaultLibFileName: () => "lib.d.ts", getCurrentDirectory: () => "/",
    getCanonicalFileName: (name) => name, useCaseSensitiveFileNames: () => true, getNewLine: () => "\n",
  };
  const options = { noResolve: true, noLib: true, allowJs: true, checkJs: true, jsx: ts.JsxEmit.Preserve,
    target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, noImplicitThis: true };
  const program = ts.createProgram([path], options, host);
  const found = new Map();
  const add = (code, message) => {
    // For the first few names that are nowhere TypeScript has a suggestion, and then another code.
    const key = NOWHERE.has(code) ? `nowhere: ${/'.*?'/.exec(message)?.[0]}` : `${code} ${message}`;
    found.set(key, (found.get(key) ?? 0) + 1);
  };
  for (const one of program.getSyntacticDiagnostics(file)) add("syntax", ts.flattenDiagnosticMessageText(one.messageText, " "));
  for (const one of program.getSemanticDiagnostics(file)) {
    if (TELLING.has(one.code)) add(one.code, ts.flattenDiagnosticMessageText(one.messageText, " "));
  }
  return found;
}

const linter = new Linter({ configType: "flat" });
const config = [{
  files: ["**/*"],
  languageOptions: { parser: typescriptParser, parserOptions: { ecmaFeatures: { jsx: true } } },
  linterOptions: { noInlineConfig: true },
  plugins: { own: { rules: { "no-undef": builtinRules.get("no-undef") } } },
  rules: { "own/no-undef": "error" },
}];

function undefinedNames(path, text) {
  const messages = linter.verify(text, config, { filename: path });
  return new Set(messages.map((one) => one.message));
}

function refusal(path, before, after) {
  const known = complaints(path, before);
  for (const [words, count] of complaints(path, after)) {
    const isNew = count > (known.get(words) ?? 0);
    // A name that is nowhere may stand in the text once more: as what goes in.
    if (isNew && !(known.has(words) && words.startsWith("nowhere"))) return words;
  }
  const names = undefinedNames(path, before);
  for (const words of undefinedNames(path, after)) if (!names.has(words)) return words;
  return "";
}

const at = (functions, [line, column]) =>
  functions?.find(({ start }) => start[0] === line && start[1] === column) ?? null;

for await (const row of createInterface({ input: process.stdin })) {
  const { path, edited, place, line, column } = JSON.parse(row);
  const before = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  const name = `source${/\.[cm]?[jt]sx?$/.exec(path)?.[0] ?? ".tsx"}`; // ESLint passes over what is outside of its folder
  const { functions } = measure(edited, name);
  console.log(JSON.stringify({
    refused: refusal(name, before, edited), after: at(functions, [line, column]), extracted: at(functions, place),
  }));
}
