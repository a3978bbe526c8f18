// What the page calls the metrics: title, short title, meaning, what it is of, whether it is counted in whole numbers, and
// whether values below a limit are past it.

import { summary } from "./data.js";

const METRICS = {
  ...summary.metrics,
  health: ["Health of functions", "Health", "100 is best; 80 warning, 60 error"],
};

// A metric that has no words here is called by its name.
const wordsOf = metric => METRICS[metric] || [metric, metric, ""];
export const label = metric => wordsOf(metric)[0];
export const shortLabel = metric => wordsOf(metric)[1];
export const meaning = metric => wordsOf(metric)[2];
export const pastWord = metric => (wordsOf(metric)[5] ? "below" : "above");

const namesWhere = suits => Object.keys(METRICS).filter(metric => suits(METRICS[metric]));
export const OF_FUNCTION = namesWhere(([, , , scope]) => scope === "function");
export const OF_FILE = namesWhere(([, , , scope]) => scope === "file");
export const IN_WHOLE_NUMBERS = new Set(namesWhere(([, , , , isWhole]) => isWhole));

export const measureOf = metric => (metric === "health" ? row => row.health : row => row.values[metric]);
export const isKnown = value => value !== null && value !== undefined;
