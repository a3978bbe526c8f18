// expect: lines=1
function oneLine() { return 1; }

// expect: lines=3
function blankLinesAndCommentsAreSkipped() {

  // a comment
  /* another */

  /*
   * over lines

   */
  return 1; // with a comment behind it
	
}

// expect: lines=6
function codeBesideACommentCounts() {
  /* before */ const a = 1;
  const b = 2; /* starts here
  goes on
  and ends */ const c = 3;
  return a + b + c;
}

// expect: lines=6
function bracesCount()
{
  {
  }
  ;
}

// expect: lines=5
function blankInATemplateIsSkippedToo() {
  return `
// not a comment

`;
}

// expect: lines=6
function nestedFunctionsCountInBoth() {
  // expect: lines=3
  return function () {
    return 1;
  };
  // expect: lines=1
  () => 1;
}

// expect: lines=3
(function immediatelyInvoked() {
  return 1;
})();

// expect: lines=5
const parametersAndReturnTypeCount = (
  a: number,
  // a comment
  b: number,
): number =>
  a + b;

class C {
  // expect: lines=3
  method() {
    return 1;
  }

  // expect: lines=3
  field = () => {
    return 1;
  };
}

const o = {
  // expect: lines=3
  method() {
    return 1;
  },
  // expect: lines=2
  key:
    function () {
    },
};

// expect: lines=2
const statementsBeforeDoNotCount = [
  1,
  2].map((x) => {
    return x; });
