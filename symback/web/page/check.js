// A working is judged line by line as it is typed.

import { ask as askSide, live } from "./side.js";
import { button, codeArea, copy, errorBox, h, put } from "./dom.js";
import { address, note } from "./app.js";

const START = "f = (x^2 + y^2)(x^2 y + y^2 x)\ndf/dx = (x^2 + y^2)(2x y + y^2) + (x^2 y + y^2 x)(2x)\n= 2x^3 y + x^2 y^2 + 2x y^3 + y^4 + 2x^3 y + 2x y^3\n= 4x^3 y + x^2 y^2 + 4x y^3 + y^4";
const SIGNS = { right: "✓", wrong: "✗", follows: "↳", mended: "✓", narrower: "◐", rounded: "≈", unknown: "?", given: "·", unreadable: "!", none: "" };
const WORDS = {
  right: "right", wrong: "wrong", follows: "follows from a wrong line", mended: "right again", narrower: "right in a part of the domain",
  rounded: "right to the digits shown", unknown: "not decided", given: "given", unreadable: "cannot be read",
};
let text, above, judged, summary;

export function make(section) {
  text = codeArea({ id: "check-working", label: "Your working, a line each", rows: 10, change: changed });
  above = codeArea({ id: "check-given", label: "What is given above it: definitions, or a graph", rows: 3, change: changed });
  summary = h("p", { class: "summary", role: "status" });
  judged = h("div", { class: "work" });
  section.append(h("h1", { id: "check-title" }, "Check my work"),
    h("p", { class: "lead" }, "Write the function and your lines below it. Every line is judged as you type."),
    h("div", { class: "two" },
      h("div", { class: "left-side" }, text.element, h("details", {}, h("summary", {}, "Given"), above.element),
        h("div", { class: "row" }, button("Copy the link", async () =>
          (await copy(new URL(address(question()), location.href).href, "The link")) && "Copied"))),
      h("div", { class: "right-side" }, summary, judged)));
}

export function show({ kind, fields }) {
  if (kind || !text.value) {
    text.value = kind ? fields.working || "" : START;
    above.value = fields.given || "";
    if (above.value) above.element.closest("details").open = true;
  }
  judge();
}

function question() {
  return { kind: "check", fields: { working: text.value, given: above.value } };
}

function changed() {
  note(question());
  judge();
}

const judge = live(350, async (signal) => {
  if (!text.value.trim()) {
    text.mark([]);
    summary.textContent = "Nothing to check yet.";
    judged.replaceChildren();
    return;
  }
  try {
    const found = await askSide("judge", question(), signal);
    const offset = text.value.length - text.value.replace(/^\n+/, "").length;
    text.mark(found.data.lines.map((one) => marked(one, offset)));
    const wrong = found.data.lines.filter((one) => one.verdict === "wrong").length;
    const open = found.data.lines.filter((one) => one.verdict === "unknown" || one.verdict === "unreadable").length;
    summary.textContent = wrong ? `${wrong} ${wrong === 1 ? "line is" : "lines are"} wrong; the first is line ${found.data.first_wrong}.`
      : open ? `No line is wrong, but ${open} could not be decided.` : "Every line is right.";
    summary.className = `summary ${wrong ? "wrong" : open ? "open" : "right"}`;
    put(judged, found.steps);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    const line = error.text ? error.text.slice(0, error.at).split("\n").length : 0;
    text.mark(line ? [{ line, kind: "wrong", sign: "!", text: error.message }] : []);
    summary.textContent = "";
    judged.replaceChildren(errorBox(error));
  }
});

function marked(one, offset) {
  const term = one.term && (one.term.right ? `${one.term.given.text} should be ${one.term.right.text}: ${one.term.how}` : one.term.how);
  const said = [WORDS[one.verdict] || one.verdict, term, one.mistake?.says].filter(Boolean).join("; ");
  return { line: one.line + offset, kind: one.verdict, sign: SIGNS[one.verdict] ?? "·", text: said };
}
