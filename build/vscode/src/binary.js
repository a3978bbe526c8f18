"use strict";

// Where the program is: what the setting says, else what the workspace installed, what the path has, what we carry.

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { createRequire } = require("node:module");

const PROGRAM = process.platform === "win32" ? "complexity-guard.exe" : "complexity-guard";

// Windows on ARM runs what was built for x64.
const machine = () => `${process.platform}-${process.platform === "win32" ? "x64" : process.arch}`;

/**
 * What was looked at, and what came of it.
 * @typedef {{ from: "setting" | "workspace" | "path" | "extension", path: string }} Found
 * @typedef {{ setting: string, folders: string[], isTrusted: boolean, carriedIn: string, environment: NodeJS.ProcessEnv }} Places
 */

/** @param {string} file */
function isProgram(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * A path as people write it into settings.
 * @param {string} setting
 * @param {string[]} folders
 */
function spelledOut(setting, folders) {
  const from = setting.replace(/^~(?=$|[\\/])/, () => os.homedir());
  const whole = from.replace(/\$\{workspaceFolder\}/g, () => folders[0] || "");
  return path.resolve(folders[0] || os.homedir(), whole);
}

/**
 * The binary below the package that a folder depends on. Only looked for: nothing of it is run to find it.
 * @param {string} folder
 */
function installedIn(folder) {
  try {
    const shim = createRequire(path.join(folder, "package.json")).resolve("complexity-guard/package.json");
    return createRequire(fs.realpathSync(shim)).resolve(`@complexity-guard/${machine()}/${PROGRAM}`);
  } catch {
    return "";
  }
}

/**
 * Relative folders on the path are passed over: what they hold would be the workspace's choice.
 * @param {NodeJS.ProcessEnv} environment
 */
function onPath(environment) {
  const name = Object.keys(environment).find(key => key.toUpperCase() === "PATH") || "PATH";
  const folders = (environment[name] || "").split(path.delimiter).filter(path.isAbsolute);
  return folders.map(folder => path.join(folder, PROGRAM)).find(isProgram) || "";
}

/**
 * The program that we carry. A zip may have lost the permission to run it.
 * @param {string} folder
 */
function carried(folder) {
  const file = path.join(folder, "bin", PROGRAM);
  try {
    if (process.platform !== "win32" && fs.existsSync(file) && !isProgram(file)) fs.chmodSync(file, 0o755);
  } catch {
    return "";
  }
  return isProgram(file) ? file : "";
}

/**
 * The program to start. An error says what is missing: a setting that leads nowhere is not passed over in silence.
 * @param {Places} places
 * @returns {Found}
 */
function findBinary({ setting, folders, isTrusted, carriedIn, environment }) {
  if (setting) {
    const file = spelledOut(setting, folders);
    if (!isProgram(file)) throw new Error(`complexityGuard.path: ${file} is no program`);
    return { from: "setting", path: file };
  }
  // What a workspace brings is run where its user trusts it, and nowhere else.
  const installed = isTrusted ? folders.map(installedIn).find(isProgram) : "";
  if (installed) return { from: "workspace", path: installed };
  const named = onPath(environment);
  if (named) return { from: "path", path: named };
  const ours = carried(carriedIn);
  if (ours) return { from: "extension", path: ours };
  throw new Error(
    `complexity-guard was not found: this extension carries none for ${process.platform}-${process.arch}. \
Install it (npm install --save-dev complexity-guard), or name it in the setting complexityGuard.path.`,
  );
}

module.exports = { findBinary };
