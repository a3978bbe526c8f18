// expect: cyclomatic=4 modified=2
function eachCaseWithATest(a: number) {
  switch (a) {
    case 1: // +1 case
    case 2: // +1 case
      return "few";
    case 3: { // +1 case
      return "more";
    }
    default:
      return "many";
  }
}

// expect: cyclomatic=1 modified=2
function defaultAlone(a: number) {
  switch (a) {
    default:
      return a;
  }
}

// expect: cyclomatic=1 modified=2
function emptySwitch(a: number) {
  switch (a) {
  }
}

// expect: cyclomatic=5 modified=5
function nestedInModifiedEachSwitchCountsOnce(a: number, b: boolean) {
  switch (a) {
    case 1: // +1 case
      switch (b) {
        case true: // +1 case
          return b && a; // +1 &&
      }
    default:
      return b || a; // +1 ||
  }
}
