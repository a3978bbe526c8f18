// expect: cyclomatic=2
function forLoop(n: number) {
  for (let i = 0; i < n; i++) { // +1 for
    n--;
  }
}

// expect: cyclomatic=2
function forever() {
  for (;;) { // +1 for
    break;
  }
}

// expect: cyclomatic=2
function forIn(o: object) {
  for (const k in o) { // +1 for-in/of
    continue;
  }
}

// expect: cyclomatic=2
function forOf(list: number[]) {
  for (const x of list) void x; // +1 for-in/of
}

// expect: cyclomatic=2
async function forAwait(list: AsyncIterable<number>) {
  for await (const x of list) void x; // +1 for-in/of
}

// expect: cyclomatic=2
function whileLoop(n: number) {
  while (n > 0) n--; // +1 while
}

// expect: cyclomatic=2
function doWhile(n: number) {
  do { // +1 do-while
    n--;
  } while (n > 0);
}

// expect: cyclomatic=1
function callsAreNotLoops(list: number[]) {
  list.forEach(console.log);
  return list.map(String);
}
