// ESLint looks at the last comment of a line only.

// expect: lines=3
function two() {
  /* one */ /* two */
}

// expect: lines=2
function one() {
  /* one */
}

// expect: lines=3
function aCommentThatEndsBeforeAnotherStarts() {
  /* one
  */ // two
}
