/** How the program ended, and what it wrote. */
export interface RunResult {
  /** 0 passed, 1 errors, 2 warnings, 3 wrong usage, 4 a file could not be analysed; null where a signal ended it */
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** The folder to run in: paths are relative to it, and its configuration holds. */
  cwd?: string | URL;
  env?: Record<string, string | undefined>;
  /** What standard input holds, for the path "-". */
  input?: string | Uint8Array;
  /** Ends the program. */
  signal?: AbortSignal;
}

export interface AnalyzeOptions extends RunOptions {
  /** More of the command line, such as ["--preset", "strict", "--since", "main"]. */
  args?: readonly string[];
}

/** Runs the program; whatever its exit code is, the promise is kept. It is broken where the program cannot start. */
export function run(args?: readonly string[], options?: RunOptions): Promise<RunResult>;

/** The JSON report of files and folders (default: the current folder). No finding breaks the promise. */
export function analyze(paths?: string | readonly string[], options?: AnalyzeOptions): Promise<Report>;

/** The path of the program. */
export function binary(): string;

/** The program ended without the report that was asked for. */
export class ComplexityGuardError extends Error {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}
