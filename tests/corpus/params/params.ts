// expect: params=0
function none() {}

// expect: params=4
function everyShape(a: number, { b, c }: any, [d]: any, ...rest: any[]) {}

// expect: params=2
const defaults = (a = 1, b?: number) => {};

// expect: params=1
const single = a => a;

// expect: params=0
const empty = () => {};

// expect: params=1
function voidThisIsErased(this: void, a: number) {}

// expect: params=2
function otherThisCounts(this: Window, a: number) {}

// expect: params=1
function thisWithoutType(this) {}

class C {
  // expect: params=3
  constructor(private a: number, readonly b = 1, c?: string) {}
  // expect: params=1
  set value(v: number) {}
  // expect: params=0
  get value() { return 1; }
  // expect: params=2
  method(@dec a: number, @dec() b: string) {}
  // expect: params=0
  static {}
}

// expect: params=1
function typesHaveNone<A, B>(a: (x: A, y: B) => void, ) {}

declare const dec: any;
