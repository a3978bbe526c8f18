// The reference implementations, asked about one source at a time.
//
// Every rule runs inside ESLint as published; only its `report` and a few of its listeners are wrapped, so that each
// message is tied to the syntax node it is about instead of to a text position that two functions may share.

import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
/** `npm ci` installs below `out/`, the one folder for generated files, so plain imports would not find anything. */
export const installed = path.resolve(process.env.ORACLE_MODULES ?? path.join(here, "../../out/oracles"));
export const requireInstalled = createRequire(path.join(installed, "package.json"));

const { Linter } = requireInstalled("eslint");
const { builtinRules } = requireInstalled("eslint/use-at-your-own-risk");
export const typescriptParser = requireInstalled("@typescript-eslint/parser");
const { rules: sonarRules } = requireInstalled("eslint-plugin-sonarjs");

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
const KINDS = { StaticBlock: "static block", PropertyDefinition: "initializer" };
const OWNERS = new Set([...FUNCTIONS, "StaticBlock", "Program"]);

/** One row per rule: where its answer goes, what ESLint calls it, its options, and what its message says. */
const QUESTIONS = [
  { rule: "cyclomatic", real: builtinRules.get("complexity"), options: [0],
    wrap: countProgramToo, note: (notes, { node, data }) => putFirst(notes, node, "cyclomatic", data.complexity) },
  { rule: "modified", real: builtinRules.get("complexity"), options: [{ max: 0, variant: "modified" }],
    wrap: countProgramToo, note: (notes, { node, data }) => putFirst(notes, node, "modified", data.complexity) },
  { rule: "cognitive", real: sonarRules["cognitive-complexity"], options: [0],
    wrap: rememberLeavingFunction, note: noteCognitive("cognitive", "points") },
  { rule: "mended", real: sonarRules["cognitive-complexity"], options: [0],
    wrap: (listeners, notes) => rememberLeavingFunction(withoutFault(listeners), notes),
    note: noteCognitive("mended", "mendedPoints") },
  { rule: "lines", real: builtinRules.get("max-lines-per-function"),
    options: [{ max: 0, skipBlankLines: true, skipComments: true, IIFEs: true }],
    note: (notes, { node, data }) => put(notes, FUNCTIONS.has(node.type) ? node : node.value, "lines", data.lineCount) },
  { rule: "params", real: builtinRules.get("max-params"), options: [0],
    note: (notes, { node, data }) => put(notes, node, "params", data.count) },
  { rule: "depth", real: builtinRules.get("max-depth"), options: [0], note: noteDepth },
  { rule: "fileLength", real: builtinRules.get("max-lines"),
    options: [{ max: 0, skipBlankLines: true, skipComments: true }],
    note: (notes, { data }) => { notes.fileLength = data.actual; } },
];

function put(notes, node, key, value) {
  if (!notes.byNode.has(node)) notes.byNode.set(node, {});
  notes.byNode.get(node)[key] = value;
}

/** A field whose value is a function is two code paths that end at one node; the function's ends first. */
function putFirst(notes, node, key, value) {
  if (notes.byNode.get(node)?.[key] === undefined) put(notes, node, key, value);
}

function noteDepth(notes, { node, data }) {
  let owner = node.parent;
  while (!OWNERS.has(owner.type)) owner = owner.parent;
  put(notes, owner, "depth", Math.max(notes.byNode.get(owner)?.depth ?? 0, data.depth));
}

/** With the `sonarRuntime` setting, S3776 also says which token each point is for. */
function noteCognitive(number, points) {
  return (notes, { data }) => {
    put(notes, notes.leaving, number, data.complexityAmount);
    const { secondaryLocations } = JSON.parse(data.sonarRuntimeData);
    put(notes, notes.leaving, points, secondaryLocations.map(({ line, column, message }) =>
      [line, column, Number(/^\+(\d+)/.exec(message)[1])]));
  };
}

/**
 * S3776 as it is written. Where an arm of `?:` or `if` is itself a function, version 4.2 takes the nesting of the arm
 * back too late: from the function that ends, not from the one around it, for `*:exit` runs before `:function:exit`.
 * So a stand-in is made the arm: it is entered before the function, and left after it.
 */
function withoutFault(listeners) {
  const standIns = new Map();
  const standInFor = (node) => {
    if (!FUNCTIONS.has(node?.type)) return node;
    standIns.set(node, Object.create(node));
    return standIns.get(node);
  };
  const withStandIns = (node) => {
    if (!FUNCTIONS.has(node.consequent.type) && !FUNCTIONS.has(node.alternate?.type)) return node;
    const shown = Object.create(node, {
      consequent: { value: standInFor(node.consequent) }, alternate: { value: standInFor(node.alternate) } });
    const isElseIf = node.parent.alternate === node;  // which S3776 asks the parent
    const parent = isElseIf ? Object.create(node.parent, { alternate: { value: shown } }) : node.parent;
    return Object.defineProperty(shown, "parent", { value: parent });
  };
  return { ...listeners,
    IfStatement: (node) => listeners.IfStatement(withStandIns(node)),
    ConditionalExpression: (node) => listeners.ConditionalExpression(withStandIns(node)),
    "*"(node) { listeners["*"](node); if (standIns.has(node)) listeners["*"](standIns.get(node)); },
    ":function:exit"(node) {
      listeners[":function:exit"](node);
      if (standIns.has(node)) listeners["*:exit"](standIns.get(node));
    } };
}

/** `complexity` keeps silent about code outside functions; handed over as a field initializer, it answers. */
function countProgramToo(listeners) {
  const end = listeners.onCodePathEnd;
  return { ...listeners, onCodePathEnd: (codePath, node) =>
    end(codePath.origin === "program" ? { origin: "class-field-initializer" } : codePath, node) };
}

/**
 * S3776 reports a text position only, so remember which function it is leaving. It also knows no function but those
 * with a `function` node; the program, static blocks and field initializers are entered the same way to get theirs.
 * An initializer is where ESLint's code path is: a field's key and its decorators belong to the function around it.
 * It enters in the shape of another object, for S3776 would take a node met only afterwards for a branch.
 */
function rememberLeavingFunction(listeners, notes) {
  const enter = listeners[":function"];
  const leave = (node) => { notes.leaving = node; listeners[":function:exit"](node); };
  const isInitializer = ({ origin }, node) => origin === "class-field-initializer" && !FUNCTIONS.has(node.type);
  return { ...listeners, ":function:exit": leave,
    "Program": (node) => { listeners.Program(node); enter(node); },
    "Program:exit": (node) => { leave(node); listeners["Program:exit"](node); },
    "StaticBlock": enter, "StaticBlock:exit": leave,
    onCodePathStart: (codePath, node) => { if (isInitializer(codePath, node)) enter(Object.create(node)); },
    onCodePathEnd: (codePath, node) => { if (isInitializer(codePath, node)) leave(node); } };
}

function asRule({ real, wrap, note }, state) {
  return { meta: { ...real.meta, schema: false }, create(context) {
    const notes = state.notes;
    const listening = Object.create(context, { report: { value: (descriptor) => note(notes, descriptor) } });
    const listeners = real.create(listening);
    return wrap ? wrap(listeners, notes) : listeners;
  } };
}

/** Collects every function, static block and field initializer, in source order, whatever any rule says of it. */
const census = (state) => ({ create: () => ({
  "*"(node) {
    if (FUNCTIONS.has(node.type) || node.type === "StaticBlock") state.notes.found.push(node);
    else if (node.type === "PropertyDefinition" && node.value) state.notes.found.push(node);
    else if (node.type === "Program") state.notes.program = node;
  },
}) });

const state = { notes: null };
const linter = new Linter({ configType: "flat" });
const configOf = (languageOptions) => [{
  files: ["**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,vue,svelte,astro}"],
  languageOptions: languageOptions ?? { parser: typescriptParser, parserOptions: { ecmaFeatures: { jsx: true } } },
  linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: "off" },
  settings: { sonarRuntime: true },
  plugins: { oracle: { rules: Object.fromEntries(
    [...QUESTIONS.map((question) => [question.rule, asRule(question, state)]), ["census", census(state)]]) } },
  rules: Object.fromEntries(
    [...QUESTIONS.map(({ rule, options }) => [`oracle/${rule}`, ["error", ...options]]), ["oracle/census", "error"]]),
}];

const configs = new Map();
/** ESLint keeps what it makes of a configuration, as long as it is handed the same one. */
const configFor = (languageOptions) => {
  if (!configs.has(languageOptions)) configs.set(languageOptions, configOf(languageOptions));
  return configs.get(languageOptions);
};

/** Where METRICS.md lets a function begin: modifiers belong to it, decorators and `export` do not. */
function startOf(node, sourceCode) {
  const { parent } = node;
  const isMember = parent?.value === node && (parent.type === "MethodDefinition"
    || (parent.type === "Property" && (parent.method || parent.kind !== "init")));
  if (!isMember) return node.loc.start;
  const lastDecorator = parent.decorators?.at(-1);
  return (lastDecorator ? sourceCode.getTokenAfter(lastDecorator) : parent).loc.start;
}

/** A field's initializer is everything between its `=` and its `;`, parentheses included. */
function initializerSpan(field, sourceCode) {
  let first = field.value;
  let last = field.value;
  for (let before = sourceCode.getTokenBefore(first); before.value === "("; before = sourceCode.getTokenBefore(first)) {
    first = before;
    last = sourceCode.getTokenAfter(last);
  }
  return { start: first.loc.start, end: last.loc.end };
}

/** S3776 means the operator, and where the left operand stands in parentheses, names the last of those instead. */
function atOperator([line, column, cost], sourceCode) {
  let token = sourceCode.getTokenByRangeStart(sourceCode.getIndexFromLoc({ line, column }));
  while (token.value === ")") token = sourceCode.getTokenAfter(token);
  return [token.loc.start.line, token.loc.start.column, cost];
}

/** One function's answers; what no rule reports is 0, what no rule judges (a static block's lines) is absent. */
function describe(node, { byNode }, sourceCode) {
  const kind = KINDS[node.type] ?? "function";
  const { start, end } = kind === "initializer" ? initializerSpan(node, sourceCode)
    : { start: startOf(node, sourceCode), end: node.loc.end };
  const { cyclomatic, modified, cognitive = 0, points = [], mended = 0, mendedPoints = [], depth = 0, params = 0, lines } =
    byNode.get(kind === "initializer" ? node.value : node);
  const located = (some) => some.map((point) => atOperator(point, sourceCode));
  const numbers = { cyclomatic, modified, cognitive, mended, depth,
    points: located(points), mendedPoints: located(mendedPoints), ...(kind === "function" && { params, lines }) };
  return { kind, start: [start.line, start.column], end: [end.line, end.column], ...numbers };
}

/** ESLint lists each initializer; METRICS.md only those that branch (and one that is a function is that function). */
const isListed = ({ type, value }, { byNode }) => type !== "PropertyDefinition"
  || (!FUNCTIONS.has(value.type) && byNode.get(value).cyclomatic > 1);

const isExport = ({ type }) => /^(Export\w+Declaration|TSExportAssignment|TSNamespaceExportDeclaration)$/.test(type);

/**
 * All answers about one source text, or `{ error }` where the reference parser refuses it. Of components, which have a
 * parser of their own, only about the functions whose nodes are wanted: others are in their templates.
 */
export function measure(text, filename, languageOptions, isWanted) {
  const notes = { byNode: new Map(), found: [], program: null, leaving: null, fileLength: 0 };
  state.notes = notes;
  const fatal = linter.verify(text, configFor(languageOptions), { filename }).find((message) => message.fatal);
  if (fatal) return { error: fatal.message, line: fatal.line ?? 0 };
  const sourceCode = linter.getSourceCode();
  const functions = notes.found.filter((node) => isListed(node, notes) && (isWanted?.(node) ?? true))
    .map((node) => describe(node, notes, sourceCode));
  if (isWanted) return { functions };
  const { cyclomatic, modified, cognitive = 0, mended = 0, depth = 0 } = notes.byNode.get(notes.program);
  return { fileLength: notes.fileLength, exports: notes.program.body.filter(isExport).length,
    module: { cyclomatic, modified, cognitive, depth, mended }, functions };
}
