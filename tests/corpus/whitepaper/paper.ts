// G. Ann Campbell, "Cognitive Complexity", SonarSource, version 1.7: `variant: "whitepaper"`.
// A nested function raises nesting, and its points belong to the outermost function.

// expect: whitepaper=7 cognitive=7
function sumOfPrimes(max: number): number {
  let total = 0;
  OUT: for (let i = 1; i <= max; ++i) { // +1 for
    for (let j = 2; j < i; ++j) { // +2 for, nested 1
      if (i % j === 0) { // +3 if, nested 2
        continue OUT; // +1 jump to label
      }
    }
    total += i;
  }
  return total;
}

// expect: whitepaper=1
function getWords(number: number): string {
  switch (number) { // +1 switch
    case 1:
      return "one";
    case 2:
      return "a couple";
    default:
      return "lots";
  }
}

// expect: whitepaper=9
function myMethod(condition1: boolean, condition2: boolean) {
  try {
    if (condition1) { // +1 if
      for (let i = 0; i < 10; i++) { // +2 for, nested 1
        while (condition2) {} // +3 while, nested 2
      }
    }
  } catch (e) { // +1 catch
    if (condition2) {} // +2 if, nested 1
  }
}

// expect: whitepaper=2
function myMethod2(condition1: boolean) {
  // expect: whitepaper=0 cognitive=1
  const r = () => { // the lambda adds nesting
    if (condition1) {} // +2 if, nested 1
  };
}

// expect: whitepaper=4
function sequences(a: boolean, b: boolean, c: boolean, d: boolean, e: boolean, f: boolean) {
  if (a // +1 if
    && b && c // +1 &&
    || d || e // +1 ||
    && f) // +1 &&
    return 1;
}

// expect: whitepaper=3
function negatedSequence(a: boolean, b: boolean, c: boolean) {
  if (a // +1 if
    && // +1 &&
    !(b && c)) // +1 &&
    return 1;
}

// expect: whitepaper=2 cognitive=0
function orAndNullishRunsCount(a: any, b: any, c: any) {
  const x = a || b || c; // +1 ||
  return x ?? a ?? b; // +1 ??
}

// expect: whitepaper=2 cognitive=1
function factorial(n: number): number {
  return n < 2 ? 1 // +1 ?:
    : n * factorial(n - 1); // +1 recursion
}

// expect: whitepaper=1
function recursionCountsOnce(n: number): number {
  return recursionCountsOnce(n - 1) + recursionCountsOnce(n - 2); // +1 recursion
}

class Tree {
  // expect: whitepaper=1
  walk(other: Tree) {
    this.walk(other); // +1 recursion
  }

  // expect: whitepaper=0
  visit(other: Tree) {
    other.visit(this);
  }
}

// expect: whitepaper=10
function everythingOfTheInnerFunctionIsTheOuter(a: any, b: any) {
  if (a) { // +1 if
    // expect: whitepaper=0
    const inner = () => {
      if (b) { // +3 if, nested 2
        // expect: whitepaper=0
        return function () {
          while (a && b) {} // +5 while, nested 4; +1 &&
        };
      }
    };
  }
}
