// The tree behind the matrix: folders that open and close, in an order in which imports lead forward as far as they can.

import { makeFolder, subfolderBy } from "./tree.js";
import { compare } from "./words.js";

const ROWS_AT_START = 40; // a folder is opened from the start while no more rows than these are there

// The folders and files of some nodes of the graph. An item is { name, path, parent, children or node, links }: links are
// how many imports there are among its children, by pairs of them.
export function growItems(nodes) {
  const root = folderItem({ name: "", path: "", parent: null });
  const itemOf = new Map();
  for (const node of nodes) {
    const parts = node.path.split("/");
    const folder = parts.slice(0, -1).reduce(subfolderBy(folderItem), root);
    const item = { name: parts.at(-1), path: node.path, parent: folder, node };
    folder.children.push(item);
    itemOf.set(node, item);
  }
  joinChains(root);
  for (const node of nodes) for (const edge of node.out) countLink(itemOf.get(node), itemOf.get(edge.end), edge);
  return { root, itemOf };
}

const folderItem = facts => makeFolder({ ...facts, links: new Map(), open: false });

// A folder with nothing but one folder in it is one step with that.
function joinChains(item) {
  while (item.children.length === 1 && item.children[0].children) {
    const [only] = item.children;
    item.name = item.parent ? `${item.name}/${only.name}` : only.path.slice(0, -1);
    Object.assign(item, { path: only.path, children: only.children });
  }
  item.level = item.parent ? item.parent.level + 1 : -1;
  item.size = 0;
  for (const child of item.children) {
    child.parent = item;
    if (child.children) joinChains(child);
    else child.level = item.level + 1;
    item.size += child.size ?? 1;
  }
}

function countLink(start, end, { isLoaded }) {
  if (!end || !isLoaded) return;
  let [a, b] = [start, end];
  while (a.level > b.level) a = a.parent;
  while (b.level > a.level) b = b.parent;
  if (a === b) return;
  while (a.parent !== b.parent) [a, b] = [a.parent, b.parent];
  const { links } = a.parent;
  if (!links.has(a)) links.set(a, new Map());
  links.get(a).set(b, (links.get(a).get(b) || 0) + 1);
}

// What imports others stands first, what is imported last (Eades, Lin and Smyth): few imports lead back.
export function ordered(item) {
  if (!item.isOrdered) item.children = forwardOrder(item);
  item.isOrdered = true;
  return item.children;
}

function forwardOrder({ children, links }) {
  const back = reversed(links);
  const hasLinks = item => Number(links.has(item) || back.has(item)); // what stands alone is taken first, and is last
  const rest = new Set([...children].sort((a, b) => hasLinks(a) - hasLinks(b) || compare(a.name, b.name)));
  const first = [];
  const last = [];
  const weightOf = new Map([...rest].map(item => [item, { out: total(links.get(item)), back: total(back.get(item)) }]));
  const take = (item, list) => {
    list.push(item);
    rest.delete(item);
    for (const [other, n] of links.get(item) || []) weightOf.get(other).back -= n;
    for (const [other, n] of back.get(item) || []) weightOf.get(other).out -= n;
  };
  while (rest.size) {
    const [item, isSink] = nextOf(rest, weightOf);
    take(item, isSink ? last : first);
  }
  return [...first, ...last.reverse()];
}

// One that imports nothing of the rest, and has to be last; else the one that imports most more than it is imported.
function nextOf(rest, weightOf) {
  let best = null;
  let most = -Infinity;
  for (const item of rest) {
    const { out, back } = weightOf.get(item);
    if (!out) return [item, true];
    const weight = back ? out - back : Infinity;
    if (weight > most || !best) [best, most] = [item, weight];
  }
  return [best, false];
}

const total = counts => [...(counts?.values() || [])].reduce((a, b) => a + b, 0);

function reversed(links) {
  const back = new Map();
  for (const [start, ends] of links) {
    for (const [end, n] of ends) {
      if (!back.has(end)) back.set(end, new Map());
      back.get(end).set(start, n);
    }
  }
  return back;
}

// The items in sight, each open folder before what is in it.
export function visibleItems(root) {
  const found = [];
  const visit = item => {
    for (const child of ordered(item)) {
      found.push(child);
      if (child.open) visit(child);
    }
  };
  visit(root);
  return found;
}

// Opens folders, those that hold most first, while there is room.
export function openSome(root, most = ROWS_AT_START) {
  const waiting = root.children.filter(item => item.children);
  let rows = root.children.length;
  while (waiting.length) {
    waiting.sort((a, b) => b.size - a.size);
    const item = waiting.shift();
    if (rows + item.children.length > most) continue;
    item.open = true;
    rows += item.children.length;
    waiting.push(...item.children.filter(child => child.children));
  }
}

// How many imports there are between the items in sight, and how many of them are parts of cycles, by row and column.
export function cellsOf(items, itemOf, isWanted) {
  const rowOf = new Map();
  const place = new Map(items.map((item, row) => [item, row]));
  for (const [node, item] of itemOf) {
    let at = item;
    for (let up = item.parent; up; up = up.parent) if (up.parent && !up.open) at = up;
    rowOf.set(node, place.get(at));
  }
  const cells = items.map(() => new Map());
  for (const [node, row] of rowOf) {
    for (const edge of node.out) {
      const column = rowOf.get(edge.end);
      if (column === undefined || !isWanted(edge)) continue;
      const cell = cells[row].get(column) || { count: 0, inCycles: 0 };
      cell.count++;
      if (edge.inCycle) cell.inCycles++;
      cells[row].set(column, cell);
    }
  }
  return { cells, rowOf };
}
