// A function as an arm of ?: or if. SonarJS 4.2 never takes back the nesting of such an arm: what follows in the
// function around it costs more. Its number is `sonarjs_4_2`, and its cost of a line stands in brackets behind ours.

// expect: cognitive=2 sonarjs_4_2=3
function arrow(a: any) {
  // expect: cognitive=0
  const r = a ? () => 1 : null; // +1 ?:
  if (r) return r; // +1 if [+2]
}

// expect: cognitive=2 sonarjs_4_2=3
function secondArm(a: any) {
  // expect: cognitive=0
  const r = a ? null : () => 1; // +1 ?:
  if (r) return r; // +1 if [+2]
}

// expect: cognitive=3 sonarjs_4_2=5
function bothArms(a: any) {
  // expect: cognitive=0
  const r = a
    ? () => 1 // +1 ?:
    // expect: cognitive=0
    : () => 2;
  for (;;) { // +1 for [+3]
    break;
  }
  return a && r; // +1 &&
}

// expect: cognitive=4 sonarjs_4_2=6
function whatIsInTheArmIsItsOwn(a: any) {
  const r = a
    // expect: cognitive=3
    ? (b: any) => { // +1 ?:
        if (b) { // +1 if
          while (b) b(); // +2 while, nested 1
        }
      }
    : null;
  if (a) { // +1 if [+2]
    if (r) r(a); // +2 if, nested 1 [+3]
  }
}

// expect: cognitive=3 sonarjs_4_2=5
function asynchronous(a: any) {
  // expect: cognitive=0
  const r = a ? async () => { await a; } : null; // +1 ?:
  try {
    a();
  } catch { // +1 catch [+2]
  }
  if (!r) return; // +1 if [+2]
}

// expect: cognitive=3 sonarjs_4_2=6
function expressionsAndGenerators(a: any) {
  // expect: cognitive=0
  const f = a ? function () {} : null; // +1 ?:
  // expect: cognitive=0
  const g = a ? null : function* named() {}; // +1 ?: [+2]
  while (f) g(); // +1 while [+3]
}

// expect: cognitive=4 sonarjs_4_2=5
function theOtherArm(a: any, b: any) {
  // expect: cognitive=0
  return a
    ? () => 1 // +1 ?:
    : b
      ? 1 // +2 ?:, nested 1 [+3]
      : a && 2; // +1 &&
}

// expect: cognitive=4 sonarjs_4_2=5
function armsInArms(a: any, b: any) {
  // expect: cognitive=0
  const r = a ? (b ? () => 1 : 2) : 3; // +1 ?:; +2 ?:, nested 1
  // expect: cognitive=0
  const s = [() => (((r)))];
  if (s) return; // +1 if [+2]
}

// expect: cognitive=2 sonarjs_4_2=3
function inParentheses(a: any) {
  // expect: cognitive=0
  const r = a ? ((() => 1)) : 2; // +1 ?:
  if (r) return; // +1 if [+2]
}

// expect: cognitive=5 sonarjs_4_2=7
function armsOfIf(a: any) {
  // expect: cognitive=0
  if (a) function one() {} // +1 if
  // expect: cognitive=0
  else function two() {} // +1 else
  if (a) { // +1 if [+3]
  } else if (a.b) { // +1 else if
  } else { // +1 else
  }
  a ||= 1;
}

// expect: cognitive=6 sonarjs_4_2=8
function behindElseIf(a: any) {
  // expect: cognitive=0
  if (a) function one() {} // +1 if
  else if (a.b) { // +1 else if
    for (const b of a) b(); // +2 for-in/of, nested 1 [+3]
  }
  switch (a) { // +1 switch [+2]
    case 1:
      a && a(); // +1 &&
  }
}

// expect: cognitive=8 sonarjs_4_2=11
function inALoop(list: any[]) {
  for (const a of list) { // +1 for-in/of
    // expect: cognitive=0
    const r = a ? () => 1 : 2; // +2 ?:, nested 1
    if (r) continue; // +2 if, nested 1 [+3]
  }
  do {} while (list); // +1 do-while [+2]
  a: for (;;) break a; // +1 for [+2]; +1 jump to label
}

// No arm is the function itself here: an object, a class, a call, a cast or an operator stands between.
// expect: cognitive=11 sonarjs_4_2=11
function notArms(a: any) {
  // expect: cognitive=0
  const o = a ? { m() {} } : 0; // +1 ?:
  const c = a
    ? class { // +1 ?:
        // expect: cognitive=1
        m() { if (a) a(); } // +1 if
        // expect: cognitive=0
        f = () => 1;
      }
    : 0;
  // expect: cognitive=0
  const r = a ? a(() => 1) : 0; // +1 ?:
  // expect: cognitive=0
  const s = a ? ((() => 1) as any) : 0; // +1 ?:
  // expect: cognitive=0
  const t = a ? a || (() => 1) : 0; // +1 ?:
  // expect: cognitive=0
  const test = (() => 1) ? 1 : 2; // +1 ?:
  // expect: cognitive=0
  if (a) (function () {})(); // +1 if
  // expect: cognitive=0
  if (a) (() => 1); // +1 if
  while (a) a(); // +1 while
  // expect: cognitive=0
  if (() => 1) return [o, c, r, s, t, test]; // +1 if
  for (;;) {} // +1 for
}

class C {
  // expect: cognitive=2 sonarjs_4_2=3
  // expect: cognitive=0
  field = [a ? () => 1 : 2, a ? 1 : 2]; // +1 ?:; +1 ?: [+2]

  // expect: cognitive=2 sonarjs_4_2=3
  static {
    // expect: cognitive=0
    const r = a ? () => 1 : 2; // +1 ?:
    if (r) r(); // +1 if [+2]
  }

  // expect: cognitive=2 sonarjs_4_2=3
  // expect: cognitive=0
  async method(a: any, b = a ? () => 1 : 2) { // +1 ?:
    if (b) return; // +1 if [+2]
  }

  // expect: cognitive=1
  get untouched() {
    if (a) return 1; // +1 if
  }
}

// An arm of an inner function is no arm of the outer one.
// expect: cognitive=1
function outer(a: any) {
  // expect: cognitive=2 sonarjs_4_2=3
  const inner = () => {
    // expect: cognitive=0
    const r = a ? () => 1 : 2; // +1 ?:
    if (r) return; // +1 if [+2]
  };
  if (inner) inner(); // +1 if
}

// Only what nests costs more: flat costs, and what comes before, stay.
// expect: cognitive=4 sonarjs_4_2=4
function flatCosts(a: any) {
  if (a) a(); // +1 if
  // expect: cognitive=0
  const r = a ? () => 1 : 2; // +1 ?:
  a && r && r(); // +1 &&
  return a || (r && 1); // +1 &&
}

// expect: cognitive=4 sonarjs_4_2=5
function elseIfWithAnArm(a: any, b: any) {
  if (a) a(); // +1 if
  // expect: cognitive=0
  else if (b) function one() {} // +1 else if
  else b(); // +1 else
  while (a) a(); // +1 while [+2]
}
