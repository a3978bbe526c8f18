// A table of any length: only the rows in sight exist, so that 30,000 functions cost some thirty elements.

import { h } from "./dom.js";
import { compare, count, whole } from "./words.js";

const SPARE = 8; // rows drawn beyond either edge, so that scrolling finds them there
const NARROW = "(max-width: 760px)"; // as in narrow.css
const NARROW_ROW = 78; // pixels
const HEADER = 40;

// A column is { key, title, width, class, value, draw } and perhaps: word, its name in the list of orders; brief, its name
// beside each value on narrow screens; hint; mark, the class of a cell; down: false, where the smallest comes first.
export class Grid {
  // `order` is the key of the column that it starts with, the most first.
  constructor({ id, name, noun, columns, rows, act, height, order }) {
    Object.assign(this, { id, name, noun, columns, act, all: rows, wide: height });
    this.filters = new Map();
    this.order = { key: order, down: true };
    this.active = -1;
    this.drawn = new Map();
    this.body = h("div", { class: "body", role: "rowgroup" });
    this.header = this.makeHeader();
    this.grid = this.makeGrid();
    this.none = h("p", { class: "empty", hidden: true }, "Nothing matches.");
    this.count = h("span", { class: "count", role: "status" });
    this.sorter = this.makeSorter();
    this.listen();
    this.update();
  }

  makeHeader() {
    const cell = column => {
      const sort = () => this.sort(column.key);
      const button = h("button", { type: "button", title: column.hint, onclick: sort }, column.title);
      return h("div", { role: "columnheader", class: column.class }, button);
    };
    return h("div", { class: "header", role: "row", "aria-rowindex": 1 }, this.columns.map(cell));
  }

  makeGrid() {
    const widths = columns => columns.map(column => column.width).join(" ");
    const few = this.columns.filter(column => !column.class.includes("extra"));
    const height = `min(70vh, ${HEADER + this.wide * Math.max(3, this.all.length) + 2}px)`;
    const attributes = {
      class: "grid",
      id: this.id,
      role: "grid",
      tabindex: 0,
      "aria-label": this.name,
      "aria-colcount": this.columns.length,
      style: { "--columns": widths(this.columns), "--few-columns": widths(few), height },
    };
    return h("div", attributes, h("div", { role: "rowgroup" }, this.header), this.body);
  }

  // Narrow screens have no header to press, and those of tablets not all of it.
  makeSorter() {
    const option = (column, down) =>
      h("option", { value: `${column.key} ${Number(down)}` }, `${column.word || column.title} ${down ? "↓" : "↑"}`);
    const choose = event => {
      const [key, down] = event.target.value.split(" ");
      this.sort(key, down === "1");
    };
    const options = this.columns.map(column => [option(column, true), option(column, false)]);
    return h("select", { class: "sorter", "aria-label": "Sort by", onchange: choose }, options);
  }

  listen() {
    this.grid.addEventListener("scroll", () => this.paint(), { passive: true });
    this.grid.addEventListener("keydown", event => this.key(event));
    this.grid.addEventListener("focus", () => {
      if (this.active < 0 && this.rows.length) this.move(0);
    });
    new ResizeObserver(() => this.redraw()).observe(this.grid);
  }

  filter(name, test) {
    if (test) this.filters.set(name, test);
    else this.filters.delete(name);
    this.grid.scrollTop = 0;
    this.update();
  }

  column(key) {
    return this.columns.find(column => column.key === key);
  }

  sort(key, down) {
    const turned = this.order.key === key ? !this.order.down : this.column(key).down !== false;
    this.order = { key, down: down ?? turned };
    this.grid.scrollTop = 0;
    this.update();
  }

  update() {
    this.rows = this.sorted(this.filtered());
    this.say();
    this.none.hidden = this.rows.length > 0;
    this.grid.hidden = !this.none.hidden; // its height would push the words out of sight
    this.active = -1;
    this.grid.removeAttribute("aria-activedescendant");
    this.redraw();
  }

  filtered() {
    const tests = [...this.filters.values()];
    return tests.length ? this.all.filter(row => tests.every(test => test(row))) : this.all;
  }

  sorted(rows) {
    const { value } = this.column(this.order.key);
    const sign = this.order.down ? -1 : 1;
    const keyed = rows.map((row, i) => [value(row) ?? -Infinity, i, row]);
    keyed.sort((a, b) => sign * compare(a[0], b[0]) || a[1] - b[1]);
    return keyed.map(([, , row]) => row);
  }

  // The order and the number of rows, said in all places where they stand.
  say() {
    const { key, down } = this.order;
    this.columns.forEach((column, i) => {
      const cell = this.header.children[i];
      if (column.key === key) cell.setAttribute("aria-sort", down ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
    this.sorter.value = `${key} ${Number(down)}`;
    this.grid.setAttribute("aria-rowcount", this.rows.length + 1);
    const some = this.rows.length === this.all.length ? "" : `${whole.format(this.rows.length)} of `;
    this.count.textContent = some + count(this.all.length, this.noun);
  }

  redraw() {
    this.drawn.clear();
    this.body.replaceChildren();
    this.paint();
  }

  get height() {
    return matchMedia(NARROW).matches ? NARROW_ROW : this.wide;
  }

  paint() {
    if (!this.grid.isConnected) return;
    const { height } = this;
    const { clientHeight, scrollTop } = this.grid;
    const from = Math.max(0, Math.floor(scrollTop / height) - SPARE);
    const to = Math.min(this.rows.length, Math.ceil((scrollTop + clientHeight) / height) + SPARE);
    this.body.style.height = `${this.rows.length * height}px`;
    for (const i of this.drawn.keys()) if (i < from || i >= to) this.undraw(i);
    for (let i = from; i < to; i++) if (!this.drawn.has(i)) this.draw(i, height);
  }

  undraw(i) {
    this.drawn.get(i).remove();
    this.drawn.delete(i);
  }

  draw(i, height) {
    const cell = column => this.cell(column, this.rows[i]);
    const choose = () => {
      this.move(i);
      this.act(this.rows[i], this);
    };
    const attributes = {
      role: "row",
      id: `${this.id}-${i}`,
      class: i === this.active ? "active" : "",
      "aria-rowindex": i + 2,
      style: { top: `${i * height}px`, height: `${height}px` },
      onclick: choose,
    };
    const node = h("div", attributes, this.columns.map(cell));
    this.drawn.set(i, node);
    this.body.append(node);
  }

  cell(column, row) {
    const name = `${column.class || ""} ${column.mark ? column.mark(row) : ""}`;
    const attributes = { role: "gridcell", class: name, "data-label": column.brief || column.title };
    return h("div", attributes, column.draw(row));
  }

  move(to) {
    const at = Math.max(0, Math.min(this.rows.length - 1, to));
    const old = this.drawn.get(this.active);
    if (old) old.classList.remove("active");
    this.active = at;
    this.scrollTo(at);
    this.paint();
    this.drawn.get(at).classList.add("active");
    this.grid.setAttribute("aria-activedescendant", `${this.id}-${at}`);
  }

  // What makes a row the chosen one.
  reach(row) {
    this.move(this.rows.indexOf(row));
  }

  scrollTo(at) {
    const head = this.header.offsetHeight > 2 ? this.header.offsetHeight : 0; // narrow screens keep it for screen readers
    const { grid, height } = this;
    const top = at * height;
    const room = grid.clientHeight - head;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top + height > grid.scrollTop + room) grid.scrollTop = top + height - room;
  }

  key(event) {
    if (event.target !== this.grid || !this.rows.length || event.ctrlKey || event.altKey || event.metaKey) return;
    const to = this.destination(event.key);
    if (to !== undefined) this.move(to);
    else if (event.key === "Enter" && this.active >= 0) this.act(this.rows[this.active], this);
    else return;
    event.preventDefault();
  }

  destination(key) {
    const page = Math.max(1, Math.floor(this.grid.clientHeight / this.height) - 1);
    return {
      ArrowDown: this.active + 1,
      ArrowUp: this.active - 1,
      PageDown: this.active + page,
      PageUp: this.active - page,
      Home: 0,
      End: this.rows.length - 1,
    }[key];
  }
}
