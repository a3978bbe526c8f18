// Each function has the numbers of the JavaScript it compiles to.

// = return | x a x
// expect: n1=2 n2=2 N1=2 N2=3
function untyped(a) {
  const x = a;
  return x;
}

// expect: n1=2 n2=2 N1=2 N2=3
function typed<T extends string | number>(a: T): T extends string ? 1 : any {
  type Local<U> = U extends string ? T : never;
  interface Inner { a: T; b?(c: number): void }
  const x: Local<T> | (new () => Inner)[] | { [K in keyof T]?: T[K] } | `a${string}` = a as unknown as any;
  return <any>x! satisfies Inner extends infer V ? V : never;
}

// new , | Map a a ; typeof | a
// expect: n1=3 n2=2 N1=3 N2=4
function typeArguments(a: any) {
  new Map<string, typeof a>(a, a!);
  typeof a as typeof import("x");
}

// ! | a, and a non-null assertion is none
// expect: n1=1 n2=1 N1=1 N2=2
function notIsNotNonNull(a: any) {
  !a;
  a!;
}

// f(a) | f a : asserts, predicates and `this` types are types
// expect: n1=0 n2=2 N1=0 N2=2
function predicates(this: Window, a: unknown, f: (a: unknown) => asserts a is string): a is string {
  f(a);
}

// = | x a : `const` in `as const` is a type, too
// expect: n1=1 n2=2 N1=1 N2=2
function asConst(a: any) {
  let x = a as const;
}

// = | x : a definite assignment's ! is none
// expect: n1=1 n2=2 N1=1 N2=3
function definite() {
  let x!: number;
  x = 1;
}

// return ?. | a b : a path of names behind `as` is a type, however long
// expect: n1=2 n2=2 N1=2 N2=2
function paths(a: any) {
  return (a as A.B.C | undefined)?.b;
}
