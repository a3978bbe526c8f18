// The folders and files of the project as a tree, each node with the sums of what is in it.

import { files, LOST_UNIT } from "./data.js";
import { hasCoverage, hottestIn, priorityOf } from "./history.js";
import { isKnown } from "./metrics.js";
import { where } from "./pieces.js";
import { compare, sum, whole } from "./words.js";

const bySize = (a, b) => b.area - a.area || compare(a.path, b.path);
export const makeFolder = facts => ({ folders: new Map(), children: [], ...facts });

/* Goes from a folder to one right in it, which is made where there is none yet. */
export const subfolderBy = make => (node, part) => {
  if (!node.folders.has(part)) {
    const folder = make({ name: part || "/", path: `${node.path + part}/`, parent: node });
    node.folders.set(part, folder);
    node.children.push(folder);
  }
  return node.folders.get(part);
};
const subfolder = subfolderBy(makeFolder);

export function growTree() {
  const root = makeFolder({ name: "all files", path: "" });
  for (const file of files) {
    const parts = file.path.split("/");
    const node = parts.slice(0, -1).reduce(subfolder, root);
    node.children.push({ name: parts.at(-1), path: file.path, file, parent: node });
  }
  return weigh(root);
}

function weigh(node) {
  if (node.file) return weighFile(node);
  skipChain(node);
  for (const child of node.children) {
    child.parent = node;
    weigh(child);
  }
  node.children.sort(bySize);
  return addUp(node);
}

function weighFile(node) {
  const { file } = node;
  return Object.assign(node, {
    lines: file.code,
    area: Math.max(1, file.code),
    health: file.health,
    weight: file.isProduct ? file.healthLines : 0, // as in the health of the project
    lost: file.isProduct ? file.lost : 0,
    functions: file.functions.length,
    errors: file.findings[2],
    warnings: file.findings[1],
    files: 1,
    hottest: hottestIn(file),
    ...coverageOf(file.functions),
  });
}

// Lines of functions of which it is known how much tests ran, and how many of them they did.
function coverageOf(functions) {
  const known = hasCoverage ? functions.filter(f => isKnown(f.values.coverage)) : [];
  const linesOf = f => f.values.line_count ?? f.end - f.line + 1;
  return { coverable: sum(known.map(linesOf)), covered: sum(known.map(f => f.values.coverage * linesOf(f))) };
}

// A chain of folders with one child each is one step: src/main/app.
function skipChain(node) {
  while (node.children.length === 1 && node.children[0].folders) {
    const only = node.children[0];
    node.name = node.parent ? `${node.name}/${only.name}` : only.path.slice(0, -1);
    node.path = only.path;
    node.children = only.children;
  }
}

function addUp(node) {
  const { children } = node;
  for (const key of [
    "lines",
    "area",
    "weight",
    "lost",
    "functions",
    "errors",
    "warnings",
    "files",
    "coverable",
    "covered",
  ]) {
    node[key] = sum(children.map(child => child[key] || 0));
  }
  node.hottest = Math.max(0, ...children.map(child => child.hottest || 0));
  node.health = node.weight ? 100 - node.lost / LOST_UNIT / node.weight : 100;
  return node;
}

// Tiles too small to hit become one: ten thousand files in one folder are neither drawn nor pressed one by one.
export function gatherSmall(nodes, area) {
  const total = sum(nodes.map(node => node.area));
  const small = nodes.findIndex(node => (node.area * area) / total < 80);
  const cut = small < 0 ? nodes.length : Math.max(small, Math.min(nodes.length, 500));
  const rest = nodes.slice(cut);
  if (rest.length < 10) return nodes;
  const { parent } = rest[0];
  const name = `${whole.format(rest.length)} smaller`;
  return [...nodes.slice(0, cut), addUp({ name, path: parent.path, folders: true, few: true, children: rest, parent })];
}

// The lines of each function without those of the functions right inside it.
function ownLines(functions) {
  const own = new Map();
  const around = [];
  for (const f of [...functions].sort((a, b) => a.line - b.line || a.column - b.column || b.end - a.end)) {
    while (around.length && around.at(-1).end < f.line) around.pop();
    const lines = f.values.line_count ?? f.end - f.line + 1;
    own.set(f, lines);
    if (around.length) own.set(around.at(-1), own.get(around.at(-1)) - lines);
    around.push(f);
  }
  return own;
}

// The node of a file with the functions of the file as its children.
export function withFunctions(node) {
  const own = ownLines(node.file.functions);
  const children = node.file.functions.map(f => {
    const lines = Math.max(1, own.get(f));
    return {
      name: f.name,
      path: where(f),
      subject: f,
      lines,
      area: lines,
      health: f.health,
      lost: node.lost && f.lost,
      hottest: priorityOf(f),
      ...coverageOf([f]),
      parent: node,
    };
  });
  return { ...node, children: children.sort(bySize) };
}

// Squarified treemap (Bruls, Huizing, van Wijk): rows along the shorter side, each closed when the worst aspect ratio
// in it would grow. `place` is called with each node and its box.
export function squarify(nodes, box, place) {
  let rest = box;
  let total = sum(nodes.map(node => node.area));
  let start = 0;
  while (start < nodes.length && rest.width > 0 && rest.height > 0) {
    const side = Math.min(rest.width, rest.height);
    const scale = (rest.width * rest.height) / total;
    const row = nodes.slice(start, rowEnd(nodes, start, { side, scale }));
    const area = sum(row.map(node => node.area));
    rest = placeRow({ row, area, side, thick: (area * scale) / side }, rest, place);
    total -= area;
    start += row.length;
  }
}

function rowEnd(nodes, start, { side, scale }) {
  let area = 0;
  let worst = Infinity;
  for (let end = start; end < nodes.length; end++) {
    area += nodes[end].area;
    const thick = (area * scale) / side;
    const flat = (nodes[start].area * scale) / thick / thick;
    const ratio = Math.max(flat, (thick * thick) / (nodes[end].area * scale));
    if (ratio > worst) return end;
    worst = ratio;
  }
  return nodes.length;
}

// Returns what remains of the box beside the row.
function placeRow({ row, area, side, thick }, box, place) {
  const { x, y, width, height } = box;
  const upright = width >= height;
  let offset = 0;
  for (const node of row) {
    const long = (node.area / area) * side;
    if (upright) place(node, { x, y: y + offset, width: thick, height: long });
    else place(node, { x: x + offset, y, width: long, height: thick });
    offset += long;
  }
  return upright
    ? { x: x + thick, y, width: width - thick, height }
    : { x, y: y + thick, width, height: height - thick };
}
