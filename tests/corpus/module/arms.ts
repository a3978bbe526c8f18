// A function as an arm at the top level: SonarJS 4.2 counts what follows as nested.
// expect module: cyclomatic=3 cognitive=2 sonarjs_4_2=3
// expect: cyclomatic=1 cognitive=0
const handler = window ? () => 1 : null; // +1 ?:
if (handler) handler(); // +1 if
