// expect: depth=0
function none(a: any) {
  { { a(); } }
  label: { a(); }
  return a ? a && a : a;
}

// expect: depth=1
function one(a: any) {
  if (a) return 1;
}

// expect: depth=9
function everyBlock(a: any) {
  if (a) {
    for (;;) {
      for (const k in a) {
        for (const x of a) {
          while (a) {
            do {
              switch (a) {
                case 1:
                  try {
                    for (;;);
                  } catch {}
              }
            } while (a);
          }
        }
      }
    }
  }
}

// expect: depth=2
function deepestOfMany(a: any) {
  if (a) {}
  while (a) {
    if (a) {}
  }
  for (;;) {}
}

// expect: depth=2
function catchAndFinallyAreTheTry(a: any) {
  try {
    a();
  } catch {
    if (a) a();
  } finally {
    if (a) a();
  }
}

// expect: depth=2
function elseIfIsNotDeeper(a: any) {
  if (a) {
    a();
  } else if (a.b) {
    if (a.c) a();
  } else if (a.d) {
    a();
  }
}

// expect: depth=1
function nestedFunctionsStartAgain(a: any) {
  if (a) {
    // expect: depth=1
    a(() => {
      while (a) {}
    });
  }
}

class C {
  // expect: depth=1
  static {
    if (C) {}
  }
}
