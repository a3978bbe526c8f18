// A construct belongs to the innermost function that encloses it.

// expect: cyclomatic=2
function outer(a: any) {
  if (a) a(); // +1 if
  // expect: cyclomatic=3
  const arrow = (b = a) => b || a; // +1 default value; +1 ||
  // expect: cyclomatic=2
  return function inner() {
    return a ? arrow : inner; // +1 ?:
  };
}

// expect: cyclomatic=2
const returnsArrow = (a: any) => a && ( // +1 &&
  // expect: cyclomatic=2
  (b: any) => b && a // +1 &&
);

// expect: cyclomatic=2
function computedKeysBelongOutside(a: any, b: any) {
  return {
    // expect: cyclomatic=1
    [a || b]() {}, // +1 ||
    // expect: cyclomatic=1
    get c() {
      return a;
    },
  };
}

// expect: cyclomatic=4
function decoratorsBelongOutside(dec: any, a: any) {
  return class {
    @dec(a || 1) // +1 ||
    // expect: cyclomatic=2
    method(b = 1) {} // +1 default value

    // expect: cyclomatic=3
    handler = (b = 1) => b ?? a; // +1 default value; +1 ??

    @dec(a && 1) // +1 &&
    // expect: cyclomatic=2
    field = a || 1; // +1 ||

    [a ?? "x"] = 1; // +1 ??

    // expect: cyclomatic=2
    static {
      if (a) a(); // +1 if
    }
  };
}
