// An initializer is listed only when it branches; one that is a function is that function.

declare const a: any, b: any;

class Fields {
  plain = 1;
  nothing;
  // expect: cyclomatic=2
  branching = a ? 1 : 2; // +1 ?:
  // expect: cyclomatic=3
  static list = [a || 1, b && 2]; // +1 ||; +1 &&
  // expect: cyclomatic=2
  #secret = (a ?? b); // +1 ??
  // expect: cyclomatic=1
  arrow = () => 1;
  // expect: cyclomatic=2
  method = function () { return a?.b; }; // +1 ?.
  // expect: cyclomatic=2
  called =
    // expect: cyclomatic=3
    (() => a && b || 1)() // +1 &&; +1 ||
    || 2; // +1 ||
  // expect: cyclomatic=1
  "quoted" = (): number => { return 1 };
}

// To ESLint an auto-accessor is no field: its initializer belongs to what is around it, a function in it to itself.
// expect: cyclomatic=3
function autoAccessors(dec: any) {
  return class {
    accessor plain = 1;
    accessor branching = a ? 1 : 2; // +1 ?:
    @dec static accessor #secret = a || b; // +1 ||
    // expect: cyclomatic=2
    accessor arrow = () => a?.b; // +1 ?.
    // expect: cyclomatic=2
    accessor = a && b; // +1 &&
  };
}

const expression = class {
  // expect: cyclomatic=2
  readonly inClassExpression: number = b || 1; // +1 ||
};
