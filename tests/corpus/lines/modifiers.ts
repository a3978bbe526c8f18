class C {
  // expect: lines=3
  static
  async modifiersCount()
  {}

  // A modifier ends with its line, but for `static`: this is a field called `public`, and a method.
  public
  // expect: lines=1
  method() {}
}
