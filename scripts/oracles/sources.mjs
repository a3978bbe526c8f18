import fs from "node:fs";
import path from "node:path";

const SOURCE = /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs)$/;
const DECLARATION = /\.d\.[mc]?ts$/;

/** Paths of all sources below a folder, relative to it, `/` between their parts. */
export function* sources(folder, prefix = "") {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const name = prefix + entry.name;
    if (entry.isDirectory()) yield* sources(path.join(folder, entry.name), `${name}/`);
    else if (SOURCE.test(name) && !DECLARATION.test(name)) yield name;
  }
}
