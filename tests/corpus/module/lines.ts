// expect module: lines=4

class C {
  // expect: lines=3
  arrow = () => {
    return 1;
  };
  // expect: lines=3
  method() {
    return 1;
  }
  list = [
    // expect: lines=1
    () => 1,
  ];
}
