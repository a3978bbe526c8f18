// The file that defines what each import takes, as TypeScript's checker follows it through files that pass it on:
//   node names.mjs FOLDER < list of paths, one a line, relative to FOLDER
// {from, line, name, to}, a line of JSON for each name that an import or an export from elsewhere takes from a file of
// the folder: `to` are the files of its declarations, [] where the checker knows none.
import { readFileSync } from "node:fs";
import path from "node:path";
import { host, projectOf, top, ts } from "./projects.mjs";

const names = readFileSync(0, "utf8").split("\n").filter(Boolean);
const options = { allowJs: true, noLib: true, types: [], skipLibCheck: true, jsx: ts.JsxEmit.Preserve, moduleResolution: 2, module: 99 };
const program = ts.createProgram(names.map((name) => path.join(top, name)), options, {
  ...ts.createCompilerHost(options),
  // Each file by the options of its own project, as for edges.
  resolveModuleNameLiterals: (literals, from, redirected, _, file) => literals.map((literal) => {
    const { options: own, cache } = projectOf(path.dirname(from));
    const mode = ts.getModeForUsageLocation(file, literal, own);
    return ts.resolveModuleName(literal.text, from, own, host, cache, undefined, mode);
  }),
});
const checker = program.getTypeChecker();

// What a statement takes: the node of each name, and how it is called where it is from.
function* takenBy(statement) {
  if (ts.isImportDeclaration(statement) && statement.importClause) {
    const { name, namedBindings } = statement.importClause;
    if (name) yield [name, "default"];
    if (namedBindings && ts.isNamedImports(namedBindings)) {
      for (const element of namedBindings.elements) yield [element.name, (element.propertyName ?? element.name).text];
    }
  }
  if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
    for (const element of statement.exportClause.elements) yield [element.name, (element.propertyName ?? element.name).text];
  }
}

for (const name of names) {
  const file = program.getSourceFile(path.join(top, name));
  for (const statement of file?.statements ?? []) {
    if (!statement.moduleSpecifier) continue;
    const line = file.getLineAndCharacterOfPosition(statement.getStart(file)).line + 1;
    for (const [node, there] of takenBy(statement)) {
      const symbol = checker.getSymbolAtLocation(node);
      const aliased = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const found = (aliased?.declarations ?? []).map((one) => path.relative(top, one.getSourceFile().fileName));
      console.log(JSON.stringify({ from: name, specifier: statement.moduleSpecifier.text, line, name: there, to: [...new Set(found)] }));
    }
  }
}
