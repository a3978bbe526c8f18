declare const list: any, element: any, o: any, call: any;

// expect: name="variable" qualified="variable"
const variable = () => 1;
// expect: name="named"
const other = function named() {};
// expect: name="parenthesized"
let parenthesized = (function () {});
// expect: name="cast"
const cast = (() => 1) as any;

// expect: name="o.b.assigned"
o.b.assigned = () => 1;
// expect: name="o.logical"
o.logical ??= () => 1;

const object = {
  // expect: name="key"
  key: () => 1,
  // expect: name="quoted key"
  "quoted key": function () {},
  // expect: name="method"
  method() {},
  // expect: name="get prop"
  get prop() { return 1; },
  // expect: name="set prop"
  set prop(v) {},
  // expect: name="[computed]"
  [computed]() {},
};

// expect: name="map callback"
list.map(() => 1);
// expect: name="then callback"
list.then(1).then(function () {});
// expect: name="call callback"
call(() => 1);
// expect: name="Promise callback"
new Promise(() => 1);
// expect: name="click handler"
element.addEventListener("click", () => 1);
// expect: name="data handler"
element.on('data', function () {});

// expect: name="onClick"
const jsx = <b onClick={() => 1} />;

// expect: name="Expr.method" qualified="Expr.method"
const Expr = class { method() {} };

// expect: name="outer"
function outer(
  // expect: name="parameter" qualified="outer>parameter"
  parameter = () => 1,
) {
  // expect: name="inner" qualified="outer>inner"
  function inner() {
    // expect: name="forEach callback" qualified="outer>inner>forEach callback"
    list.forEach(() => {
      class Local {
        // expect: name="Local.method" qualified="outer>inner>forEach callback>Local.method"
        method() {}
      }
    });
  }
  // expect: name="<anonymous>"
  return () => 1;
}

// expect: name="<anonymous>"
(() => 1)();

// expect: name="default export"
export default () => 1;
