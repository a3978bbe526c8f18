// What functions, files and folders cost the health of the project: the points that it is short of 100, shared out by what the
// program says that each function lost.

import { files, summary } from "./data.js";
import { h } from "./dom.js";
import { pathPieces, section } from "./pieces.js";
import { count, sum } from "./words.js";

const SHOWN = 10; // folders

const losing = files.filter(file => file.isProduct && file.lost > 0);
const lostByAll = sum(losing.map(file => file.lost));

export const inPoints = lost => lost * summary.point;

// Those of a function or a file. Tests and generated code cost the project nothing: they have no part in its health.
export function pointsOf(row) {
  return (row.file ?? row).isProduct ? inPoints(row.lost) : null;
}

// What a part of the project costs for each of its lines of code, as a multiple of what product code costs on average.
const average = lostByAll / sum(files.map(file => (file.isProduct ? file.code : 0)));
export const timesAverage = (lost, lines) => (average ? lost / lines / average : 0);

export function pointsText(points) {
  if (points === null) return "–";
  if (points === 0) return "0";
  return points < 0.005 ? "<0.01" : points.toFixed(2);
}

// Each folder with the files right in it.
function foldersByCost() {
  const lostIn = new Map();
  for (const { path, lost } of losing) {
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    lostIn.set(folder, (lostIn.get(folder) || 0) + lost);
  }
  const folders = [...lostIn].map(([path, lost]) => ({ path, points: inPoints(lost) }));
  return folders.sort((a, b) => b.points - a.points);
}

const link = (text, onclick) => h("button", { type: "button", class: "link", onclick }, text);

// What a row is of: a folder that can be listed, all other folders, which `open` shows, or words. All rows add up.
function costRows(folders, { list, cut, open }) {
  const rest = folders.slice(cut);
  const name = path => link(path ? pathPieces(path) : "files in no folder", () => list(path));
  const rows = folders.slice(0, cut).map(({ path, points }) => [name(path), points]);
  const others = link(`Show ${count(rest.length, "other folder")}`, open);
  if (rest.length) rows.push([others, sum(rest.map(folder => folder.points))]);
  if (summary.duplicated) rows.push(["duplicated code", summary.duplicated]);
  return rows;
}

function tableRow([what, points], most) {
  const style = { width: `${(100 * points) / most}%` };
  const bar = h("td", { "aria-hidden": true }, h("span", { class: "bar", style }));
  return h("tr", null, h("th", { scope: "row" }, what), h("td", null, pointsText(points)), bar);
}

function tableOfCosts(rows) {
  const most = Math.max(...rows.map(row => row[1]));
  const nothing = () => h("td", { "aria-hidden": true });
  const titles = ["Folder", "Points"].map(title => h("th", { scope: "col" }, title));
  const total = [h("th", { scope: "row" }, "missing from 100"), h("td", null, pointsText(summary.missing))];
  return h(
    "table",
    { "aria-label": "Points of health by folder" },
    h("thead", null, h("tr", null, titles, nothing())),
    h(
      "tbody",
      null,
      rows.map(row => tableRow(row, most)),
    ),
    h("tfoot", null, h("tr", null, total, nothing())),
  );
}

// `list` is called with a folder whose files are to be listed.
export function showPoints(list) {
  if (!(summary.missing > 0)) return;
  const note =
    "Each line in functions costs what the worst function around it is short of 100, divided by the number of these lines. " +
    "By folder, with the files right in it: choose one to list them.";
  const card = h("div", { class: "card costs" });
  const folders = foldersByCost();
  const draw = cut => {
    const open = () => {
      draw(folders.length);
      card.querySelectorAll("button")[cut].focus();
    };
    card.replaceChildren(tableOfCosts(costRows(folders, { list, cut, open })));
  };
  draw(folders.length > SHOWN + 1 ? SHOWN : folders.length);
  section("points", { title: "Where the points went", note }, card);
}
