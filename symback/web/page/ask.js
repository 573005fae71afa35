// The question: one field that says at every key stroke what it is read as, and the fields that its kind declares.

import { ask as askSide, live } from "./side.js";
import { errorBox, h, put, button } from "./dom.js";
import { go, note } from "./app.js";

const OTHERS = ["backprop", "train", "check"]; // these have screens of their own
const FIRST = ["wrt", "at", "to", "about", "order", "from", "direction", "values"]; // shown at once where a kind has them
const EXAMPLES = [
  ["derive", { expr: "x^2 sin x" }],
  ["derive", { expr: "e^(3x)/(x^2 + 1)", at: "x=0" }],
  ["gradient", { expr: "x y^2 + 3x^2 z", at: "x=1, y=0, z=2" }],
  ["integrate", { expr: "x e^(x^2)" }],
  ["jacobian", { expr: "x^2 y; sin(x y)" }],
  ["backprop", { graph: "d = 2b; e = a + d; L = c e", at: "a=3, b=1, c=-2" }],
];

let root, forms, kind, main, box, reading, notes, choice;
const inputs = new Map();
let texts = {};

export function make(section, found) {
  root = section;
  forms = found;
  const kinds = Object.values(forms.kinds).filter((one) => one.fields.length && !OTHERS.includes(one.kind));
  choice = h("select", { id: "ask-kind", change: () => choose(choice.value) },
    kinds.map((one) => h("option", { value: one.kind }, one.title)));
  reading = h("div", { class: "reading", "aria-live": "polite" });
  notes = h("div", { class: "notes" });
  box = h("div", { class: "read-as" }, h("h2", {}, "Read as"), reading, notes);
  main = h("div", { class: "fields" });
  root.append(
    h("h1", { id: "ask-title" }, "What shall be worked out?"),
    h("form", { class: "question", submit: (event) => { event.preventDefault(); submit(); } },
      h("div", { class: "kind" }, h("label", { for: "ask-kind" }, "Kind"), choice, h("p", { id: "ask-does" })),
      main,
      h("button", { type: "submit", class: "main-button" }, "Show the steps")),
    h("h2", {}, "Examples"), examples());
}

function examples() {
  const known = EXAMPLES.filter(([name]) => name in forms.kinds);
  return h("ul", { class: "examples" }, known.map(([name, fields]) => h("li", {},
    h("button", { type: "button", class: "example", click: () => go({ ...(name === "backprop" ? {} : { screen: "ask" }), kind: name, fields }) },
      h("span", { class: "example-kind" }, forms.kinds[name].title), " ", h("code", {}, Object.values(fields)[0])))));
}

export function show({ kind: wanted, fields }) {
  const name = wanted in forms.kinds && !OTHERS.includes(wanted) ? wanted : kind || "derive";
  if (wanted || !kind) texts = { ...fields };
  build(name);
  inputs.values().next().value?.focus({ preventScroll: true });
  return read();
}

function choose(name) {
  collect();
  build(name);
  changed();
}

/** Makes the form of a kind from its declared fields; what was typed stays where the new kind has such a field. */
function build(name) {
  kind = name;
  choice.value = name;
  const form = forms.kinds[name];
  document.getElementById("ask-does").textContent = form.does;
  inputs.clear();
  const [first, ...others] = form.fields;
  const near = others.filter((one) => one.required || FIRST.includes(one.key));
  const common = [
    { key: "detail", label: "detail", says: "How many steps are shown.", widget: "choice", words: form.details, default: "normal" },
    { key: "symbols", label: "symbols", says: "Names of your own with several letters, as in loss; rate.", widget: "text", default: "" },
  ];
  const far = [...others.filter((one) => !near.includes(one)), ...common];
  const open = far.some((one) => (texts[one.key] ?? "") !== "" && texts[one.key] !== one.default);
  main.replaceChildren(field(first, true, form.example[first.key]), box,
    h("div", { class: "near" }, near.map((one) => field(one, false, form.example[one.key]))),
    h("details", { class: "more", open }, h("summary", {}, "Options"),
      h("div", { class: "near" }, far.map((one) => field(one, false)))));
}

function field(one, isMain, example = "") {
  const id = `ask-${one.key}`;
  const listeners = { input: changed, change: changed };
  const value = texts[one.key] ?? "";
  const common = { id, name: one.key, "aria-describedby": `${id}-says`, ...listeners };
  const plain = { spellcheck: "false", autocapitalize: "off", autocomplete: "off" };
  let input;
  if (one.widget === "check") {
    input = h("input", { type: "checkbox", ...common });
    input.checked = value === "true";
  } else if (one.widget === "choice") {
    input = h("select", { ...common }, one.words.map((word) => h("option", { value: word }, word)));
    input.value = value || one.default || one.words[0];
  } else if (one.widget === "area") {
    input = h("textarea", { ...common, ...plain, rows: 3, value, placeholder: example || one.placeholder });
  } else {
    const mode = one.widget === "number" ? { inputmode: "numeric" } : {};
    const hint = example || one.default || one.placeholder || (isMain ? "x^2 sin x" : "");
    input = h("input", { type: "text", ...common, ...plain, ...mode, value, placeholder: hint });
  }
  inputs.set(one.key, input);
  input.dataset.standard = one.default ?? "";
  const label = h("label", { for: id }, one.label[0].toUpperCase() + one.label.slice(1));
  const says = h("p", { id: `${id}-says`, class: "says" }, one.says);
  return h("div", { class: `field ${one.widget}${isMain ? " main" : ""}` },
    one.widget === "check" ? [h("span", { class: "tick" }, input, label)] : [label, input], says);
}

/** The texts of the form, without those that are as they are anyway. */
function collect() {
  for (const [key, input] of inputs) {
    const text = input.type === "checkbox" ? (input.checked ? "true" : "") : input.value;
    texts[key] = text === input.dataset.standard ? "" : text;
  }
  const own = Object.fromEntries([...inputs.keys()].map((key) => [key, texts[key]]).filter(([, text]) => text.trim()));
  return own;
}

function question() {
  return { kind, fields: collect() };
}

const isEmpty = ({ fields }) => !Object.keys(fields).some((key) => !["detail", "symbols"].includes(key));

function changed() {
  note({ screen: "ask", ...question() });
  read();
}

const read = live(120, async (signal) => {
  const asked = question();
  const [input] = inputs.values();
  for (const one of inputs.values()) one.removeAttribute("aria-invalid");
  if (isEmpty(asked)) {
    reading.replaceChildren(h("p", { class: "empty" }, "Type an expression, as on paper, in Python or in LaTeX."));
    notes.replaceChildren();
    return;
  }
  try {
    const found = await askSide("read", asked, signal);
    put(reading, found.task);
    notes.replaceChildren(...found.notes.map(noteBox));
  } catch (error) {
    if (error.name === "AbortError") throw error;
    const wrong = [...inputs.values()].find((one) => error.text && one.value === error.text) || input;
    wrong.setAttribute("aria-invalid", "true");
    reading.replaceChildren(errorBox(error));
    notes.replaceChildren();
  }
});

function noteBox({ text, switch: other }) {
  const change = other && button(`Read it as ${other.text}`, () => {
    inputs.get(other.key).value = other.text;
    changed();
    inputs.get(other.key).focus();
  }, { class: "switch" });
  return h("div", { class: "note-box" }, h("p", {}, text), change);
}

function submit() {
  const asked = question();
  if (isEmpty(asked)) inputs.values().next().value.focus();
  else go(asked);
}
