// Counted by hand. Each case lists its operators, then its operands.

// expect: n1=0 n2=0 N1=0 N2=0 volume=0.00 difficulty=0.00 effort=0.00 time=0.00 bugs=0.0000
function empty() {}

// return + | a b
// V = 4 log2 4 = 8; D = 2/2 * 2/2 = 1; E = 8; T = 8/18; B = 8/3000
// expect: n1=2 n2=2 N1=2 N2=2 volume=8.00 difficulty=1.00 effort=8.00 time=0.44 bugs=0.0027
function sum(a: number, b: number) {
  return a + b;
}

// return * + * (3 distinct) | a a b b (2 distinct)
// V = 8 log2 5 = 18.5754; D = 3/2 * 4/2 = 3; E = 55.7263; T = 3.0959; B = 0.00619
// expect: n1=3 n2=2 N1=4 N2=4 volume=18.58 difficulty=3.00 effort=55.73 time=3.10 bugs=0.0062
function squares(a: number, b: number) {
  return a * a + b * b;
}

// return alone: no operand, so everything derived is 0
// expect: n1=1 n2=0 N1=1 N2=0 volume=0.00 difficulty=0.00 effort=0.00 bugs=0.0000
function noOperands() {
  return;
}

// && | a b; the expression is the body
// expect: n1=1 n2=2 N1=1 N2=2
const expressionBody = (a: any, b: any) => a && b;

// = ? === (?: once) | x a b "s" 1
// expect: n1=3 n2=5 N1=3 N2=5
function ternary(a: any, b: any) {
  const x = a === b ? "s" : 1;
}

// if else return return (3 distinct) | a true false
// expect: n1=3 n2=3 N1=4 N2=3
function branches(a: any) {
  if (a) return true;
  else return false;
}

// one line of the loop after the other:
// for = < ++ continue | for of break | for in | while | do while = 5+3+2+1+2 = 13; distinct: for = < ++ continue of break in while do = 10
// operands: i 0 i n i | x n | k n | n | n = 5+2+2+1+1 = 11; distinct: i 0 n x k = 5
// expect: n1=10 n2=5 N1=13 N2=11
function loops(n: any) {
  for (let i = 0; i < n; i++) continue;
  for (const x of n) break;
  for (const k in n) {}
  while (n) {}
  do {} while (n);
}

// switch case break case default throw new | a 1 2 Error "no"
// distinct: switch case break default throw new = 6, in all 7
// expect: n1=6 n2=5 N1=7 N2=5
function switching(a: any) {
  switch (a) {
    case 1: break;
    case 2:
    default: throw new Error("no");
  }
}

// try catch finally | a e a b
// expect: n1=3 n2=3 N1=3 N2=4
function tries(a: any, b: any) {
  try { a(); } catch (e) { a(); } finally { b(); }
}

// typeof void delete ! ~ ++ -- - (unary), each once | a a a.b a a a a a = a x8, b
// expect: n1=8 n2=2 N1=8 N2=9
function unary(a: any) {
  typeof a;
  void a;
  delete a.b;
  !a;
  ~a;
  a++;
  --a;
  -a;
}

// = += -= *= /= %= **= <<= >>= >>>= &= ^= |= &&= ||= ??= | a 1, 16 times each
// expect: n1=16 n2=2 N1=16 N2=32
function assignments(a: any) {
  a = 1; a += 1; a -= 1; a *= 1; a /= 1; a %= 1; a **= 1; a <<= 1;
  a >>= 1; a >>>= 1; a &= 1; a ^= 1; a |= 1; a &&= 1; a ||= 1; a ??= 1;
}

// + - * / % ** == === != !== < > <= >= && || ?? & | ^ << >> >>> in instanceof = 25 | a and b, 25 times each
// expect: n1=25 n2=2 N1=25 N2=50
function binary(a: any, b: any) {
  a + b; a - b; a * b; a / b; a % b; a ** b; a == b; a === b; a != b; a !== b;
  a < b; a > b; a <= b; a >= b; a && b; a || b; a ?? b; a & b; a | b; a ^ b;
  a << b; a >> b; a >>> b; a in b; a instanceof b;
}

// await , ... ?. | a b c d e (a b c in the call; d; e)
// expect: n1=4 n2=5 N1=5 N2=5
async function calls(a: any, b: any, c: any, d: any) {
  await a(b, ...c, d?.e);
}

// yield yield (yield* is one yield) | a a
// expect: n1=1 n2=1 N1=2 N2=2
function* yields(a: any) {
  yield a;
  yield* a;
}

// Property names and shorthands are operands.
// const o = { k: 1, s, [this]: "x" }: = , , | o k 1 s this "x"
// expect: n1=2 n2=6 N1=3 N2=6
function objects(s: any) {
  const o = { k: 1, s, [this]: "x" };
}

// = | r /a+/g ; = | t, pieces "a " and " c", b ; null undefined false
// operators: = = (1 distinct); operands: r /a+/g t "a " b " c" null undefined false = 9
// expect: n1=1 n2=9 N1=2 N2=9
function literals(b: any) {
  const r = /a+/g;
  const t = `a ${b} c`;
  null; undefined; false;
}

// break | label label
// expect: n1=1 n2=1 N1=1 N2=2
function labels() {
  label: { break label; }
}

// Operands are told apart by text: 1 and 1.0 and "1" are three, a and a one.
// , , , , | a a 1 1.0 "1"
// expect: n1=1 n2=4 N1=4 N2=5
function byText(a: any) {
  a, a, 1, 1.0, "1";
}

class Members {
  #p = 1;
  // = | this #p a ; return | super (calls and dots cost nothing) x
  // expect: n1=2 n2=5 N1=2 N2=5
  method(a: any) {
    this.#p = a;
    return super.x();
  }
}

// A nested function is its own: only its name or place would count, and `=>` belongs to nobody's body.
// = | f ; return | f
// expect: n1=2 n2=1 N1=2 N2=2
function nested(a: any) {
  // + | x a
  // expect: n1=1 n2=2 N1=1 N2=2
  const f = (x = a * 2) => x + a;
  return f;
}

// Decorators belong outside, those of fields as those of methods; the field itself does not count.
// return @ @ , @ | dec f dec g a dec h
// expect: n1=3 n2=5 N1=5 N2=7
function decorators(dec: any, a: any) {
  return class {
    @dec.f field = a;
    @dec.g(a, dec)
    // expect: n1=0 n2=0 N1=0 N2=0
    method() {}
    @h nothing;
  };
}
