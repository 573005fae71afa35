// A graph: its text on the left, its picture on the right; a slider goes through the forward and the backward pass.

import { ask as askSide, live } from "./side.js";
import { button, codeArea, copy, errorBox, h, put, say } from "./dom.js";
import { address, note } from "./app.js";
import * as training from "./training.js";
import { Picture } from "./picture.js";

const START = { graph: "d = 2b\ne = a + d\nL = c e", at: "a=3; b=1; c=-2" };
let root, text, grid, rate, panel, slider, line, info, rest, problem, picture, losses, take, modes;
let found = null;
const values = new Map();

export function make(section, forms) {
  root = section;
  text = codeArea({ id: "graph-text", label: "Graph, one assignment a line", rows: 7, change: changed });
  grid = h("div", { class: "near values" });
  rate = h("input", { id: "graph-rate", type: "text", inputmode: "decimal", value: "0.1", input: changed });
  take = button("Take a step", step, { id: "take-step" });
  losses = h("div", { class: "losses" });
  problem = h("div", { role: "status" });
  panel = h("div", { class: "panel picture" });
  slider = h("input", { id: "graph-slider", type: "range", min: 0, max: 0, value: 0, step: 1, input: () => at(Number(slider.value)) });
  line = h("div", { class: "step-line", "aria-live": "polite" });
  info = h("p", { class: "info" }, "Point at a node or an edge.");
  rest = h("div", { class: "rest" });
  picture = new Picture(panel, (said) => (info.textContent = said));
  const passes = h("div", { class: "two" },
    h("div", { class: "left-side" }, text.element, h("h2", {}, "Values"), grid,
      h("h2", {}, "Gradient descent"), h("div", { class: "row" },
        h("label", { for: "graph-rate" }, "Learning rate"), rate, take), losses, problem),
    h("div", { class: "right-side" }, panel, info,
      h("div", { class: "slider-row" }, button("←", () => at(Number(slider.value) - 1), { "aria-label": "Step back" }),
        h("label", { for: "graph-slider", class: "unseen" }, "Step of the forward and the backward pass"), slider,
        button("→", () => at(Number(slider.value) + 1), { "aria-label": "Step on" })), line, rest,
      h("div", { class: "row" }, button("Copy the link", async () =>
        (await copy(new URL(address(question()), location.href).href, "The link")) && "Copied"))));
  const train = h("div", { hidden: true });
  training.make(train, forms);
  const choose = (name) => {
    passes.hidden = name !== "backprop";
    train.hidden = name !== "train";
  };
  modes = Object.fromEntries([["backprop", "Forward and backward"], ["train", "Training"]].map(([name, label]) => {
    const input = h("input", { type: "radio", name: "graph-mode", id: `mode-${name}`, change: () => { choose(name); if (name === "train") training.noted(); else note(question()); } });
    return [name, { input, pick: () => { input.checked = true; choose(name); }, element: h("span", { class: "tick" }, input, h("label", { for: `mode-${name}` }, label)) }];
  }));
  root.append(h("h1", { id: "graph-title" }, "Graphs and networks"),
    h("fieldset", { class: "row modes" }, h("legend", { class: "unseen" }, "What to do"), modes.backprop.element, modes.train.element),
    passes, train);
}

export function show({ kind, fields }) {
  if (kind === "train") {
    modes.train.pick();
    return training.show(fields);
  }
  modes.backprop.pick();
  if (kind || !text.value) {
    const given = kind ? fields : START;
    text.value = (given.graph || "").replaceAll(";", "\n").replace(/\n[ ]+(?=\S)/g, (m) => (/;\s/.test(given.graph || "") ? "\n" : m));
    values.clear();
    for (const [name, value] of pairs(given.at || "")) values.set(name, value);
    if (given.learning_rate) rate.value = given.learning_rate;
  }
  return work();
}

/** The names and values in `a=3, b=1; x=[1, 2]`: a comma parts entries only where a name and = follow. */
function pairs(typed) {
  return typed.split(/[,;\n](?=\s*[^\W\d][\w^{}[\]]*\s*=(?!=))/u).map((one) => {
    const [name, ...value] = one.split("=");
    return [name.trim(), value.join("=").trim()];
  }).filter(([name]) => name);
}

function question() {
  const given = [...values].filter(([, value]) => value.trim()).map(([name, value]) => `${name}=${value}`).join("; ");
  return { kind: "backprop", fields: { graph: text.value, at: given } };
}

function changed() {
  note(question());
  losses.replaceChildren();
  past = [];
  work();
}

const work = live(250, async (signal) => {
  const asked = question();
  const hasAll = asked.fields.at !== "";
  const given = rate.value.trim() && hasAll ? { ...asked.fields, learning_rate: rate.value } : asked.fields;
  text.mark([]);
  try {
    found = await askSide("graph", { fields: given }, signal);
    problem.replaceChildren();
    draw();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    problem.replaceChildren(errorBox(error));
    markLine(error);
    take.disabled = true;
    await names(signal);
  }
});

/** A graph that cannot be worked with these values may still have inputs that need some. */
async function names(signal) {
  try {
    const bare = await askSide("graph", { fields: { graph: text.value } }, signal);
    drawGrid(bare.data.inputs || []);
  } catch (error) {
    if (error.name === "AbortError") throw error;
  }
}

function markLine(error) {
  if (!error.text || error.text !== text.value) return;
  const number = error.text.slice(0, error.at).split("\n").length;
  text.mark([{ line: number, kind: "wrong", sign: "✗", text: error.message }]);
}

function draw() {
  drawGrid(found.data.inputs || []);
  picture.draw(found);
  put(rest, (found.rest || "") + (found.remarks || ""));
  const last = found.steps.length;
  const before = Number(slider.value);
  const wasLast = before === Number(slider.max);
  slider.max = String(last);
  take.disabled = !found.data.update;
  at(wasLast || before > last ? last : before);
  drawLosses();
}

function drawGrid(inputs) {
  const known = inputs.map((one) => one.name);
  if (grid.dataset.names === known.join(" ") && known.every((name) => values.has(name))) return;
  grid.dataset.names = known.join(" ");
  for (const name of [...values.keys()]) if (!known.includes(name) && known.length) values.delete(name);
  for (const name of known) if (!values.has(name)) values.set(name, "");
  const focused = document.activeElement?.id;
  grid.replaceChildren(...known.map((name) => {
    const id = `value-${name}`;
    const shape = inputs.find((one) => one.name === name).shape;
    const input = h("input", { id, type: "text", autocomplete: "off", spellcheck: "false", value: values.get(name),
      placeholder: shape.length ? "[1, 2]" : "", input: () => { values.set(name, input.value); changed(); } });
    return h("div", { class: "field" }, h("label", { for: id }, shape.length ? `${name} (${shape.join("×")})` : name), input);
  }));
  if (focused) document.getElementById(focused)?.focus();
}

/** Shows the passes up to a step: 0 is before the first one. */
function at(place) {
  if (!found) return;
  const last = found.steps.length;
  const here = Math.max(0, Math.min(last, place));
  slider.value = String(here);
  const step = found.steps[here - 1];
  const words = step ? { forward: "Forward", seed: "Seed", backward: "Backward" }[step.pass] : "Start";
  slider.setAttribute("aria-valuetext", `${here} of ${last}: ${words} ${step?.node || ""}`);
  const head = h("p", { class: "pass" }, h("strong", {}, words), ` · ${here} of ${last}`);
  const body = h("div", {});
  if (!step) body.append(h("p", {}, "The inputs have their values. Move the slider to work out each node, and then back."));
  else if (step.pass === "seed") body.append(h("p", {}, `The gradient of ${step.node} by itself is 1. From here it goes backward.`));
  else put(body, step.html);
  line.replaceChildren(head, body);
  picture.reach(here);
}

// --- gradient descent ----------------------------------------------------------------------------------------------

let past = [];

async function step() {
  const update = found?.data.update;
  if (!update) return;
  const loss = lossNow();
  if (!past.length && loss !== null) past.push(loss);
  for (const [name, value] of Object.entries(update)) values.set(name, written(value));
  for (const name of Object.keys(update)) {
    const input = document.getElementById(`value-${name}`);
    if (input) input.value = values.get(name);
  }
  note(question());
  try {
    found = await askSide("graph", { fields: { ...question().fields, learning_rate: rate.value } });
    if (lossNow() !== null) past.push(lossNow());
    draw();
    say(`${found.data.loss} is now ${lossNow()}`);
  } catch (error) {
    problem.replaceChildren(errorBox(error));
  }
}

const lossNow = () => found?.data.nodes?.find((one) => one.name === found.data.loss)?.value ?? null;
const written = (value) => (Array.isArray(value) ? `[${value.map(written).join(", ")}]` : String(Number(value.toPrecision(10))));

function drawLosses() {
  if (past.length < 2) return;
  losses.replaceChildren(training.curve(past, past.length, found.data.loss),
    h("p", { class: "says" }, `${found.data.loss}: ${past.slice(-6).map((one) => Number(one.toPrecision(5))).join(" → ")}`));
}
