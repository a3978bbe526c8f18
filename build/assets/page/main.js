// The page, part by part, and what leads from one part to another.

import { files, ofCode, summary } from "./data.js";
import { showDistributions } from "./distributions.js";
import { $ } from "./dom.js";
import { showFirst } from "./first.js";
import { past } from "./history.js";
import { showImports } from "./imports.js";
import { colourWords, TreeMap } from "./map.js";
import { isKnown, measureOf } from "./metrics.js";
import { showDuplication, showNotes } from "./notes.js";
import { showHotspots, showOverview } from "./overview.js";
import { section } from "./pieces.js";
import { jumpTo, onArrival } from "./place.js";
import { showPoints } from "./points.js";
import { followAddress, linkSheet, openAtStart, openFile } from "./sheet.js";
import { showFiles, showFunctions } from "./tables.js";
import { startTheme } from "./theme.js";
import { showTrend } from "./trend.js";

const tables = { functions: null, files: null };

// Lists what is in a bar of a histogram.
const listBar = name => (metric, bar, text) => {
  const table = tables[name];
  const value = measureOf(metric);
  table.only("all");
  table.narrow("range", text, row => isKnown(value(row)) && value(row) > bar.low && value(row) <= bar.high);
  if (table.column(metric)) table.sort(metric, metric !== "health");
  goToTable(name);
};

function showTable(name) {
  $(name).scrollIntoView();
  tables[name].grid.focus({ preventScroll: true });
}

// First the entry, then the scrolling: Back returns to where the page stood.
async function goToTable(name) {
  await jumpTo(`#${name}`);
  showTable(name);
}

// #functions/error lists the functions that have errors.
const levelIn = hash => hash.match(/^#(functions|files)\/(warning|error)$/);

function listLevel(hash) {
  const [, name, level] = levelIn(hash) || [];
  if (!tables[name]) return;
  tables[name].only(level);
  tables[name].ofProduct(); // as the figures of the overview
  showTable(name);
}

// A second click on the same link lists the same once more, which a browser alone would not do.
async function followLink(event) {
  const link = event.target.closest("a");
  if (!link || !levelIn(link.hash) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  await jumpTo(link.hash);
  listLevel(link.hash);
}

// Lists the functions of a folder or a file of the map.
function listNode(node) {
  const isIn = path => (node.file ? path === node.path : path.startsWith(node.path));
  tables.functions.only("all");
  tables.functions.narrow("folder", node.path, f => isIn(f.file.path));
  goToTable("functions");
}

// Lists the files right in a folder, the costliest first.
function listFolder(folder) {
  const { files: table } = tables;
  table.only("all");
  table.narrow(
    "folder",
    folder || "in no folder",
    file => file.path.slice(0, file.path.lastIndexOf("/") + 1) === folder,
  );
  table.sort("points", true);
  goToTable("files");
}

function showMap() {
  const map = new TreeMap(listNode);
  const note = `Area: lines${ofCode}. Colour: ${colourWords()}. Choose a folder or a file to go into it.`;
  section("map", { title: "Map", note }, map.card);
  return map;
}

// With a history what changes comes first, and the map shows where that is.
function showFindings() {
  if (past) showFirst();
  else showHotspots();
  showTrend();
  const early = past && showMap();
  showPoints(listFolder);
  showDistributions(listBar("functions"), listBar("files"));
  const map = early || showMap();
  showImports(file => openFile(file));
  tables.functions = showFunctions();
  tables.files = showFiles();
  linkSheet({ map, ...tables });
}

function showFoot() {
  const words = [`ComplexityGuard ${summary.version}`, summary.timestamp, "this page asks nothing of any network"];
  $("foot").append(words.filter(Boolean).join(" · "));
}

startTheme();
showOverview();
if (files.length) showFindings();
showDuplication();
showNotes();
showFoot();
document.title = `Health ${summary.health.toFixed(1)}, ${summary.grade} · ComplexityGuard`;
$("main").addEventListener("click", followLink);
onArrival(state => {
  followAddress(state);
  if (!state) listLevel(location.hash);
});
openAtStart();
listLevel(location.hash);
