declare const throttle: any, memo: any, forwardRef: any, it: any, app: any, describe: any, list: any, dual: any, target: any;
declare const Old: any, register: any, pool: any, wrap: any, mixin: any, other: any;

class App {
  // expect: name="App.onMove" qualified="App.onMove"
  onMove = throttle((e) => e.x);
  // expect: name="Other.inner" qualified="Other.inner"
  Class = class Other { inner() {} };
  routes = {
    // expect: name="home" qualified="App.routes>home"
    home: () => 1,
  };
}

// expect: name="Row" qualified="Row"
const Row = memo(forwardRef((props) => props));
// expect: name="Cell" qualified="Cell"
const Cell = memo(forwardRef(function Cell(props) { return props; }));
// expect: name="unwrapped"
const unwrapped = (await wrap(() => 1)) as any;
// expect: name="promise"
const promise = new Promise((resolve) => resolve(1));
// expect: name="atOnce"
const atOnce = (() => 1)();
// expect: name="either" qualified="either"
const either = list ? () => 1
  // expect: name="either" qualified="either 2"
  : () => 2;
// expect: name="fallback"
const fallback = other || (() => 1);
// expect: name="dual callback" qualified="both>dual callback"
const both = dual(() => 1,
  // expect: name="dual callback" qualified="both>dual callback 2"
  () => 2);
// expect: name="useState callback" qualified="useState callback"
const [state] = target.useState(() => 1);

// expect: name=`describe "adds"` qualified=`describe "adds"`
describe("adds", () => {
  // expect: name=`it "adds two"` qualified=`describe "adds">it "adds two"`
  it('adds two', () => {
    // expect: name="expect callback" qualified=`describe "adds">it "adds two">expect callback`
    target.expect(() => 1);
    // expect: name="expect callback" qualified=`describe "adds">it "adds two">expect callback 2`
    target.expect(() => 2);
  });
  // expect: name=`it.skip "it's ${1} of two lines"`
  it.skip(`it's ${1} of
     two lines`, () => {});
  // expect: name=`it.each "%i"`
  it.each([1, 2])("%i", () => {});
  // expect: name="it callback"
  it("", () => {});
});
// expect: name=`app.get "/users" handler`
app.get("/users", () => 1);
// expect: name=`pool.replace "a" callback`
pool.replace("a", () => 1);
// expect: name="close handler"
app.once( "close", () => 1);
// expect: name=`get "/users" handler`
app.route(1)!.get("/users", () => 1);
// expect: name=`it "0123456789 123456789 123456789 123456789 123456789 123456789 123456789 12345678…"`
it("0123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789", () => 1);

export const action = register({
  name: "action",
  // expect: name="perform" qualified="action>perform"
  perform: () => [
    // expect: name="<anonymous>" qualified="action>perform><anonymous>"
    () => 1],
  // expect: name="get size" qualified="action>get size"
  get size() { return 1; },
});

namespace Shapes.Round {
  // expect: name="area" qualified="Shapes.Round>area"
  export function area() {}
}

// expect: name="module.exports.make"
module.exports.make = function () {};
// expect: name="Old.prototype.grow" qualified="Old.prototype.grow"
Old.prototype.grow = function () {};
// expect: name="Old.prototype.grow" qualified="Old.prototype.grow 2"
Old.prototype.grow = function () {};

// expect: name="Mixed.method" qualified="Mixed.method"
const Mixed = mixin(class { method() {} });

// expect: name="onClick" qualified="onClick"
const jsx = <b onClick={throttle(() => 1)} />;
