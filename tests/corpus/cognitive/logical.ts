// expect: cognitive=1
function oneRun(a: any, b: any, c: any) {
  return a && b && c; // +1 &&
}

// expect: cognitive=0
function orAndNullishAreFree(a: any, b: any, c: any) {
  return (a || b || c) ?? (a ?? b);
}

// expect: cognitive=2
function orEndsARun(a: any, b: any, c: any, d: any) {
  return a && b || c && d; // +1 &&; +1 &&
}

// expect: cognitive=2
function nullishEndsARun(a: any, b: any, c: any, d: any) {
  return (a && b) ?? (c && d); // +1 &&; +1 &&
}

// expect: cognitive=1
function parenthesesDoNotBreakAChain(a: any, b: any, c: any, d: any) {
  return (a && (b && c)) && (d); // +1 &&
}

// expect: cognitive=2
function aNotBreaksIt(a: any, b: any, c: any) {
  return a && !(b && c); // +1 &&; +1 &&
}

// expect: cognitive=2
function aCallBreaksIt(a: any, b: any, c: any) {
  return a && b(c && a); // +1 &&; +1 &&
}

// expect: cognitive=3
function otherOperatorsBreakIt(a: any, b: any, c: any) {
  return a && (b && c) === (c && b); // +1 &&; +1 &&; +1 &&
}

// expect: cognitive=2
function oneRunOnEachLine(a: any, b: any, c: any, d: any) {
  return a
    && b // +1 &&
    && c
    || d
    && a; // +1 &&
}

// expect: cognitive=0
function assignmentsAreFree(a: any, b: any) {
  a &&= b;
  a ||= b;
  a ??= b;
  return a?.b?.c;
}

// expect: cognitive=5
function chainsAreFlatWhereverTheyStand(a: any, b: any) {
  if (a && b) { // +1 if; +1 &&
    return a && b ? 1 : 2; // +2 ?:, nested 1; +1 &&
  }
}
