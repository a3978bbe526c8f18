#!/usr/bin/env node
"use strict";

// The command: the program in place of this process where Node can do that, else beside it.

const { binary } = require("./binary.js");

/** Says why the program did not start, and ends as the program itself does where it cannot work. */
function fail(error) {
  const words = error.code === "EACCES" ? `${error.path || "the binary"} is not executable (chmod +x)` : error.message;
  process.stderr.write(`complexity-guard: ${words}\n`);
  process.exitCode = 4;
}

/** Node 22.15 and later can become another program: no second process, and signals need no passing on. */
function become(program, args) {
  require("node:fs").accessSync(program, 1); // X_OK: execve ends the process where it fails
  process.execve(program, [program, ...args], process.env);
}

/** Signals are passed on, and the end of the program is the end of this process: its code, or the signal that ended it. */
function attend(program, args) {
  const child = require("node:child_process").spawn(program, args, { stdio: "inherit" });
  // A terminal sends Ctrl-C to both. One that came to this process alone is passed on when the other still runs.
  const later = (signal) => setTimeout(() => child.kill(signal), 200).unref();
  process.on("SIGINT", later);
  process.on("SIGBREAK", later);
  for (const signal of ["SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"]) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("error", fail);
  child.on("exit", (code, signal) => {
    if (!signal) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

try {
  const program = binary();
  (typeof process.execve === "function" && process.platform !== "win32" ? become : attend)(program, process.argv.slice(2));
} catch (error) {
  fail(error);
}
