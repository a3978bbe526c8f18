// node components.mjs FOLDER < names > answers: a line for each component: its blocks of script, as the official compiler
// of its language finds them, what ESLint and SonarJS say of the functions in them, as in freeze.mjs, and the logic of its
// template (templates.mjs). With --blocks the blocks alone, with --templates the logic alone.

import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { installed, measure, requireInstalled, typescriptParser } from "./oracle.mjs";
import { templateOf } from "./templates.mjs";

const vue = requireInstalled("@vue/compiler-dom");
const svelte = await import(path.join(installed, "node_modules/svelte/src/compiler/index.js"));
const astro = await import(path.join(installed, "node_modules/@astrojs/compiler/dist/node/index.js"));

/** The TypeScript parser, for code that has JSX or, as it does in .ts, cannot. */
const parserOf = (jsx) => ({ parseForESLint: (code, options) =>
  typescriptParser.parseForESLint(code, { ...options, ecmaFeatures: { jsx }, filePath: jsx ? "a.tsx" : "a.ts" }) });
const parsers = { ts: parserOf(false), typescript: parserOf(false), js: parserOf(true), jsx: parserOf(true), tsx: parserOf(true) };
const CONFIGS = {
  vue: { parser: requireInstalled("vue-eslint-parser"), parserOptions: { parser: parsers } },
  svelte: { parser: requireInstalled("svelte-eslint-parser"), parserOptions: { parser: parsers } },
  astro: { parser: requireInstalled("astro-eslint-parser"), parserOptions: { parser: parsers.tsx } },
};

/** Changed components that their compiler calls wrong are not compared: it promises nothing of their blocks. */
const alone = process.argv[3] === "--blocks";
const templates = process.argv[3] === "--templates";
const LANGUAGES = /^(?:|(?:.*\/)?(?:js|mjs|jsx|ts|tsx|javascript|ecmascript|module|typescript|babel))$/i;
const isMeasured = (attributes) => !("src" in attributes) && LANGUAGES.test(attributes.lang || attributes.type || "");

/** By language: the blocks of a text, each with its attributes, where its code begins and where it ends. */
const BLOCKS = {
  vue(text) {
    const { children } = vue.parse(text, { parseMode: "sfc", onError: (error) => { if (alone) throw error; }, prefixIdentifiers: true });
    return children.filter(({ type, tag }) => type === 1 && tag === "script").map(({ innerLoc, props }) => ({
      attributes: Object.fromEntries(props.map(({ name, value }) => [name, value?.content ?? ""])),
      start: innerLoc.start.offset, end: innerLoc.end.offset }));
  },
  svelte(text) {
    const { module, instance } = svelte.parse(text, { modern: true });
    return [module, instance].filter(Boolean).map(({ attributes, content, end }) => ({
      attributes: Object.fromEntries(attributes.map(({ name, value }) => [name, value === true ? "" : value[0].data])),
      start: content.start, end: text.lastIndexOf("</script", end - 1) })).sort((a, b) => a.start - b.start);
  },
  async astro(text) {
    const found = [];
    const bytes = Buffer.from(text);
    const units = (offset) => bytes.subarray(0, offset).toString().length;
    const visit = ({ type, name, value, attributes, children = [], position }) => {
      if (type === "frontmatter") {
        const start = units(bytes.indexOf("---", position.start.offset) + 3);
        found.push({ attributes: {}, start, end: start + value.length, isFrontmatter: true });
      }
      if (type === "element" && name === "script" && children[0]?.value) {
        const start = units(children[0].position.start.offset);
        found.push({ attributes: Object.fromEntries(attributes.map(({ name, value }) => [name, value])),
          start, end: start + children[0].value.length });
      }
      children.forEach(visit);
    };
    visit((await astro.parse(text, { position: true })).ast);
    return found;
  },
};

const blanked = (text) => text.replace(/[^\n\r\u2028\u2029]/g, " ");

/** Scripts that run in the browser: astro-eslint-parser leaves them to a processor, which parses each by itself. */
function ofClient(text, { start, end, attributes }) {
  const alone = blanked(text.slice(0, start)) + text.slice(start, end);
  return measure(alone, "is:inline" in attributes ? "client.jsx" : "client.ts");
}

const inside = (blocks) => ({ range: [start] }) => blocks.some((block) => start >= block.start && start < block.end);

async function logic(text, kind) {
  try {
    return await templateOf(text, kind);
  } catch (error) {
    return { error: String(error.message).slice(0, 200) };
  }
}

async function answer(name, text, kind) {
  if (templates) return { template: await logic(text, kind) };
  const blocks = (await BLOCKS[kind](text)).filter(({ start, end }) => start < end);
  const measured = blocks.filter(({ attributes }) => isMeasured(attributes));
  const bytes = ({ start, end }) => [start, end].map((offset) => Buffer.byteLength(text.slice(0, offset)));
  const found = { blocks: blocks.map(bytes), measured: measured.map(bytes) };
  if (alone) return found;
  const parts = kind === "astro" ? measured.filter(({ isFrontmatter }) => !isFrontmatter).map((block) => ofClient(text, block)) : [];
  const own = kind === "astro" ? measured.filter(({ isFrontmatter }) => isFrontmatter) : measured;
  if (own.length) parts.push(measure(text, name, CONFIGS[kind], inside(own)));
  const refused = parts.find(({ error }) => error);
  const template = await logic(text, kind);
  return refused ?? { ...found, functions: parts.flatMap(({ functions }) => functions), template };
}

const row = ({ kind, start, end, cyclomatic, modified, cognitive, mended, depth, params = -1, lines = -1 }) =>
  [kind[0], ...start, ...end, cyclomatic, modified, cognitive, depth, params, lines, mended];

for (const name of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const bytes = fs.readFileSync(path.join(process.argv[2], name));
  const sha256 = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  let found;
  try {
    found = await answer(name, bytes.toString("utf8").replace(/^\ufeff/, ""), name.split(".").at(-1));
  } catch (error) {
    found = { error: String(error.message).slice(0, 200) };
  }
  const functions = found.functions?.map(row).sort((a, b) => a[1] - b[1] || a[2] - b[2]);
  process.stdout.write(`${JSON.stringify({ path: name, sha256, ...found, ...(functions && { functions }) })}\n`);
}
