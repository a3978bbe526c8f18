// node check_cases.mjs FOLDER: do the annotated cases say what the reference tools say? Exit 1 where they do not.

import fs from "node:fs";
import path from "node:path";
import { measure } from "./oracle.mjs";

const LINE_END = /\r\n|[\r\n\u2028\u2029]/;
const EXPECT = /(?:\/\/|\{?\/\*)\s*expect( module| file)?:\s*(.*)/;
const MARK = /(?:\/\/|\/\*)\s*(\+\d.*?)\s*(?:\*\/\}?)?\s*$/;
/** Which words of an `expect` comment a reference answers; the others (Halstead, names, …) have none. */
const ANSWERED = ["cyclomatic", "modified", "cognitive", "sonarjs_4_2", "lines", "params", "depth",
  "line", "col", "end_line", "end_col", "file_length", "export_count"];

function expectations(text) {
  const found = { functions: [], module: {}, file: {} };
  text.split(LINE_END).forEach((line) => {
    const [, scope, words] = EXPECT.exec(line) ?? [];
    if (!words) return;
    const numbers = Object.fromEntries([...words.matchAll(/(\w+)=(\d+)(?![:\d])/g)].map(([, k, v]) => [k, Number(v)]));
    if ("cognitive" in numbers) numbers.sonarjs_4_2 ??= numbers.cognitive;
    if (scope) Object.assign(found[scope.trim()], numbers);
    else found.functions.push(numbers);
  });
  return found;
}

/** In brackets stands what SonarJS 4.2 makes of a line by its fault, which our default does not have. */
const costOf = (mark, isMended) => (isMended ? null : /\[\+(\d+)\]/.exec(mark)) ?? /\+(\d+)/.exec(mark);

const marks = (text, isMended) => text.split(LINE_END).flatMap((line, index) =>
  (MARK.exec(line)?.[1].split(";") ?? []).map((mark) => `${index + 1}: +${Number(costOf(mark, isMended)[1])}`)).sort();

/** The answers about `cognitive` are those of SonarJS less its fault; `sonarjs_4_2` is what it says. */
const renamed = ({ cognitive, mended, ...rest }) => ({ ...rest, sonarjs_4_2: cognitive, cognitive: mended });

const differences = (label, expected, answer) => ANSWERED
  .filter((key) => key in expected && key in answer && expected[key] !== answer[key])
  .map((key) => `${label}: ${key}=${expected[key]}, the reference says ${answer[key]}`);

const before = (a, b) => a.start[0] - b.start[0] || a.start[1] - b.start[1] || (a.kind === "initializer" ? -1 : 1);

function check(file) {
  const text = fs.readFileSync(file, "utf8");
  const answer = measure(text, path.basename(file));
  if (answer.error) return [`${answer.line}: ${answer.error}`];
  const expected = expectations(text);
  const functions = answer.functions.sort(before).map((numbers) => ({ ...renamed(numbers),
    line: numbers.start[0], col: numbers.start[1], end_line: numbers.end[0], end_col: numbers.end[1] }));
  if (functions.length !== expected.functions.length) {
    return [`${expected.functions.length} functions expected, the reference has ${functions.length}`];
  }
  const found = functions.flatMap((numbers, index) =>
    differences(`line ${numbers.start[0]}`, expected.functions[index], numbers));
  found.push(...differences("module", expected.module, renamed(answer.module)));
  const whole = { file_length: answer.fileLength, export_count: answer.exports };
  found.push(...differences("file", expected.file, whole));
  if (path.basename(path.dirname(file)) === "cognitive") {
    for (const [key, isMended] of [["points", false], ["mendedPoints", true]]) {
      const points = functions.flatMap((f) => f[key].map(([line, , cost]) => `${line}: +${cost}`)).sort();
      const marked = marks(text, isMended);
      const missing = marked.filter((mark) => !points.includes(mark)).map((mark) => `${mark} is marked only`);
      const extra = points.filter((point) => !marked.includes(point)).map((point) => `${point} is not marked`);
      found.push(...missing, ...extra);
    }
  }
  return found;
}

const folder = process.argv[2];
const files = fs.readdirSync(folder, { recursive: true }).filter((name) => /\.[mc]?[jt]sx?$/.test(name)).sort();
let failures = 0;
for (const name of files) {
  for (const difference of check(path.join(folder, name))) {
    failures += 1;
    console.log(`${name}: ${difference}`);
  }
}
console.log(`${files.length} case files, ${failures} differences from the reference`);
process.exit(failures ? 1 : 0);
