// The page, part by part, and what leads from one part to another.

import { files, summary } from "./data.js";
import { showDistributions } from "./distributions.js";
import { $ } from "./dom.js";
import { TreeMap } from "./map.js";
import { isKnown, measureOf } from "./metrics.js";
import { showDuplication, showNotes } from "./notes.js";
import { showHotspots, showOverview } from "./overview.js";
import { section } from "./pieces.js";
import { followAddress, linkMap } from "./sheet.js";
import { showFiles, showFunctions } from "./tables.js";
import { startTheme } from "./theme.js";

const tables = { functions: null, files: null };

// Lists what is in a bar of a histogram.
const listBar = name => (metric, bar, text) => {
  const table = tables[name];
  const value = measureOf(metric);
  table.narrow("range", text, row => isKnown(value(row)) && value(row) > bar.low && value(row) <= bar.high);
  if (table.column(metric)) table.sort(metric, metric !== "health");
  $(name).scrollIntoView();
  table.grid.focus({ preventScroll: true });
};

// Lists the functions of a folder or a file of the map.
function listNode(node) {
  const isIn = path => (node.file ? path === node.path : path.startsWith(node.path));
  tables.functions.narrow("folder", node.path, f => isIn(f.file.path));
  $("functions").scrollIntoView();
}

function showFindings() {
  showHotspots();
  showDistributions(listBar("functions"), listBar("files"));
  const map = new TreeMap(listNode);
  linkMap(path => map.show(path));
  const note = "Area: lines. Colour: health. Choose a folder or a file to go into it.";
  section("map", { title: "Map", note }, map.card);
  tables.functions = showFunctions();
  tables.files = showFiles();
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
document.title = `Health ${summary.health.toFixed(1)} · ComplexityGuard`;
addEventListener("hashchange", followAddress);
followAddress();
