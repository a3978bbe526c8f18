declare const dec: any;

class C {
  // The reference counts a member from its first decorator.
  @dec
  @dec()
  // expect: lines=4
  method() {
  }

  // expect: lines=1
  @dec inline() {}
}
