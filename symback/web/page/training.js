// Training: gradient descent on a network, with the curve of the loss growing.

import { ask as askSide } from "./side.js";
import { button, codeArea, copy, errorBox, h, put, say } from "./dom.js";
import { address, note } from "./app.js";

const NS = "http://www.w3.org/2000/svg";
const XOR = {
  graph: "X: 4x2; W1: 2x3; b1: 3; W2: 3x1; b2: 1; y: 4x1\nh = tanh(X @ W1 + b1)\nL = bce(sigmoid(h @ W2 + b2), y)",
  data: "X=[[0, 0], [0, 1], [1, 0], [1, 1]]\ny=[[0], [1], [1], [0]]",
  learning_rate: "0.5", epochs: "500", seed: "1",
};
// The same function learnt without arrays: a node for the output of each of the four cases, two hidden neurons.
const XOR_OF_NUMBERS = {
  graph: "p = sigmoid(w1 tanh(c1) + w2 tanh(c2) + d)\n"
    + "q = sigmoid(w1 tanh(b1 + c1) + w2 tanh(b2 + c2) + d)\n"
    + "r = sigmoid(w1 tanh(a1 + c1) + w2 tanh(a2 + c2) + d)\n"
    + "s = sigmoid(w1 tanh(a1 + b1 + c1) + w2 tanh(a2 + b2 + c2) + d)\n"
    + "L = p^2 + (1 - q)^2 + (1 - r)^2 + s^2",
  data: "", learning_rate: "1", epochs: "500", seed: "1",
};
const SHORT = ["learning_rate", "epochs", "seed", "method", "batch", "momentum", "adam"];
let text, data, result, picture, run, problem, form, xor;
const inputs = new Map();

export function make(root, forms) {
  form = forms.kinds.train;
  xor = forms.arrays ? XOR : XOR_OF_NUMBERS;
  text = codeArea({ id: "train-graph", label: "Network, ending with the loss; an input without data is a parameter", rows: 6, change: noted });
  data = codeArea({ id: "train-data", label: "Data", rows: 4, change: noted });
  const fields = (form?.fields || []).filter((one) => SHORT.includes(one.key)).map((one) => {
    const id = `train-${one.key}`;
    let input;
    if (one.widget === "check") input = h("input", { id, type: "checkbox", change: noted });
    else if (one.widget === "choice") input = h("select", { id, change: noted }, one.words.map((word) => h("option", {}, word)));
    else input = h("input", { id, type: "text", placeholder: one.default, autocomplete: "off", input: noted });
    inputs.set(one.key, input);
    const label = h("label", { for: id }, one.label[0].toUpperCase() + one.label.slice(1));
    return h("div", { class: "field" }, one.widget === "check" ? h("span", { class: "tick" }, input, label) : [label, input]);
  });
  run = button("Train", train, { class: "main-button", id: "train" });
  problem = h("div", { role: "status" });
  picture = h("div", { class: "losses" });
  result = h("div", { class: "work" });
  root.append(h("div", { class: "two" },
    h("div", { class: "left-side" }, text.element, data.element,
      h("div", { class: "row" }, run, button("XOR", () => { fill(xor); noted(); train(); }),
        button("Copy the link", async () => (await copy(new URL(address(question()), location.href).href, "The link")) && "Copied")), problem,
      h("div", { class: "near few" }, fields)),
    h("div", { class: "right-side" }, picture, result)));
}

export function show(fields) {
  fill(Object.keys(fields).length ? fields : text.value ? question().fields : xor);
}

function fill(fields) {
  text.value = fields.graph || "";
  data.value = fields.data || "";
  for (const [key, input] of inputs) {
    if (input.type === "checkbox") input.checked = fields[key] === "true";
    else if (input.tagName === "SELECT") input.value = fields[key] || input.options[0].value;
    else input.value = fields[key] || "";
  }
}

function question() {
  const fields = { graph: text.value, ...(data.value.trim() && { data: data.value }) };
  for (const [key, input] of inputs) {
    const value = input.type === "checkbox" ? (input.checked ? "true" : "") : input.value;
    if (value && value !== (input.options?.[0].value ?? "")) fields[key] = value;
  }
  return { kind: "train", fields };
}

export function noted() {
  note(question());
}

async function train() {
  run.disabled = true;
  problem.replaceChildren(h("p", { class: "waiting" }, "Training …"));
  result.replaceChildren();
  picture.replaceChildren();
  try {
    const found = await askSide("work", question());
    problem.replaceChildren();
    await grow(found.data);
    put(result, found.steps);
    say(`Trained: ${found.data.loss} is ${found.data.losses.at(-1)}`);
  } catch (error) {
    problem.replaceChildren(errorBox(error));
  }
  run.disabled = false;
}

/** Draws the curve as the losses come, in about two seconds; at once for those who do not want motion. */
async function grow({ losses, loss }) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const began = performance.now();
  for (;;) {
    const part = calm ? 1 : Math.min(1, (performance.now() - began) / 1800);
    picture.replaceChildren(curve(losses, Math.max(2, Math.ceil(part * losses.length)), loss),
      h("p", { class: "says" }, `${loss} = ${number(losses[Math.max(1, Math.ceil(part * losses.length)) - 1])}`));
    if (part >= 1) return;
    await new Promise(requestAnimationFrame);
  }
}

const number = (value) => (value === null ? "not finite" : String(Number(value.toPrecision(5))));

/** Returns the curve of the first losses, on axes that hold all of them. */
export function curve(losses, count, name) {
  const [width, height, left, bottom] = [560, 240, 54, 30];
  const finite = losses.filter((one) => Number.isFinite(one));
  const top = Math.max(...finite), low = Math.min(0, ...finite);
  const x = (i) => left + (i / Math.max(1, losses.length - 1)) * (width - left - 12);
  const y = (value) => height - bottom - ((value - low) / (top - low || 1)) * (height - bottom - 12);
  const svg = make_("svg", { viewBox: `0 0 ${width} ${height}`, class: "curve", role: "img",
    "aria-label": `${name} over ${losses.length - 1} steps: from ${number(losses[0])} to ${number(losses.at(-1))}` });
  for (const value of [low, (low + top) / 2, top]) {
    svg.append(make_("line", { x1: left, x2: width - 12, y1: y(value), y2: y(value), class: "grid" }),
      make_("text", { x: left - 6, y: y(value) + 4, class: "end" }, String(Number(value.toPrecision(3)))));
  }
  for (const i of [0, losses.length - 1]) svg.append(make_("text", { x: x(i), y: height - 8, class: i ? "end" : "" }, String(i)));
  const points = losses.slice(0, count).map((one, i) => (Number.isFinite(one) ? `${x(i).toFixed(1)},${y(one).toFixed(1)}` : "")).filter(Boolean);
  svg.append(make_("polyline", { points: points.join(" "), class: "loss" }));
  return svg;
}

function make_(tag, attributes, text = "") {
  const element = document.createElementNS(NS, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
}
