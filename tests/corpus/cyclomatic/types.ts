// Nothing at the level of types costs anything.

type Conditional<T> = T extends string ? 1 : T extends number ? 2 : 3;
interface Optional { a?: string; b?(): void; readonly c?: number }

// expect: cyclomatic=1
function annotated<T extends (string extends 1 ? 1 : string)>(this: Optional, a?: Conditional<T>, b?: T | null): b is T {
  type Local<U> = U extends string ? 1 : 2;
  const c: Local<T> | (T extends 1 ? 2 : 3) = a as Conditional<T> extends 1 ? any : any;
  let d: (x?: number) => typeof c extends 1 ? 2 : 3;
  return <any>c satisfies Optional extends object ? any : never;
}

// expect: cyclomatic=2
function theExpressionOfACastStillCounts(a: any, b: any) {
  return (a || b) as string extends number ? 1 : 2; // +1 ||
}

// expect: cyclomatic=2
function theExpressionOfAnAssertion(a: any, b: any) {
  return (a && b)!; // +1 &&
}

// expect: cyclomatic=2
function theExpressionOfSatisfies(a: any, b: any) {
  return (a ?? b) satisfies unknown; // +1 ??
}

// expect: cyclomatic=2
function typeArguments(a: any) {
  return new Map<string, string extends number ? 1 : 2>(a?.b); // +1 ?.
}

function overload(a: string): void;
function overload(a: number): void;
// expect: cyclomatic=2
function overload(a: any) {
  if (a) return; // +1 if
}

abstract class Shape {
  abstract area(scale?: number): number;
  declare name?: string;
  method(a: string): void;
  // expect: cyclomatic=2
  method(a = ""): void {} // +1 default value
}

declare function ambient(a?: number): void;
declare class Ambient { method(a?: number): void }
