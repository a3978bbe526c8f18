// Numbers and the words around them.

export const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
const fine = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

export function number(value) {
  if (value === null || value === undefined) return "–";
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return whole.format(value);
  return (Math.abs(value) < 10 ? fine : tenth).format(value);
}

export const count = (n, noun) => `${whole.format(n)} ${noun}${n === 1 ? "" : "s"}`;
export const change = since => (since ? ` (${since})` : "");
export const above = (value, limit) => (number(value) === number(limit) ? String(value) : number(value));

export const compare = (a, b) => Number(a > b) - Number(a < b);
export const sum = numbers => numbers.reduce((total, n) => total + n, 0);

export const LEVELS = ["ok", "warning", "error"];
export const SIGNS = ["✓", "!", "×"];

const TONES = [40, 60, 70, 80, 90, 97];
export const tone = health => TONES.filter(bound => health >= bound).length;
