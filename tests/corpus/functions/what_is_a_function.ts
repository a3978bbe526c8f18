// Every function-like node with a body is one entry; signatures are none.

declare function ambient(): void;
declare class Ambient { method(): void }
declare module "m" { function inModule(): void }
interface Interface { method(): void; (call: number): void; new (): Interface; get prop(): number }
type Type = (a: number) => void;
type Constructor = abstract new () => object;

function overload(a: string): void;
// expect: kind="function"
function overload(a: any) {}

abstract class C {
  constructor(a: string);
  // expect: kind="constructor"
  constructor(a: any) {}
  abstract method(): void;
  abstract get prop(): number;
  method2(a: string): void;
  // expect: kind="method"
  method2(a: any) {}
  field: () => void;
  // expect: kind="static_block"
  static {
    // expect: kind="arrow"
    () => 1;
  }
}

namespace N {
  // expect: kind="function"
  export function inNamespace() {}
}

enum E {
  // expect: kind="arrow"
  A = (() => 1)(),
}

// expect: kind="function"
export default function () {}
