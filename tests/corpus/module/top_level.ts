// expect module: cyclomatic=8 modified=7 cognitive=7 depth=3
// expect file: export_count=0
declare const a: any, b: any;

if (a && b) { // +1 if; +1 &&
  for (;;) { // +1 for
    switch (a) {
      case 1: // +1 case
      case 2: // +1 case
    }
  }
}

a?.b; // +1 ?.

// expect: cyclomatic=1
a(() => 1);

class C {
  // expect: cyclomatic=2
  field = a || b; // +1 ||
  // expect: cyclomatic=1
  [a || b]() {} // +1 ||
}
