// What the page calls the metrics: title, short title, meaning.

const METRICS = {
  cyclomatic: ["Cyclomatic complexity", "Cyclomatic", "independent paths through the code"],
  cognitive: ["Cognitive complexity", "Cognitive", "effort to follow the control flow"],
  halstead_volume: ["Halstead volume", "Volume", "size in bits of information"],
  halstead_difficulty: ["Halstead difficulty", "Difficulty", "how error-prone to write or change"],
  halstead_effort: ["Halstead effort", "Effort", "volume × difficulty"],
  halstead_bugs: ["Halstead bugs", "Bugs", "expected defects, volume ÷ 3,000"],
  line_count: ["Lines of code", "Lines", "without blank lines and comments"],
  params_count: ["Parameters", "Params", "runtime parameters"],
  nesting_depth: ["Nesting depth", "Depth", "deepest block"],
  file_length: ["File length", "Lines", "lines of code per file"],
  export_count: ["Exports", "Exports", "export statements per file"],
  duplication: ["Duplication", "Cloned %", "share of a file's tokens in clones, %"],
  duplication_project: ["Duplication of the project", "Cloned %", "share of all tokens in clones, %"],
  health: ["Health of functions", "Health", "100 is best; 80 warning, 60 error"],
};

// A metric that has no words here is called by its name.
const wordsOf = metric => METRICS[metric] || [metric, metric, ""];
export const label = metric => wordsOf(metric)[0];
export const shortLabel = metric => wordsOf(metric)[1];
export const meaning = metric => wordsOf(metric)[2];

export const OF_FUNCTION = [
  "cyclomatic",
  "cognitive",
  "halstead_volume",
  "halstead_difficulty",
  "halstead_effort",
  "halstead_bugs",
  "line_count",
  "params_count",
  "nesting_depth",
];
export const OF_FILE = ["file_length", "export_count", "duplication"];

export const IN_WHOLE_NUMBERS = new Set([
  "cyclomatic",
  "cognitive",
  "line_count",
  "params_count",
  "nesting_depth",
  "file_length",
  "export_count",
]);

export const measureOf = metric => (metric === "health" ? row => row.health : row => row.values[metric]);
export const isKnown = value => value !== null && value !== undefined;
