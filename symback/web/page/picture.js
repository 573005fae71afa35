// The picture of a graph: values and gradients appear as the passes reach them; nodes and edges say what they are.

import { put } from "./dom.js";

const NS = "http://www.w3.org/2000/svg";

export class Picture {
  constructor(panel, tell) {
    this.panel = panel;
    this.tell = tell;
    this.groups = [];
  }

  draw(found) {
    this.found = found;
    put(this.panel, found.svg || "");
    const svg = this.panel.querySelector("svg");
    if (!svg) return;
    this.groups = [...svg.querySelectorAll("g")];
    if (this.groups.length !== (found.spots || []).length) this.groups = [];
    this.groups.forEach((group, i) => this.prepare(group, found.spots[i]));
    this.edges(svg);
  }

  prepare(group, spot) {
    group.querySelector("title")?.remove();
    group.classList.add("spot");
    group.setAttribute("tabindex", "0");
    group.setAttribute("role", "img");
    group.setAttribute("aria-label", spot.title);
    for (const event of ["pointerenter", "focus"]) group.addEventListener(event, () => this.tell(spot.title));
    const texts = [...group.querySelectorAll("text")].filter((one) => one.getAttribute("text-anchor") === "start");
    group.value = texts.filter((one) => one.getAttribute("font-style") !== "italic");
    group.gradient = texts.filter((one) => one.getAttribute("font-style") === "italic");
  }

  /** Lays a line over each edge that can be pointed at: what it says is its local derivative. */
  edges(svg) {
    const { spots = [], wires = [] } = this.found;
    if (!this.groups.length) return;
    for (const [from, to] of wires) {
      const said = this.local(spots, from, to);
      if (!said) continue;
      const [a, b] = [this.shape(from), this.shape(to)];
      const [x1, y1, x2, y2] = [a.right, a.middle, b.left, b.middle];
      const middle = (x1 + x2) / 2;
      const path = document.createElementNS(NS, "path");
      path.setAttribute("d", `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`);
      path.setAttribute("class", "edge");
      const title = document.createElementNS(NS, "title");
      title.textContent = said;
      path.append(title);
      path.addEventListener("pointerenter", () => this.tell(said));
      svg.insertBefore(path, this.groups[0]);
    }
  }

  /** Where a node is drawn: its boxes, without the numbers beside them. */
  shape(i) {
    const boxes = [...this.groups[i].querySelectorAll("rect")].map((one) => one.getBBox());
    const left = Math.min(...boxes.map((one) => one.x)), right = Math.max(...boxes.map((one) => one.x + one.width));
    return { left, right, middle: boxes[0].y + boxes[0].height / 2 };
  }

  named(i) {
    const { spots, wires, data } = this.found;
    const known = new Set([...data.nodes, ...data.inputs].map((one) => one.name));
    let here = i;
    for (let tries = 0; tries < 40 && here !== undefined; tries++) {
      if (known.has(spots[here].node)) return here;
      here = wires.find(([from]) => from === here)?.[1];
    }
    return undefined;
  }

  local(spots, from, to) {
    const target = this.named(to);
    if (target === undefined) return "";
    const one = [...this.found.data.nodes, ...this.found.data.inputs].find(({ name }) => name === spots[from].node);
    const found = one?.local?.[spots[target].node];
    if (!found) return "";
    const value = typeof found.value === "number" ? ` = ${Number(found.value.toPrecision(5))}` : "";
    return `∂${spots[target].node}/∂${one.name} = ${found.text}${String(found.text) === value.slice(3) ? "" : value}`;
  }

  /** Shows the passes up to a step. */
  reach(place) {
    const { steps, spots, data } = this.found;
    const done = steps.slice(0, place);
    const inputs = new Set(data.inputs?.map((one) => one.name));
    const forward = new Set(done.filter((one) => one.pass === "forward").map((one) => one.node));
    const backward = new Set(done.filter((one) => one.pass !== "forward").map((one) => one.node));
    const isKnown = steps.every((one) => one.node);
    const now = done.at(-1)?.node;
    this.groups.forEach((group, i) => {
      const anchor = this.named(i);
      const node = anchor === undefined ? spots[i].node : spots[anchor].node;
      const hasValue = !isKnown || inputs.has(spots[i].node) || forward.has(node);
      for (const one of group.value) one.classList.toggle("later", !hasValue);
      for (const one of group.gradient) one.classList.toggle("later", isKnown && !backward.has(node));
      group.classList.toggle("now", now !== undefined && spots[i].node === now);
    });
  }
}
