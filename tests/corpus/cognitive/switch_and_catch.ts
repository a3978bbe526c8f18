// expect: cognitive=1
function switchCostsOnce(a: number) {
  switch (a) { // +1 switch
    case 1:
    case 2:
      return "few";
    default:
      return "many";
  }
}

// expect: cognitive=7
function casesNest(a: number, b: any) {
  switch (a) { // +1 switch
    case b ? 1 : 2: // +2 ?:, nested 1
      if (b) return 1; // +2 if, nested 1
      break;
    default: {
      if (b) return 2; // +2 if, nested 1
    }
  }
}

// expect: cognitive=2
function theDiscriminantDoesNotNest(a: any) {
  switch (a ? 1 : 2) { // +1 switch; +1 ?:
  }
}

// expect: cognitive=4
function tryDoesNotNestCatchDoes(a: any) {
  try {
    if (a) a(); // +1 if
  } catch (error) { // +1 catch
    if (error) throw error; // +2 if, nested 1
  }
}

// expect: cognitive=3
function finallyIsFree(a: any) {
  try {
    a();
  } catch { // +1 catch
  } finally {
    if (a) a(); // +1 if
    a ? a() : 0; // +1 ?:
  }
}

// expect: cognitive=5
function catchNestedInALoop(a: any) {
  while (a) { // +1 while
    try {
      a();
    } catch ({ b = a ? 1 : 2 }) { // +2 catch, nested 1; +2 ?:, nested 1
      a = null;
    }
  }
}
