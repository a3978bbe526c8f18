// The import graph: files as nodes, joined with what else the page knows of them.

import { fileByPath, summary } from "./data.js";
import { seen } from "./dom.js";

const IMPORT_WORDS = ["", "", "import()", "type"]; // of imports, what loads most first; the first two are loaded with the file
const given = summary.graph || { files: [], links: [], cuts: [], unresolved: [] };

export const keyOf = (start, end) => start.index * given.files.length + end.index;
const OF_GRAPH = ["fan_in", "fan_out", "instability", "reach", "load", "import_depth", "barrel_cost"];
// The drawing of a file's imports says them better, but for those that have limits.
export const isDrawn = (metric, limits) => OF_GRAPH.includes(metric) && !limits?.some(limit => limit !== null);
export const nodes = given.files.map(readNode);
given.links.forEach((ends, start) => {
  for (const [end, kind] of ends) if (end !== start) linkNodes(nodes[start], nodes[end], kind);
});
// By number, the files of each cycle and the imports without which there is none.
export const cycles = given.cuts.map((cut, number) => ({
  number,
  nodes: nodes.filter(node => node.cycle === number),
  cut: new Set(cut.map(([start, end]) => keyOf(nodes[start], nodes[end]))),
}));
for (const node of nodes) joinNode(node);

function readNode(row, index) {
  const [path, fanIn, fanOut, reach, load, depth, isBarrel, cycle, cost] = row;
  const file = fileByPath.get(path);
  const values = { fan_in: fanIn, fan_out: fanOut, instability: fanOut / (fanIn + fanOut || 1), reach, load };
  Object.assign(values, { import_depth: depth, barrel_cost: isBarrel ? cost : null });
  return { index, path, name: seen(path.slice(path.lastIndexOf("/") + 1)), file, cycle, values, out: [], back: [] };
}

function linkNodes(start, end, kind) {
  const isLoaded = kind < 2;
  const inCycle = isLoaded && start.cycle !== null && start.cycle === end.cycle;
  const edge = { start, end, word: IMPORT_WORDS[kind], isLoaded, inCycle };
  start.out.push(edge);
  end.back.push(edge);
}

function joinNode(node) {
  if (!node.file) return; // a component that no run reads
  node.file.node = node;
  Object.assign(node.file.values, node.values);
}

export const sizeOfCycle = file => (file.node && file.node.cycle !== null ? cycles[file.node.cycle].nodes.length : 0);

// A shortest way round through a file that is in a cycle.
export function wayRound(from) {
  const before = new Map([[from, null]]);
  for (const node of before.keys()) {
    for (const { end, inCycle } of node.out) {
      if (!inCycle) continue;
      if (end === from) return wayTo(node, before);
      if (!before.has(end)) before.set(end, node);
    }
  }
  return [];
}

function wayTo(last, before) {
  const way = [];
  for (let node = last; node; node = before.get(node)) way.unshift(node);
  return way;
}
