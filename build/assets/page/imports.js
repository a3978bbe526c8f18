// The section on what imports what.

import { summary } from "./data.js";
import { cycles, nodes } from "./graph.js";
import { Matrix } from "./matrix.js";
import { section } from "./pieces.js";
import { count, number, sum } from "./words.js";

function wordsOnImports() {
  const edges = sum(nodes.map(node => node.out.length));
  const inCycles = sum(cycles.map(cycle => cycle.nodes.length));
  const found = cycles.length
    ? `${count(cycles.length, "cycle")} of ${count(inCycles, "file")}`
    : "no files that import each other";
  const share = number(Math.round(1000 * summary.graph.share) / 10);
  return `${count(edges, "import")} among ${count(nodes.length, "file")}; ${found}. A change to a file may reach ${share} % of all on average.`;
}

export function showImports(openFileOf) {
  if (!nodes.length) return;
  const matrix = new Matrix(node => node.file && openFileOf(node.file));
  section("imports", { title: "Imports", note: wordsOnImports() }, matrix.card);
}
