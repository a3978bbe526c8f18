// Each function has its own number: nesting starts at 0 again.

// expect: cognitive=3
function outer(a: any) {
  if (a) { // +1 if
    while (a) { // +2 while, nested 1
      // expect: cognitive=1
      a(() => {
        if (a) return 1; // +1 if
      });
    }
  }
}

// expect: cognitive=1
function callbacksDoNotNest(list: any[]) {
  // expect: cognitive=1
  list.forEach((x) => {
    if (x) return; // +1 if
  });
  // expect: cognitive=0
  const f = function () {
    // expect: cognitive=1
    return () => (list ? 1 : 2); // +1 ?:
  };
  if (f) f(); // +1 if
}

// expect: cognitive=0
function recursionIsFree(n: number): number {
  return recursionIsFree(n - 1);
}

class C {
  // expect: cognitive=1
  method(a: any) {
    if (a) a(); // +1 if
    return class {
      // expect: cognitive=1
      inner() {
        for (;;) {} // +1 for
      }
    };
  }
}

// expect: cognitive=0
function parametersBelongToTheFunction(
  // expect: cognitive=1
  f = (a: any) => (a ? 1 : 2), // +1 ?:
) {
  return f;
}

// What is an arm nests itself, and nothing behind it; arms.ts has the fault of SonarJS 4.2 in all its shapes.
// expect: cognitive=4 sonarjs_4_2=7
function functionsAsArms(a: any) {
  // expect: cognitive=0
  if (a) function consequence() {} // +1 if
  if (a) a(); // +1 if [+2]
  // expect: cognitive=0
  else function alternative() {} // +1 else
  return a ? 1 : 2; // +1 ?: [+3]
}

// Keys and decorators of fields belong outside; the initializer of an auto-accessor is, to the reference, no function.
// expect: cognitive=6
function fields(dec: any, a: any) {
  if (a) { // +1 if
    return class {
      @dec(a && 1) // +1 &&
      // expect: cognitive=1
      [a ? "b" : "c"] = a ? 1 : 2; // +2 ?:, nested 1; +1 ?:
      accessor d = a ? 1 : 2; // +2 ?:, nested 1
      // expect: cognitive=1
      accessor e = () => (a ? 1 : 2); // +1 ?:
    };
  }
}
