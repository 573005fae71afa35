// A sheet of problems: its text on the left with faults in the margin, the page on the right, and files of every format.

import { ask as askSide, file, live } from "./side.js";
import { button, codeArea, errorBox, h, put, save } from "./dom.js";

const START = `title = "Slopes"
text = "Show your steps."

[[problem]]
title = "A product"
kind = "derive"
points = 2
hints = "Which rule splits a product?"
expr = 'x^2 e^(3x)'
answer = '2x e^(3x) + 3x^2 e^(3x)'    # checked, never trusted

[[problem]]
title = "A graph"
kind = "backprop"
graph = 'd = 2b; e = a + d; L = c e'
at = {a = 3, b = 1, c = -2}
picture = "graph"
`;
const SHOWS = { steps: "All steps", answers: "Answers", hints: "Hints", problems: "Problems only" };
let text, faults, page, shows, variant, variantField, formats, status;

export function make(section, forms) {
  text = codeArea({ id: "sheet-text", label: "Sheet, in TOML", rows: 22, change: () => read() });
  faults = h("ul", { class: "faults", "aria-label": "Faults" });
  page = h("div", { class: "work sheet-page" });
  status = h("div", { role: "status" });
  shows = h("select", { id: "sheet-show", change: () => read() },
    Object.entries(SHOWS).map(([name, label]) => h("option", { value: name }, label)));
  variant = h("input", { id: "sheet-variant", type: "number", min: 1, max: 99, value: 1, change: () => read() });
  variantField = h("label", { class: "inline", hidden: true }, "Variant ", variant);
  formats = h("select", { id: "sheet-format", "aria-label": "Format" }, forms.formats
    .filter((one) => one.uses.includes("sheet")).map((one) => h("option", { value: one.name }, `${one.called} (${one.ending})`)));
  formats.value = "html";
  const open = h("input", { id: "sheet-open", type: "file", accept: ".toml,text/plain", class: "unseen", change: async () => {
    if (open.files[0]) { text.value = await open.files[0].text(); read(); }
  } });
  section.append(h("h1", { id: "sheet-title" }, "Sheet"),
    h("div", { class: "row sheet-bar" }, h("label", { class: "file-button", for: "sheet-open" }, "Open a file"), open,
      button("Save the sheet", () => save({ name: "sheet.toml", content: new Blob([text.value]) })),
      h("label", { class: "inline" }, "Show ", shows), variantField,
      h("span", { class: "save" }, h("span", {}, "Save as "), formats, " ",
        button("Save", export_, { id: "sheet-save", class: "main-button" })), status),
    h("div", { class: "two" }, h("div", { class: "left-side" }, text.element, faults), h("div", { class: "right-side" }, page)));
}

export function show() {
  if (!text.value) text.value = kept() || START;
  read();
}

function kept() {
  try {
    return sessionStorage.getItem("symback-sheet");
  } catch {
    return "";
  }
}

function keep() {
  try {
    sessionStorage.setItem("symback-sheet", text.value);
  } catch { /* a browser that keeps nothing */ }
}

const options = () => ({ show: shows.value, variant: variantField.hidden ? 0 : Math.max(1, Math.min(99, Number(variant.value) || 1)) });

const read = live(400, async (signal) => {
  keep();
  try {
    const found = await askSide("sheet", { text: text.value }, signal);
    drawFaults(found.faults);
    if (found.faults.length) return;
    variantField.hidden = !found.variants;
    await draw(found, signal);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    drawFaults([]);
    page.replaceChildren(errorBox(error));
  }
});

function drawFaults(found) {
  text.mark(found.filter((one) => one.line).map((one) => ({ line: one.line, kind: "wrong", sign: "✗", text: one.message })));
  faults.replaceChildren(...found.map((one) => h("li", {},
    h("button", { type: "button", class: "fault", click: () => text.goto(one.line || 1, one.column || 1) },
      one.line ? h("b", {}, `${one.line}:${one.column} `) : "", one.message), one.hint ? h("span", { class: "advice" }, ` ${one.hint}`) : "")));
  page.classList.toggle("stale", found.length > 0);
}

/** Shows the problems one by one: one that takes long or fails holds up no other. */
async function draw(found, signal) {
  const places = found.problems.map((one) => h("div", { class: "place" }, h("p", { class: "waiting" }, `${one.number}. ${one.title} …`)));
  page.replaceChildren(h("h2", { class: "sheet-heading" }, found.title), put(h("div", {}), found.text), ...places);
  await Promise.all(found.problems.map(async (one, i) => {
    try {
      const made = await askSide("problem", { text: text.value, number: one.number, ...options() }, signal);
      put(places[i], made.html);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      places[i].replaceChildren(h("h3", {}, `${one.number}. ${one.title}`), errorBox(error));
    }
  }));
}

async function export_() {
  try {
    save(await file("sheet-export", { text: text.value, format: formats.value, ...options() }));
    status.replaceChildren();
    return "Saved";
  } catch (error) {
    status.replaceChildren(errorBox(error));
  }
}
