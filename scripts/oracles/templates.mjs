// The logic in templates, counted in the syntax trees that the official compilers make of them: what the markup decides,
// and each ?:, &&, ||, ??, ?. and default value in its expressions; and of each function in them its place and ESLint's
// complexity. Independent of ours: nothing is blanked, and no expression of ours is used.

import path from "node:path";
import { installed, requireInstalled, typescriptParser } from "./oracle.mjs";

const vue = requireInstalled("@vue/compiler-dom");
const svelte = await import(path.join(installed, "node_modules/svelte/src/compiler/index.js"));
const astro = await import(path.join(installed, "node_modules/@astrojs/compiler/dist/node/index.js"));

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression", "ObjectMethod", "ClassMethod"]);
const COUNTED = new Set(["CatchClause", "ConditionalExpression", "LogicalExpression", "ForStatement", "ForInStatement",
  "ForOfStatement", "IfStatement", "WhileStatement", "DoWhileStatement", "AssignmentPattern"]);
const LOGICAL = new Set(["&&=", "||=", "??="]);
const LEFT_OUT = new Set(["parent", "metadata", "loc", "leadingComments", "trailingComments", "innerComments", "errors", "tokens", "comments"]);

const counts = (node) => COUNTED.has(node.type) || (node.type === "SwitchCase" && node.test) || node.optional === true && /^(Optional)?(Member|Call)Expression$/.test(node.type)
  || (node.type === "AssignmentExpression" && LOGICAL.has(node.operator));

/** What there is in a tree. `found` is handed each function; its inside counts for itself. */
function decisions(node, found) {
  if (Array.isArray(node)) return node.reduce((sum, one) => sum + decisions(one, found), 0);
  if (!node || typeof node.type !== "string") return 0;
  const method = (node.type === "Property" || node.type === "MethodDefinition") && FUNCTIONS.has(node.value?.type) && (node.method || ["get", "set", "method", "constructor"].includes(node.kind)) ? node : null;
  const children = (one) => Object.entries(one).reduce((sum, [key, value]) => LEFT_OUT.has(key) ? sum : sum + decisions(value, found), 0);
  if (method) {
    found(method, 1 + children(method.value));
    return decisions(method.key, found);
  }
  if (FUNCTIONS.has(node.type)) {
    found(node, 1 + children(node));
    return 0;
  }
  return (counts(node) ? 1 : 0) + children(node);
}

const OF_VUE = new Set(["if", "else-if", "for", "show"]);
const CONTEXT = { prefixIdentifiers: true, expressionPlugins: ["typescript"] };

function ofVue(text) {
  const functions = [];
  let sum = 0;
  const { children } = vue.parse(text, { parseMode: "sfc", onError() {}, ...CONTEXT });
  const template = children.find(({ type, tag }) => type === 1 && tag === "template");
  const language = template?.props.find(({ name }) => name === "lang")?.value?.content;
  if (!template || (language && language !== "html")) return { sum, functions };
  const code = (exp) => {
    if (!exp?.ast) return;
    const ast = exp.ast.type === "ArrowFunctionExpression" && exp.ast.start === 0 ? exp.ast.params : exp.ast;
    sum += decisions(ast.type === "File" ? ast.program : ast, (node, complexity) => functions.push([exp.loc.start.offset + node.start - 1, complexity]));
  };
  const visit = (node) => {
    if (node.type === 5) code(node.content);
    for (const prop of node.props ?? []) {
      if (prop.type !== 7) continue;
      sum += OF_VUE.has(prop.name);
      if (prop.name === "for") {
        const { source, value, key, index } = prop.forParseResult ?? {};
        [source, value, key, index].forEach(code);
      } else if (prop.name === "on" && prop.arg && prop.exp?.content.trim() && !vue.isMemberExpression(prop.exp, CONTEXT) && !vue.isFnExpression(prop.exp, CONTEXT)) {
        const before = sum;
        code(prop.exp);
        functions.push([prop.loc.start.offset, 1 + sum - before]);
        sum = before;
      } else {
        code(prop.exp);
      }
    }
    if (node.type === 1) node.children.forEach(visit);
  };
  template.children.forEach(visit);
  return { sum, functions };
}

const OF_SVELTE = new Set(["IfBlock", "EachBlock", "AwaitBlock", "KeyBlock"]);

function ofSvelte(text) {
  const functions = [];
  const { fragment } = svelte.parse(text, { modern: true });
  let sum = 0;
  const visit = (node) => {
    sum += OF_SVELTE.has(node.type) + (node.type === "AwaitBlock" && (node.catch || node.error) ? 1 : 0);
    for (const [key, value] of Object.entries(node)) {
      for (const one of Array.isArray(value) ? value : [value]) {
        if (LEFT_OUT.has(key) || typeof one?.type !== "string") continue;
        const isMarkup = one.type === "Fragment" || /^[A-Z].*(Block|Tag|Directive|Attribute)$/.test(one.type) || one.type === "Attribute" || one.type === "Text"
          || one.type === "Comment" || "fragment" in one || "attributes" in one;
        if (isMarkup) visit(one);
        else sum += decisions(one, (found, complexity) => functions.push([found.start, complexity]));
      }
    }
  };
  visit(fragment);
  return { sum, functions };
}

/** In TSX that Astro makes of it, where no places are known: the functions by their complexity alone. */
async function ofAstro(text) {
  const functions = [];
  const { code } = await astro.convertToTSX(text, { includeScripts: false, includeStyles: false });
  const { ast } = typescriptParser.parseForESLint(code, { ecmaFeatures: { jsx: true }, filePath: "a.tsx", range: true });
  const markup = ast.body.filter(({ type, expression }) => type === "ExpressionStatement" && /^JSX/.test(expression.type));
  const sum = decisions(markup, (_, complexity) => functions.push([-1, complexity]));
  return { sum, functions };
}

const OF_KIND = { vue: ofVue, svelte: ofSvelte, astro: ofAstro };

/** The decisions, and the functions: line, column, complexity. */
export async function templateOf(text, kind) {
  const { sum, functions } = await OF_KIND[kind](text);
  const starts = [0, ...[...text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)].map((end) => end.index + end[0].length)];
  const placed = functions.map(([offset, complexity]) => {
    if (offset < 0) return [0, 0, complexity];
    let line = starts.findIndex((start) => start > offset);
    if (line < 0) line = starts.length;
    return [line, offset - starts[line - 1], complexity];
  });
  return { sum, functions: placed.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]) };
}
