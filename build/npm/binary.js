"use strict";

// Where the program is: what COMPLEXITY_GUARD_BINARY names, else the binary in the package for this machine.

const PROGRAM = process.platform === "win32" ? "complexity-guard.exe" : "complexity-guard";

// Windows on ARM runs what was built for x64.
const machine = () => `${process.platform}-${process.platform === "win32" ? "x64" : process.arch}`;

const packageName = () => `@complexity-guard/${machine()}`;

/** The path of the program. An error says what is missing, and the command that brings it. */
function binary() {
  const chosen = process.env.COMPLEXITY_GUARD_BINARY;
  if (chosen) return chosen;
  try {
    return require.resolve(`${packageName()}/${PROGRAM}`);
  } catch {
    throw new Error(missing());
  }
}

function missing() {
  const { version, optionalDependencies } = require("./package.json");
  const name = packageName();
  if (!(name in optionalDependencies)) {
    const known = Object.keys(optionalDependencies).map((one) => one.split("/")[1]);
    return `complexity-guard has no binary for ${process.platform}-${process.arch}; it has those for ${known.join(", ")}. \
Where one can be had otherwise, name it in COMPLEXITY_GUARD_BINARY.`;
  }
  return `complexity-guard is installed without its binary, the package ${name}. That happens where optional packages are \
left out (--no-optional, --omit=optional), or where a lockfile or node_modules was made on another kind of machine.
Install it:  ${installer()} ${name}@${version}
or name a binary that you have in COMPLEXITY_GUARD_BINARY.`;
}

/** What adds a package with the package manager that is running, or with the one that this folder was installed by. */
function installer() {
  const agent = (process.env.npm_config_user_agent || "").split("/")[0];
  const manager = agent || (__dirname.includes(".pnpm") ? "pnpm" : "npm");
  return { pnpm: "pnpm add --save-optional", yarn: "yarn add --optional", bun: "bun add --optional" }[manager] || "npm install --save-optional";
}

module.exports = { binary };
