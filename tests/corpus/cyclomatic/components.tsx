declare const items: any[], flag: boolean, Box: any;

// expect: cyclomatic=5
export function List({ title = "x" }: { title?: string }) { // +1 default value
  return (
    <Box on={flag ? 1 : 2}> {/* +1 ?: */}
      {title && <b>{title}</b>} {/* +1 && */}
      {items
        // expect: cyclomatic=2
        .map((item) => item?.name)} {/* +1 ?. */}
      {flag || "text with && and || and ?"} {/* +1 || */}
    </Box>
  );
}

// expect: cyclomatic=1
export const Plain = () => <><Box>if (a) while (b) a ? b : c</Box></>;
