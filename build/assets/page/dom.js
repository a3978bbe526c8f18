// Whatever comes from the analysed project reaches the page as text nodes and attributes only; Trusted Types,
// switched on by the page's content policy, make the browser refuse anything else.

const SVG = "http://www.w3.org/2000/svg";
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  /[\p{Cs}\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

const spelledOut = char => `⟨U+${char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
export const seen = text => String(text).replace(INVISIBLE, spelledOut);

const isNothing = value => value === null || value === undefined || value === false;

function setAttribute(node, name, value) {
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "style") for (const [key, v] of Object.entries(value)) node.style.setProperty(key, v);
  else node.setAttribute(name, value === true ? "" : seen(value));
}

export function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (!isNothing(value)) setAttribute(node, name, value);
  }
  for (const child of children.flat(Infinity)) {
    if (!isNothing(child)) node.append(child instanceof Node ? child : seen(child));
  }
  return node;
}

export const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
export const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
export const $ = id => document.getElementById(id);
