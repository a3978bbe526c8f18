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

const expression = class {
  // expect: cyclomatic=2
  readonly inClassExpression: number = b || 1; // +1 ||
};
