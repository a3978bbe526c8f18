// expect: cognitive=1
function one(a: any) {
  return a ? 1 : 2; // +1 ?:
}

// expect: cognitive=5
function bothArmsNest(a: any, b: any) {
  return a
    ? b ? 1 : 2 // +1 ?:; +2 ?:, nested 1
    : b ? 3 : 4; // +2 ?:, nested 1
}

// expect: cognitive=2
function theTestDoesNot(a: any, b: any) {
  return (a ? b : a) ? 1 : 2; // +1 ?:; +1 ?:
}

// expect: cognitive=6
function chained(a: number) {
  return a > 3 ? "x" // +1 ?:
    : a > 2 ? "y" // +2 ?:, nested 1
    : a > 1 ? "z" // +3 ?:, nested 2
    : "w";
}

// expect: cognitive=0
function conditionalTypesAreFree<T>(a: T): T extends string ? 1 : T extends number ? 2 : 3 {
  return a as T extends string ? any : never;
}
