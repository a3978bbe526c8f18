// Instruments sources with Istanbul and lets each statement have run, or not, by its place. Prints a line of JSON for each
// file: its coverage as coverage-final.json has it. node coverage.mjs FOLDER_OF_NODE_MODULES < paths
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(process.argv[2] + "/x.js");
const { createInstrumenter } = require("istanbul-lib-instrument");
const plugins = (path) => [
  ...(path.endsWith("x") || path.endsWith(".js") ? ["jsx"] : []),
  ...(/\.[cm]?tsx?$/.test(path) ? ["typescript"] : []),
  "decorators-legacy", "classProperties", "classPrivateProperties", "classPrivateMethods", "topLevelAwait", "importMeta",
];
for (const path of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const instrumenter = createInstrumenter({ esModules: true, parserPlugins: plugins(path) });
  try {
    instrumenter.instrumentSync(readFileSync(path, "utf8"), path);
  } catch {
    continue; // Babel reads less than TypeScript does
  }
  const { statementMap, fnMap, s } = instrumenter.lastFileCoverage();
  for (const key in s) s[key] = (statementMap[key].start.line * 7 + statementMap[key].start.column * 3 + Number(key)) % 3;
  console.log(JSON.stringify({ path, statementMap, fnMap, s }));
}
