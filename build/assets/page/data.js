// The data of the report: arrays, in the order in which Html.fragment and Html.function of complexity_guard.py write them.

import { $, seen } from "./dom.js";

function take(id) {
  const node = $(id);
  const text = node.textContent;
  node.remove();
  return JSON.parse(text);
}

export const KINDS = ["product", "test", "generated"]; // what the code of a file is
export const summary = take("summary");
export const functions = [];
export const files = take("files").map(readFile);
// What the lines are that files are measured by: where those of code are known, in one file and in all, blank lines and comments
// do not count.
export const ofCode = files.every(file => file.values.file_length !== null) ? " of code" : "";
export const LOST_UNIT = 1e6; // what functions lost is in millionths of a point times a line
// A file has those that differ from the project's.
export const thresholdsOf = file => ({ ...summary.thresholds, ...Object.fromEntries(file.thresholds) });
export const fileByPath = new Map(files.map(file => [file.path, file]));
if (summary.duplication) joinDuplication();
for (const [path, violation, words] of summary.graph?.violations || [])
  addFinding(fileByPath.get(path), [...violation, words]);

function readFile(row) {
  const [path, lines, length, exports, health, violations, rows] = row;
  const [module, errors, suppressed, notices, thresholds, blob, lost, healthLines, code, template] = row.slice(7);
  const file = {
    path,
    lines,
    code: length ?? lines,
    health,
    violations,
    errors,
    suppressed,
    notices,
    thresholds,
    blob,
    kind: KINDS[code],
    isProduct: code === 0,
    lost,
    healthLines,
  };
  file.address = seen(path);
  file.values = { file_length: length, export_count: exports, template_complexity: template };
  file.functions = rows.map((values, index) => readFunction(file, values, index));
  file.module = module && readFunction(file, module, rows.length);
  file.listed = file.module?.violations.length ? [...file.functions, file.module] : file.functions;
  file.findings = countFindings(file);
  file.status = file.findings[2] ? 2 : Number(file.findings[1] > 0);
  for (const f of file.listed) functions.push(f);
  return file;
}

// How many findings of each level; of level 0 are those that fail nothing, for their metrics do not gate.
function countFindings(file) {
  const findings = [0, 0, 0];
  for (const v of file.violations) findings[v[1]]++;
  for (const n of file.notices) findings[n[3]]++;
  for (const e of file.errors) if (e[3] === 2) findings[2]++;
  for (const f of file.listed) for (const v of f.violations) findings[v[1]]++;
  return findings;
}

// What tells whether a function or a file has findings of a level.
export const hasFinding = level => row =>
  row.findings ? row.findings[level] > 0 : row.violations.some(v => v[1] === level);

function readFunction(file, row, index) {
  const [scope, name, kind, line, column, span, cyclomatic, cognitive, halstead] = row;
  const [lines, params, depth, health, status, lost, violations = [], coverage, crap] = row.slice(9);
  const values = { cyclomatic, cognitive, line_count: lines, params_count: params, nesting_depth: depth };
  if (halstead) Object.assign(values, halsteadOf(halstead));
  if (crap !== undefined) Object.assign(values, { coverage, crap });
  return { file, index, scope, name, kind, line, column, end: line + span, values, health, status, violations, lost };
}

function halsteadOf([n1, n2, N1, N2]) {
  const vocabulary = n1 + n2;
  const volume = vocabulary ? (N1 + N2) * Math.log2(vocabulary) : 0;
  const difficulty = n2 ? (n1 / 2) * (N2 / n2) : 0;
  return {
    halstead_volume: volume,
    halstead_difficulty: difficulty,
    halstead_effort: volume * difficulty,
    halstead_bugs: volume / 3000,
  };
}

// Clones are known when all files are: each file's share comes with the summary.
function joinDuplication() {
  for (const file of files) file.values.duplication = 0;
  for (const [path, share, level] of summary.duplication.files) {
    const file = fileByPath.get(path);
    file.values.duplication = share;
    if (level) addFinding(file, ["duplication", level, share, thresholdsOf(file).duplication[level - 1]]);
  }
}

// What is known of a file when all are.
function addFinding(file, violation) {
  if (!file) return;
  const level = violation[1];
  file.violations.push(violation);
  file.findings[level]++;
  file.status = Math.max(file.status, level);
}

async function inflated(blob) {
  const bytes = Uint8Array.from(atob(blob), char => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return JSON.parse(await new Response(stream).text());
}

// Each file's source lines and increments are one deflated block, opened when somebody asks for it.
export async function unpack(file) {
  file.detail ||= file.blob ? await inflated(file.blob) : { points: [], source: [] };
  return file.detail;
}
