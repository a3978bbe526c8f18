// ESLint's max-depth does not count an `if` directly below an `if`, but leaves one level when any `if` ends.

// expect: depth=1
function ifWithoutBraces(a, b) {
  if (a)
    if (b) a();
}

// expect: depth=1
function afterAnElseIfTheCountIsOneShort(a) {
  if (a) a();
  else if (a.b) a();
  while (a) {
    for (;;) a();
  }
}

// expect: depth=1
function withIsABlock(a) {
  with (a) {}
}
