"use strict";

// What build/vscode/src/binary.js finds, for each case on standard input.

const { findBinary } = require(process.argv[2]);

const told = JSON.parse(require("node:fs").readFileSync(0, "utf8")).map(places => {
  try {
    return findBinary(places);
  } catch (error) {
    return error.message;
  }
});
process.stdout.write(JSON.stringify(told));
