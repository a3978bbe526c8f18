// expect: cyclomatic=5
function everyOperator(a: unknown, b: unknown, c: unknown, d: unknown) {
  return a && b // +1 &&
    || c // +1 ||
    || (a ?? d); // +1 ||; +1 ??
}

// expect: cyclomatic=4
function operatorsOverLines(a: boolean, b: boolean) {
  const x = a && b; // +1 &&
  const y = a || b; // +1 ||
  const z = a ?? b; // +1 ??
  return [x, y, z];
}

// expect: cyclomatic=4
function logicalAssignments(o: Record<string, unknown>) {
  o.a &&= 1; // +1 logical assignment
  o.b ||= 2; // +1 logical assignment
  o.c ??= 3; // +1 logical assignment
}

// expect: cyclomatic=1
function otherOperators(a: number, b: number) {
  a += b;
  a |= b;
  a &= b;
  return !a === ~b > (a & b | a ^ b), a;
}

// expect: cyclomatic=5
function optionalChains(a: any) {
  a?.b; // +1 ?.
  a?.[0]; // +1 ?.
  a?.(); // +1 ?.
  (a?.b).c; // +1 ?.
  return a.b.c[0]();
}

// expect: cyclomatic=4
function chainsCountEachMark(a: any) {
  return a?.b?.c?.d.e; // +1 ?.; +1 ?.; +1 ?.
}

// expect: cyclomatic=1
function nonNullIsNotOptional(a: any) {
  return a!.b!.c;
}
