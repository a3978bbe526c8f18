// expect: lines=10
export function Component() {
  return (
    <div>
      {/* a comment inside braces is code to ESLint: the braces are tokens */}

      text
      {
        // a comment of its own line is not
      }
    </div>
  );
}
