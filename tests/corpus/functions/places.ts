// A function starts with its modifiers, after decorators and `export`; columns are UTF-16 units from 0.

declare const dec: any;

// expect: name="declaration" kind="function" line=6 col=0 end_line=6 end_col=25
function declaration() {}

// expect: name="exported" col=7
export function exported() {}

// expect: name="asynchronous" col=7
export async function asynchronous() {}

// expect: name="generator" kind="generator" col=0
function* generator() {}

// expect: name="asyncArrow" kind="arrow" col=19
const asyncArrow = async <T>(a: T) => a;

class C {
  // expect: name="C.constructor" kind="constructor" col=2
  private constructor() {}

  @dec
  // expect: name="C.modified" kind="method" col=2
  protected static async modified() {}

  // expect: name="C.inline" col=9
  @dec() inline() {}

  // expect: name="get C.prop" kind="getter" col=2
  static get prop() { return 1; }

  // expect: name="set C.prop" kind="setter" col=2
  public set prop(v) {}

  // expect: name="C.#secret" col=2
  async *#secret() {}

  // expect: name="C.field" kind="arrow" col=19
  readonly field = () => 1;

  // expect: name="C.branching" kind="field_initializer" col=14
  branching = dec || 1;
}

/* tabs and wide characters before a function count as UTF-16 units */
// expect: name="tab" col=1
	function tab() {}
// expect: name="emoji" col=16
/* 😀 is two */ function emoji() {}
// expect: name="accent" col=12
/* é one */ function accent() {}
// expect: name="zero" col=30
const wide = "漢字😀😀", zero = () => 1;
