#!/usr/bin/env node
// expect file: file_length=8
// expect module: cyclomatic=1

/* comments are skipped */ /* all of them */

/*
 * over lines

 */ const besideCode = 1; /* and
 from here on */

const text = `
// a template's lines are code

blank ones are not`; // behind code

/* before code */ besideCode;
{
}

// expect: lines=1
function f() {} // with another
