// expect: cyclomatic=3
function parameterDefaults(a = 1, b: number = 2) { // +1 default value; +1 default value
  return a + b;
}

// expect: cyclomatic=1
function noDefaults(a?: number, ...rest: number[]) {
  return [a, rest];
}

// expect: cyclomatic=6
function destructuring({ a = 1, b: c = 2, d }: any, [e = 3, f]: any) { // +1 default value; +1 default value; +1 default value
  const { g = 4, h } = d; // +1 default value
  let i: number;
  [i = 5] = h; // +1 default value
  return [a, c, e, f, g, i];
}

// expect: cyclomatic=4
function defaultsOfDefaults({ a: { b = 1 } = {} }: any = {}) { // +1 default value; +1 default value; +1 default value
  return b;
}

// expect: cyclomatic=4
const inAssignmentTargets = (o: any, x: any) => {
  ({ a: x.y = 1 } = o); // +1 default value
  for ({ z: x.z = 1 } of o) {} // +1 for-in/of; +1 default value
};

// expect: cyclomatic=1
const initializersAreNotDefaults = (o: any) => {
  const a = 1;
  let b = o;
  b = { c: a };
  return b;
};

class Service {
  // expect: cyclomatic=2
  constructor(
    private host: string,
    readonly port: number = 80, // +1 default value
  ) {}

  // expect: cyclomatic=2
  set value(v = 0) {} // +1 default value
}

// expect: cyclomatic=1
function typeLevelDefaults<T = string, U extends T = T>(t: T, u: U) {
  return [t, u];
}
