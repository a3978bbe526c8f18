// `!` binds tighter than any operator, `as` and `satisfies` as tightly as `<`: what they apply to is no part of a chain.

// expect: cognitive=2
function castsBreakIt(a: any, b: any, c: any) {
  return a && (b && c) as any; // +1 &&; +1 &&
}

// expect: cognitive=2
function assertionsBreakItToo(a: any, b: any, c: any) {
  return a && (b && c)!; // +1 &&; +1 &&
}

// expect: cognitive=1
function anOperandThatIsCast(a: any, b: any, c: any) {
  return a && b! && (c as any) && c as any && b satisfies any && a!.b; // +1 &&
}

// expect: cognitive=2
function aCastIsJustAnOperand(a: any, b: any, c: any) {
  return a && b as any || c! && a; // +1 &&; +1 &&
}
