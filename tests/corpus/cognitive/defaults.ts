// expect: cognitive=3
function defaultValuesBelongToTheFunction(a: any, b = a ? 1 : 2, c = a && b) { // +1 ?:; +1 &&
  if (c) return b; // +1 if
}

// expect: cognitive=0
function aDefaultIsFree(a = 1, { b = 2 } = {}) {
  return [a, b];
}
