// The matrix as it is painted: what is in its window, row by row.

import { h, seen } from "./dom.js";

export const CELL = 24; // pixels
export const HEAD = 118; // the names of columns
const SLOPE = -Math.PI / 3; // of the names of columns
const PALETTE = ["card", "sunk", "line", "ink", "soft", "accent", "tint", "error", "h2"];

// Colours as a canvas takes them: it does not know of light and dark.
function palette(box) {
  const probe = h("span");
  box.append(probe);
  const colours = {};
  for (const name of PALETTE) {
    probe.style.color = `var(--${name})`;
    colours[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return colours;
}

class Painter {
  constructor(matrix) {
    this.matrix = matrix;
  }

  paint() {
    const { box, canvas } = this.matrix;
    const { clientWidth: width, clientHeight: height } = box;
    if (!width || !height) return;
    const sharp = devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * sharp) || canvas.height !== Math.round(height * sharp)) {
      Object.assign(canvas, { width: Math.round(width * sharp), height: Math.round(height * sharp) });
      Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    }
    const pen = canvas.getContext("2d");
    pen.setTransform(sharp, 0, 0, sharp, 0, 0);
    pen.clearRect(0, 0, width, height);
    this.draw(pen, { width, height, colours: palette(box) });
  }

  // The rows and columns in sight.
  draw(pen, { width, height, colours }) {
    const { scrollLeft, scrollTop } = this.matrix.box;
    const rows = inWindow(scrollTop, height - HEAD, this.matrix.items.length);
    const columns = inWindow(scrollLeft, width - this.matrix.labels, this.matrix.items.length);
    const sheet = {
      pen,
      colours,
      width,
      height,
      rows,
      columns,
      x: this.matrix.labels - scrollLeft,
      y: HEAD - scrollTop,
    };
    sheet.labels = this.matrix.labels;
    clipped(pen, [this.matrix.labels, HEAD, width, height], () => this.drawCells(sheet));
    clipped(pen, [0, HEAD, this.matrix.labels, height], () => this.drawLabels(sheet));
    clipped(pen, [this.matrix.labels - 40, 0, width, HEAD], () => this.drawHeads(sheet));
  }

  drawCells(sheet) {
    const { pen, colours, rows, columns, x, y } = sheet;
    this.drawBands(sheet);
    for (let row = rows.from; row < rows.to; row++) this.drawRow(sheet, row);
    pen.strokeStyle = colours.soft;
    this.matrix.items.forEach((item, row) => {
      if (!item.open || row > columns.to) return;
      const side = CELL * this.spanOf(row);
      pen.globalAlpha = 0.55;
      pen.strokeRect(x + CELL * row + 0.5, y + CELL * row + 0.5, side - 1, side - 1);
      pen.globalAlpha = 1;
    });
    if (this.matrix.pointed === this.matrix.at && this.matrix.at.column >= 0) this.drawCursor(sheet);
  }

  // How many rows an open folder takes, its own included.
  spanOf(row) {
    const { level } = this.matrix.items[row];
    let end = row + 1;
    while (end < this.matrix.items.length && this.matrix.items[end].level > level) end++;
    return end - row;
  }

  drawBands({ pen, colours, x, y, rows, columns, width, height }) {
    const { row, column } = this.matrix.pointed;
    pen.fillStyle = colours.line;
    pen.globalAlpha = 0.5;
    for (let i = rows.from; i <= rows.to; i++) pen.fillRect(0, y + CELL * i - 0.5, width, 1);
    for (let i = columns.from; i <= columns.to; i++) pen.fillRect(x + CELL * i - 0.5, HEAD, 1, height);
    pen.globalAlpha = 1;
    pen.fillStyle = colours.tint;
    if (row >= 0) pen.fillRect(0, y + CELL * row, width, CELL);
    if (column >= 0) pen.fillRect(x + CELL * column, HEAD, CELL, height);
  }

  drawRow(sheet, row) {
    const { pen, colours, columns, x, y } = sheet;
    const own = row >= columns.from && row < columns.to;
    if (own) {
      pen.fillStyle = colours.sunk;
      pen.fillRect(x + CELL * row, y + CELL * row, CELL, CELL);
    }
    for (const [column, cell] of this.matrix.cells[row]) {
      if (column < columns.from || column >= columns.to) continue;
      this.drawCell(sheet, cell, { row, column, left: x + CELL * column, top: y + CELL * row });
    }
  }

  drawCell({ pen, colours }, cell, { row, column, left, top }) {
    const colour = cell.inCycles ? colours.error : column < row ? colours.h2 : colours.accent;
    const weight = Math.min(1, (cell.inCycles ? 0.55 : 0.16) + Math.log10(cell.count) * 0.3);
    if (row !== column || cell.inCycles) {
      pen.globalAlpha = weight;
      pen.fillStyle = colour;
      pen.beginPath();
      pen.roundRect(left + 1.5, top + 1.5, CELL - 3, CELL - 3, 4);
      pen.fill();
      pen.globalAlpha = 1;
    }
    if (this.matrix.isCut(row, column)) {
      pen.strokeStyle = colours.ink;
      pen.lineWidth = 1.5;
      pen.strokeRect(left + 2.5, top + 2.5, CELL - 5, CELL - 5);
      pen.lineWidth = 1;
    }
    pen.fillStyle = row === column && !cell.inCycles ? colours.soft : weight > 0.7 ? colours.card : colours.ink;
    pen.font = `${cell.count > 99 ? 10 : 11}px system-ui, sans-serif`;
    Object.assign(pen, { textAlign: "center", textBaseline: "middle" });
    if (row !== column || !this.matrix.items[row].node)
      pen.fillText(shortCount(cell.count), left + CELL / 2, top + CELL / 2 + 1);
  }

  drawCursor({ pen, colours, x, y }) {
    const { row, column } = this.matrix.at;
    pen.strokeStyle = colours.accent;
    pen.lineWidth = 2;
    pen.strokeRect(x + CELL * column + 1, y + CELL * row + 1, CELL - 2, CELL - 2);
    pen.lineWidth = 1;
  }

  drawLabels({ pen, colours, rows, y, labels }) {
    const { row } = this.matrix.pointed;
    for (let i = rows.from; i < rows.to; i++) {
      const item = this.matrix.items[i];
      const top = y + CELL * i;
      if (i === row) {
        pen.fillStyle = colours.tint;
        pen.fillRect(0, top, labels, CELL);
      }
      this.drawLabel(pen, colours, { item, top, row: i, room: labels });
    }
    pen.fillStyle = colours.line;
    pen.fillRect(labels - 1, HEAD, 1, 1e5);
  }

  drawLabel(pen, colours, { item, top, row, room }) {
    const left = 6 + 12 * Math.min(item.level, 8);
    const middle = top + CELL / 2 + 1;
    const isRed = this.matrix.isInCycle(item, row);
    Object.assign(pen, { textAlign: "left", textBaseline: "middle", fillStyle: colours.soft });
    pen.font = "11px system-ui, sans-serif";
    if (item.children) pen.fillText(item.open ? "▾" : "▸", left, middle);
    pen.fillStyle = isRed ? colours.error : colours.ink;
    pen.font = `${item.children ? "600 " : ""}13px system-ui, sans-serif`;
    const text = seen(item.name) + (item.children ? "/" : "");
    pen.fillText(fitted(pen, text, room - left - 30), left + 14, middle);
    if (this.matrix.pointed !== this.matrix.at || this.matrix.at.row !== row || this.matrix.at.column >= 0) return;
    pen.strokeStyle = colours.accent;
    pen.strokeRect(1, top + 1, room - 3, CELL - 2);
  }

  drawHeads({ pen, colours, columns, x, labels }) {
    const { column } = this.matrix.pointed;
    Object.assign(pen, { textAlign: "left", textBaseline: "middle" });
    for (let i = columns.from; i < columns.to; i++) {
      const item = this.matrix.items[i];
      const left = x + CELL * i + CELL / 2;
      if (left < labels) continue;
      pen.save();
      pen.translate(left, HEAD - 6);
      pen.rotate(SLOPE);
      pen.font = `${item.children ? "600 " : ""}12px system-ui, sans-serif`;
      pen.fillStyle = i === column ? colours.accent : colours.soft;
      pen.fillText(fitted(pen, seen(item.name) + (item.children ? "/" : ""), HEAD), 0, 0);
      pen.restore();
    }
  }
}

export const paintMatrix = matrix => new Painter(matrix).paint();

const shortCount = n => (n > 999 ? `${Math.round(n / 1000)}k` : String(n));

// Which of so many rows are in a window.
function inWindow(from, room, most) {
  return { from: Math.max(0, Math.floor(from / CELL)), to: Math.min(most, Math.ceil((from + room) / CELL)) };
}

function clipped(pen, [left, top, right, bottom], draw) {
  pen.save();
  pen.beginPath();
  pen.rect(left, top, right - left, bottom - top);
  pen.clip();
  draw();
  pen.restore();
}

// As much of a text as there is room for; the ends of names tell more than their middles.
function fitted(pen, text, room) {
  const short = text.length > 200 ? `${text.slice(0, 100)}${text.slice(-100)}` : text;
  if (pen.measureText(short).width <= room) return short;
  let keep = Math.max(2, Math.floor((short.length * room) / pen.measureText(short).width) - 1);
  const cut = () => `${short.slice(0, Math.ceil(keep / 2))}…${short.slice(short.length - Math.floor(keep / 2))}`;
  while (keep > 2 && pen.measureText(cut()).width > room) keep--;
  return cut();
}
