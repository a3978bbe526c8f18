"use strict";

const { spawn } = require("node:child_process");
const { binary } = require("./binary.js");

/** The program ended without the report that was asked for. */
class ComplexityGuardError extends Error {
  constructor(result) {
    super(result.stderr.trim() || `complexity-guard ended with ${result.signal || `code ${result.code}`}`);
    this.name = "ComplexityGuardError";
    this.code = result.code;
    this.signal = result.signal;
    this.stdout = result.stdout;
    this.stderr = result.stderr;
  }
}

/** Runs the program; whatever its exit code is, the promise is kept. It is broken where the program cannot start. */
function run(args = [], { cwd, env, input = "", signal } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary(), args, { cwd, env, signal, windowsHide: true, stdio: "pipe" });
    const said = { stdout: [], stderr: [] };
    for (const name of Object.keys(said)) child[name].on("data", (data) => said[name].push(data));
    child.on("error", reject);
    child.on("close", (code, killer) => {
      const text = (name) => Buffer.concat(said[name]).toString("utf8");
      resolve({ code, signal: killer, stdout: text("stdout"), stderr: text("stderr") });
    });
    child.stdin.on("error", () => {}); // the program need not read what it was given
    child.stdin.end(input);
  });
}

const HAS_REPORTED = [0, 1, 2, 4]; // 4: a file could not be analysed; the report names it

/** The JSON report of files and folders. No finding breaks the promise: the report tells of it. */
async function analyze(paths = ["."], { args = [], ...options } = {}) {
  const asked = [paths].flat().map((path) => (/^-./.test(path) ? `./${path}` : path)); // - is standard input
  const result = await run([...args, "--format", "json", "--output", "-", "--fail-on", "none", ...asked], options);
  if (!HAS_REPORTED.includes(result.code) || !result.stdout) throw new ComplexityGuardError(result);
  return JSON.parse(result.stdout);
}

module.exports = { analyze, binary, ComplexityGuardError, run };
