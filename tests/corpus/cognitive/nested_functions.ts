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
