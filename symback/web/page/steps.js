// The steps of an answer: one after the other, with hints; what changes is tinted, and a rule opens its law.

import { ask as askSide, file } from "./side.js";
import { button, copy, errorBox, h, latexOf, put, save, say } from "./dom.js";
import { address, go } from "./app.js";
import { openRule } from "./law.js";

let root, forms, question, found;
let units = [], reached = 0, hinted = false;
let head, lines, answer, progress, controls, waiting;

export function make(section, given) {
  root = section;
  forms = given;
  root.append(h("h1", { id: "steps-title" }, "Steps"));
  head = h("div", { class: "asked" });
  waiting = h("p", { class: "waiting", role: "status" });
  lines = h("div", { class: "work", id: "lines" });
  answer = h("div", { class: "card" });
  progress = h("span", { class: "progress" });
  controls = h("div", { class: "controls", role: "toolbar", "aria-label": "Steps" },
    button("← Back", back, { id: "back" }), button("Hint", hint, { id: "hint" }),
    button("Next →", next, { id: "next", class: "main-button" }), button("All", all, { id: "all" }), progress,
    h("label", { class: "tick" }, h("input", { type: "checkbox", id: "tint", checked: true, change: (event) =>
      lines.classList.toggle("plain", !event.target.checked) }), "Tint what changes"));
  root.append(head, waiting, controls, lines, answer);
  root.addEventListener("keydown", keys);
  document.addEventListener("keydown", (event) => {
    if (!root.hidden && event.target === document.body) keys(event);
  });
}

export async function show(asked) {
  if (!asked.kind) {
    head.replaceChildren(h("p", {}, "No question yet. ", h("a", { href: "#screen=ask" }, "Ask something"), " first."));
    visible(false);
    waiting.textContent = "";
    return;
  }
  question = { kind: asked.kind, fields: asked.fields };
  head.replaceChildren();
  visible(false);
  waiting.textContent = "Working …";
  const mine = question;
  try {
    const worked = await askSide("work", question);
    if (mine !== question) return;
    found = worked;
    draw();
  } catch (error) {
    if (mine !== question) return;
    head.replaceChildren(errorBox(error), h("p", {}, edit()));
  }
  waiting.textContent = "";
}

function visible(is) {
  controls.hidden = lines.hidden = answer.hidden = !is;
}

function edit() {
  return button("Change the question", () => go({ screen: "ask", ...question }), { class: "quiet" });
}

function draw() {
  const task = h("div", { class: "task" });
  put(task, found.task);
  head.replaceChildren(task, h("div", { class: "row" }, edit(),
    button("Copy the link", async () => (await copy(new URL(address(question), location.href).href, "The link")) && "Copied"),
    detailChoice()));
  put(lines, found.steps);
  units = unitsOf(lines);
  for (const unit of units) prepare(unit);
  drawAnswer();
  reached = units[0].line ? -1 : 0;
  hinted = false;
  visible(true);
  controls.hidden = !units[0].line;
  reveal();
}

function detailChoice() {
  const details = forms.kinds[question.kind]?.details || [];
  const now = question.fields.detail || "normal";
  const select = h("select", { id: "steps-detail", change: () =>
    go({ kind: question.kind, fields: { ...question.fields, detail: select.value === "normal" ? "" : select.value } }) },
    details.map((word) => h("option", { value: word }, word)));
  select.value = now;
  return h("label", { class: "inline" }, "Detail ", select);
}

/** The lines in order; what stands between them comes with the line below it, what follows the last one with that. */
function unitsOf(container) {
  const made = [];
  let before = [];
  for (const block of container.children) {
    const inner = block.classList.contains("lines") ? [...block.querySelectorAll(":scope > .line")] : [];
    if (!inner.length) {
      before.push(block);
      continue;
    }
    for (const line of inner) {
      made.push({ line, with: before, block });
      before = [];
    }
  }
  if (before.length && made.length) made.push({ line: null, with: before, block: null });
  if (!made.length) made.push({ line: null, with: before, block: null });
  const last = made.at(-1);
  if (!last.line && made.length > 1) {
    made.pop();
    made.at(-1).after = last.with;
  }
  return made;
}

function prepare({ line }) {
  if (!line) return;
  const step = (rule) => (found.data.parts || [found.data, ...(found.data.partials || [])])
    .flatMap((one) => one.steps || []).find((one) => one.rule === rule);
  for (const law of line.querySelectorAll(".why details.law")) {  // here a rule opens its law beside the page
    law.replaceWith(...law.querySelector("summary").childNodes);
  }
  for (const rule of line.querySelectorAll(".why .rule")) {
    const names = rule.textContent.split(", ");
    rule.replaceChildren(...names.flatMap((name, i) => [i ? ", " : "",
      h("button", { type: "button", class: "rule-button", click: () => openRule(name, step(name)) }, name)]));
  }
  const body = line.querySelector(".body") || line.querySelector(".left");
  if (body) body.append(button("Copy LaTeX", async () => (await copy(latexOf(body), "The LaTeX")) && "Copied", { class: "copy" }));
}

function reveal() {
  units.forEach(({ line, with: others, after = [] }, i) => {
    const shown = i <= reached;
    for (const one of others) one.hidden = !shown;
    for (const one of after) one.hidden = reached < units.length - 1;
    if (!line) return;
    line.hidden = !shown && !(hinted && i === reached + 1);
    line.classList.toggle("hinted", hinted && i === reached + 1);
    line.classList.toggle("now", i === reached && units.length > 1);
  });
  const done = reached >= units.length - 1;
  answer.hidden = !done;
  progress.textContent = `${reached + 1} of ${units.length}`;
  document.getElementById("next").disabled = document.getElementById("all").disabled = done;
  document.getElementById("hint").disabled = done || hinted;
  document.getElementById("back").disabled = reached < 0 && !hinted;
}

function move(to, isHint = false) {
  const focused = document.activeElement;
  reached = Math.max(-1, Math.min(units.length - 1, to));
  hinted = isHint && reached < units.length - 1;
  reveal();
  if (focused?.disabled) controls.querySelector("button:not(:disabled)")?.focus();
  const line = units[hinted ? reached + 1 : reached]?.line;
  line?.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
  const why = line?.querySelector(".why")?.textContent || "";
  say(hinted ? `Hint: ${why || "no hint for this line"}` : `Line ${reached + 1} of ${units.length}. ${why}`);
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const next = () => move(reached + 1);
const back = () => move(hinted ? reached : reached - 1);
const hint = () => move(reached, true);
const all = () => move(units.length - 1);

function keys(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || /^(input|select|textarea)$/i.test(event.target.tagName)) return;
  const does = { ArrowRight: next, ArrowDown: next, ArrowLeft: back, ArrowUp: back, End: all, h: hint }[event.key];
  if (!does || controls.hidden) return;
  event.preventDefault();
  does();
}

function drawAnswer() {
  const shown = h("div", {});
  put(shown, found.answer);
  const latex = found.data.answer?.latex || latexOf(shown);
  const writes = forms.kinds[question.kind]?.writes || [];
  const known = forms.formats.filter((one) => one.uses.includes("result") || one.uses.includes("sheet") || writes.includes(one.name));
  const select = h("select", { id: "steps-format", "aria-label": "Format" },
    known.map((one) => h("option", { value: one.name }, `${one.called} (${one.ending})`)));
  const status = h("div", { role: "status" });
  const save_ = button("Save", async () => {
    try {
      save(await file("export", { ...question, format: select.value }));
      status.replaceChildren();
      return "Saved";
    } catch (error) {
      status.replaceChildren(errorBox(error));
    }
  }, { id: "save" });
  answer.replaceChildren(h("h2", {}, "Answer"), shown, h("div", { class: "row" },
    latex && button("Copy LaTeX", async () => (await copy(latex, "The LaTeX")) && "Copied"),
    h("span", { class: "save" }, h("span", {}, "Save as "), select, " ", save_)), status);
}
