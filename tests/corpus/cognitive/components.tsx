declare const a: any, b: any, c: any, Box: any, items: any[];

// A chain directly in JSX braces that has one operator only is a way to write "show this if": free.

// expect: cognitive=0
export function Free() {
  return (
    <Box>
      {a && <b />}
      {a && b && <Box>{c && b}</Box>}
      {a || <b />}
      {a ?? <b />}
    </Box>
  );
}

// expect: cognitive=0
export function FreeWithoutJsxOnTheRight() {
  return <Box on={a && b}>{a && "text"}</Box>;
}

// expect: cognitive=2
export function MixedOperatorsCost() {
  return (
    <Box on={a && b || c}> {/* +1 && */}
      {(a || b) && <b />} {/* +1 && */}
    </Box>
  );
}

// expect: cognitive=3
export function TernariesCost() {
  return (
    <Box>
      {a ? <b /> : <i />} {/* +1 ?: */}
      {a && (b ? <b /> : <i />)} {/* +1 ?:; +1 && */}
    </Box>
  );
}

// expect: cognitive=1
export function OnlyDirectlyInBraces() {
  const shown = a && <b />; // +1 &&
  return <Box>{shown}</Box>;
}

// expect: cognitive=1
export function NotInsideAnArrayOrACall() {
  return <Box>{[a && <b />]}</Box>; // +1 &&
}

// expect: cognitive=0
export function Callbacks() {
  return (
    <Box>
      {items.map(
        // expect: cognitive=1
        (item) => item.shown && <b>{item.name}</b>, // +1 &&
      )}
    </Box>
  );
}

// expect: cognitive=0
export function ParenthesesDoNotMatter() {
  return <Box>{(a && (b && <b />))}</Box>;
}
