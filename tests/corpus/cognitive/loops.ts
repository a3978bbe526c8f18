// expect: cognitive=6
function everyLoop(n: number, list: number[]) {
  for (let i = 0; i < n; i++) n--; // +1 for
  for (const k in list) void k; // +1 for-in/of
  for (const x of list) void x; // +1 for-in/of
  while (n > 0) n--; // +1 while
  do { // +1 do-while
    n++;
  } while (n < 9);
  for (;;) break; // +1 for
}

// expect: cognitive=15
function nestedLoops(n: number) {
  for (;;) { // +1 for
    while (n) { // +2 while, nested 1
      do { // +3 do-while, nested 2
        for (const k in [n]) { // +4 for-in/of, nested 3
          for (const x of [k]) void x; // +5 for-in/of, nested 4
        }
      } while (n);
    }
  }
}

// expect: cognitive=7
function aHeaderDoesNotNest(n: any) {
  for (let i = n ? 1 : 2; n ? i : n; i += n ? 1 : 2) { // +1 for; +1 ?:; +1 ?:; +1 ?:
    n--;
  }
  while (n ? 1 : 0) {} // +1 while; +1 ?:
  do {} while (n); // +1 do-while
}

// expect: cognitive=3
function jumps(list: number[]) {
  outer:
  for (const x of list) { // +1 for-in/of
    if (x) continue; // +2 if, nested 1
    break;
  }
}

// expect: cognitive=8
function labelledJumps(list: number[]) {
  outer:
  for (const x of list) { // +1 for-in/of
    for (const y of list) { // +2 for-in/of, nested 1
      if (y) continue outer; // +3 if, nested 2; +1 jump to label
      break outer; // +1 jump to label
    }
  }
}

// expect: cognitive=1
function labelsAloneAreFree() {
  block: {
    break block; // +1 jump to label
  }
}
