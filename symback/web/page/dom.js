// Elements, HTML from the side, and the small things that all screens share.

/** Returns an element; attributes that are functions are listeners, and false leaves an attribute out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (key === "value") element.value = value;
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const REFUSED = "script, iframe, object, embed, link, meta, base, form, foreignObject";

/** Puts HTML of the side into an element. Styles become properties, since the page's policy allows no attribute. */
export function put(element, html) {
  const parsed = new DOMParser().parseFromString(`<body>${html.replaceAll(' style="', ' data-style="')}`, "text/html");
  parsed.querySelectorAll(REFUSED).forEach((one) => one.remove());
  const all = [...parsed.body.querySelectorAll("*")];
  for (const one of all)
    for (const { name, value } of [...one.attributes])
      if (name.startsWith("on") || /^\s*javascript:/i.test(value)) one.removeAttribute(name);
  element.replaceChildren(...parsed.body.childNodes);
  for (const one of element.querySelectorAll("[data-style]")) {
    for (const rule of one.getAttribute("data-style").split(";")) {
      const [name, ...value] = rule.split(":");
      if (value.length) one.style.setProperty(name.trim(), value.join(":").trim());
    }
    one.removeAttribute("data-style");
  }
  return element;
}

export function say(text) {
  const said = document.getElementById("said");
  said.textContent = "";
  requestAnimationFrame(() => (said.textContent = text));
}

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(`${what} copied.`);
    return true;
  } catch {
    const area = h("textarea", { value: text, class: "unseen" });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    say(done ? `${what} copied.` : "Copying is not allowed here.");
    return done;
  }
}

/** A button that says for a moment that it has done its work. */
export function button(label, work, attributes = {}) {
  const made = h("button", { type: "button", ...attributes, click: async () => {
    const done = await work(made);
    if (typeof done !== "string") return;
    made.textContent = done;
    setTimeout(() => (made.textContent = label), 1600);
  } }, label);
  return made;
}

export function save({ name, content }) {
  const address = URL.createObjectURL(content);
  const link = h("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
  say(`${name} saved.`);
}

/** The LaTeX of the formulas in an element: every formula has it as an annotation. */
export function latexOf(element) {
  const found = [...element.querySelectorAll('annotation[encoding="application/x-tex"]')];
  const shown = found.filter((one) => !one.closest(".narrow") || !element.querySelector(".roomy"));
  return shown.map((one) => one.textContent).join(" ");
}

/** An error in place: the line with a caret under the letter, the reason, what to do. */
export function errorBox(error) {
  const parts = [];
  if (error.text && error.at !== null && error.at !== undefined) {
    const start = error.text.lastIndexOf("\n", error.at - 1) + 1;
    const stop = error.text.indexOf("\n", error.at);
    const letters = [...error.text.slice(start, stop < 0 ? undefined : stop)];
    const before = [...error.text.slice(start, error.at)].length;
    const from = letters.length > 60 ? Math.max(0, before - 30) : 0;
    const marks = Math.max(1, Math.min((error.end ?? error.at + 1) - error.at, 60));
    const line = letters.slice(from, from + 60).join("");
    parts.push(h("pre", { class: "caret" }, `${line}\n${" ".repeat(before - from)}${"^".repeat(marks)}`));
  }
  parts.push(h("p", {}, h("strong", {}, error.message)));
  if (error.hint) parts.push(h("p", { class: "advice" }, error.hint));
  return h("div", { class: "error-box" }, parts);
}

/** A field for several lines with a margin that has numbers and marks. */
export function codeArea({ id, label, value = "", rows = 8, change }) {
  const margin = h("div", { class: "margin", "aria-hidden": "true" });
  const area = h("textarea", {
    id, rows, spellcheck: "false", autocapitalize: "off", autocomplete: "off", wrap: "off", value,
    "aria-describedby": `${id}-marks`, input: () => { draw(); change?.(area.value); },
    scroll: () => (margin.scrollTop = area.scrollTop),
  });
  const marks = h("p", { id: `${id}-marks`, class: "unseen" });
  let known = new Map();
  function draw() {
    const count = area.value.split("\n").length;
    margin.replaceChildren(...Array.from({ length: count }, (_, i) => {
      const mark = known.get(i + 1);
      return h("div", { class: mark ? `mark ${mark.kind}` : "", title: mark?.text }, mark ? mark.sign : String(i + 1));
    }));
    margin.scrollTop = area.scrollTop;
  }
  draw();
  return {
    element: h("div", { class: "code-field" }, h("label", { for: id }, label),
      h("div", { class: "code" }, margin, area), marks),
    area,
    get value() { return area.value; },
    set value(text) { area.value = text; draw(); },
    mark(found) {
      known = new Map(found.map((one) => [one.line, one]));
      marks.textContent = found.map((one) => `Line ${one.line}: ${one.text}`).join(" ");
      draw();
    },
    goto(line, column = 1) {
      const lines = area.value.split("\n");
      const at = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
      area.focus();
      area.setSelectionRange(at, at);
      area.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(area).lineHeight));
    },
  };
}
