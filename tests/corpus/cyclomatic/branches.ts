// expect: cyclomatic=1
function straight(a: number) {
  const b = a + 1;
  return b * 2;
}

// expect: cyclomatic=2
function ifAlone(a: boolean) {
  if (a) return 1; // +1 if
  return 0;
}

// expect: cyclomatic=2
function elseCostsNothing(a: boolean) {
  if (a) { // +1 if
    return 1;
  } else {
    return 0;
  }
}

// expect: cyclomatic=3
function elseIfIsAnIf(a: number) {
  if (a > 1) { // +1 if
    return 1;
  } else if (a < 0) { // +1 else if
    return -1;
  } else {
    return 0;
  }
}

// expect: cyclomatic=3
function ternaries(a: boolean, b: boolean) {
  return a
    ? 1 // +1 ?:
    : b ? 2 : 3; // +1 ?:
}

// expect: cyclomatic=2
function tryCatchFinally(run: () => void) {
  try {
    run();
  } catch { // +1 catch
    throw new Error("no");
  } finally {
    run();
  }
}

// expect: cyclomatic=1
function finallyAlone(run: () => void) {
  try {
    run();
  } finally {
    run();
  }
}

// expect: cyclomatic=1
function jumpsCostNothing(list: number[]) {
  label: {
    if_: break label;
  }
  throw list;
}
