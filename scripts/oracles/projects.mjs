// TypeScript 5.9, and the options that it has for a file of a folder: those of the nearest tsconfig.json or jsconfig.json.
// The folder is the first argument of the script that imports this.
import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(process.env.ORACLES ?? process.cwd(), "package.json"));
export const ts = require("typescript-5.9");
export const top = realpathSync(process.argv[2]);
export const host = { ...ts.sys, getCurrentDirectory: () => top, realpath: realpathSync };
const projects = new Map();

function nearestConfig(folder) {
  for (const name of ["tsconfig.json", "jsconfig.json"]) {
    if (existsSync(path.join(folder, name))) return path.join(folder, name);
  }
  return folder === top ? undefined : nearestConfig(path.dirname(folder));
}

function optionsIn(config) {
  if (!config) return {};
  const source = ts.readJsonConfigFile(config, ts.sys.readFile);
  const noFiles = { ...ts.sys, readDirectory: () => [] };
  return ts.parseJsonSourceFileConfigFileContent(source, noFiles, path.dirname(config), undefined, config).options;
}

export function projectOf(folder) {
  const config = nearestConfig(folder);
  if (!projects.has(config)) {
    const options = optionsIn(config);
    projects.set(config, { options, cache: ts.createModuleResolutionCache(top, (name) => name, options) });
  }
  return projects.get(config);
}
