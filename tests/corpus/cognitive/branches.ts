// expect: cognitive=0
function straight(a: number) {
  return a + 1;
}

// expect: cognitive=1
function ifAlone(a: boolean) {
  if (a) return 1; // +1 if
  return 0;
}

// expect: cognitive=2
function ifElse(a: boolean) {
  if (a) { // +1 if
    return 1;
  } else { // +1 else
    return 0;
  }
}

// expect: cognitive=4
function elseIfIsFlat(a: number) {
  if (a > 1) { // +1 if
    return 1;
  } else if (a > 0) { // +1 else if
    return 2;
  } else if (a < 0) { // +1 else if
    return 3;
  }
  else { // +1 else
    return 4;
  }
}

// expect: cognitive=9
function nestedIfs(a: number, b: number) {
  if (a) { // +1 if
    if (b) { // +2 if, nested 1
      a = b;
    } else { // +1 else
      if (a > b) b = a; // +3 if, nested 2
    }
  } else if (b) { // +1 else if
    b++;
  } else { // +1 else
    a++;
  }
}

// expect: cognitive=7
function elseIfBranchesNestLikeTheFirst(a: number, b: number) {
  if (a) { // +1 if
    b++;
  } else if (b) { // +1 else if
    if (a > b) b = 0; // +2 if, nested 1
  } else { // +1 else
    if (a < b) b = 1; // +2 if, nested 1
  }
}

// expect: cognitive=3
function theConditionDoesNotNest(a: any, b: any) {
  if (a ? b : a) return 1; // +1 if; +1 ?:
  if (b) return 2; // +1 if
}

// expect: cognitive=4
function anElseBlockHoldingOnlyAnIf(a: any) {
  if (a) { // +1 if
  } else { if (!a) {} } // +1 else; +2 if, nested 1
}
