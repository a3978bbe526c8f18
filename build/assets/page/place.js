// Where the reader is, in the browser's history. The report lies at the bottom; each sheet is an entry of its own above it,
// so that Back closes what was opened last. An entry's state says how many sheets are open, its own included, and
// which list its row was chosen from.

import { $ } from "./dom.js";

const lists = []; // by number, for a state holds no functions; a page loaded anew knows them no more
let depth = history.state?.depth ?? 0;
let arrived = null; // called when the way back to the report is done
let leaving = null; // a promise of the same

export const hrefOf = address => `#/${encodeURI(address)}`;

function stateOf(list) {
  if (list && !lists.includes(list)) lists.push(list);
  return { depth, list: lists.indexOf(list) };
}

export const rememberedList = state => lists[state?.list];

// How far a sheet is scrolled, for the way back and for a reload; the browser keeps that of the page alone.
function keepTop() {
  if (depth) history.replaceState({ ...history.state, top: $("sheet").scrollTop }, "");
}

$("sheet").addEventListener("scrollend", keepTop);

// Four ways to come to a sheet: to a new entry, in the place of the last one, by an address that somebody wrote, and by
// Back or Forward, which find all as it was.
export async function goTo(address, list) {
  await leaving;
  keepTop();
  depth++;
  history.pushState(stateOf(list), "", hrefOf(address));
}

export function turnTo(address, list) {
  history.replaceState(stateOf(list), "", hrefOf(address));
}

export function arriveAt(_, list) {
  depth++;
  history.replaceState(stateOf(list), "");
}

export function stay() {}

// A link from outside opens its sheet above the report, too.
export function startBelow() {
  history.replaceState({ depth: 0 }, "", "#");
}

// To a part of the page, with no sheet open. Back leads to where the reader came from.
export async function jumpTo(hash) {
  keepTop();
  depth = 0;
  await leaving;
  history.pushState({ depth: 0 }, "", hash);
}

export const isDeep = () => depth > 0;

// Whoever closes a sheet leaves all that lie under it.
export function leave() {
  if (!depth) return;
  leaving = new Promise(done => {
    arrived = done;
  });
  history.go(-depth);
  depth = 0;
}

// `follow` is called with the state of the entry that Back, Forward or a hand-written address led to.
export function onArrival(follow) {
  addEventListener("popstate", ({ state }) => {
    if (leaving) {
      leaving = null;
      arrived();
      return;
    }
    if (state) depth = state.depth;
    follow(state);
  });
}

export function comeToReport() {
  depth = 0;
}
