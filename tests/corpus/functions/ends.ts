// A function ends where its last token does, whatever comments follow.

class C {
  // expect: end_line=5 end_col=35 lines=1
  public get one(): T { return 1; } // comment

  // expect: end_line=8 end_col=30
  two = (): T => { return 1; } /* one */ // two

  // expect: end_line=11 end_col=12
  three() {} /* over
  lines */

  // expect: end_line=15 end_col=11
  four() {}
  // {comment}
}
f(
  // expect: end_line=22 end_col=3
  (v) => {
    v;
  } // comment
);
