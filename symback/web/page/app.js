// The page: which screen is shown, and the address, which holds the question and is the link to share.

import { ask as askSide, start } from "./side.js";
import { h, say } from "./dom.js";
import * as ask from "./ask.js";
import * as steps from "./steps.js";
import * as graph from "./graph.js";
import * as check from "./check.js";
import * as sheet from "./sheet.js";

const SCREENS = { ask, steps, graph, check, sheet };
const OF_KIND = { backprop: "graph", train: "graph", check: "check" };
const TITLES = { ask: "Ask", steps: "Steps", graph: "Graph", check: "Check my work", sheet: "Sheet" };

/** The address as a question: the screen, the kind, and the texts of its fields. */
export function read(hash = location.hash) {
  const fields = Object.fromEntries(new URLSearchParams(hash.slice(1)));
  const { kind = "", screen = "", ...texts } = fields;
  const wanted = screen in SCREENS ? screen : kind ? OF_KIND[kind] || "steps" : "ask";
  return { screen: wanted, kind, fields: texts };
}

/** The address of a question; blanks are %20, as people paste addresses into messages. */
export function address({ screen = "", kind = "", fields = {} }) {
  const given = Object.entries(fields).filter(([, text]) => text !== "" && text !== undefined);
  const parts = [...(screen ? [["screen", screen]] : []), ...(kind ? [["kind", kind]] : []), ...given];
  return "#" + parts.map(([key, text]) => `${encodeURIComponent(key)}=${encodeURIComponent(text)}`).join("&");
}

export function go(question) {
  const hash = address(question);
  if (hash === location.hash) show();
  else location.hash = hash;
}

/** Changes the address while something is typed, without a new entry in the history. */
export function note(question) {
  history.replaceState(null, "", address(question));
  keep(question);
}

let last = {};
function keep(question) {
  const screen = question.screen || OF_KIND[question.kind] || (question.kind ? "steps" : "ask");
  last[screen] = address(question);
  for (const link of document.querySelectorAll("nav a"))
    if (last[link.dataset.screen]) link.setAttribute("href", last[link.dataset.screen]);
}

let shown = "";
async function show() {
  const question = read();
  for (const name of Object.keys(SCREENS)) document.getElementById(name).hidden = name !== question.screen;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.dataset.screen === question.screen) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${TITLES[question.screen]} · symback`;
  if (question.kind) keep(question);
  const isNew = shown && shown !== question.screen;
  shown = question.screen;
  await SCREENS[question.screen].show(question);
  if (isNew) {
    say(TITLES[question.screen]);
    scrollTo({ top: 0 });
  }
}

const COLOURS = ["as the system", "light", "dark"];
function theme() {
  const button = document.getElementById("theme");
  let chosen = 0;
  try {
    chosen = Number(localStorage.getItem("symback-colours")) || 0;
  } catch { /* a browser that keeps nothing */ }
  const apply = () => {
    document.documentElement.dataset.theme = COLOURS[chosen];
    button.setAttribute("aria-label", `Colours: ${COLOURS[chosen]}`);
    button.title = `Colours: ${COLOURS[chosen]}`;
    button.textContent = "◐☀☾"[chosen];
  };
  button.addEventListener("click", () => {
    chosen = (chosen + 1) % COLOURS.length;
    try {
      localStorage.setItem("symback-colours", String(chosen));
    } catch { /* the same */ }
    apply();
    say(`Colours: ${COLOURS[chosen]}`);
  });
  apply();
}

async function begin() {
  theme();
  const starting = document.getElementById("starting");
  try {
    await start((text) => (starting.textContent = text));
    const forms = await askSide("forms");
    for (const [name, screen] of Object.entries(SCREENS)) screen.make(document.getElementById(name), forms);
  } catch (error) {
    starting.replaceChildren(h("strong", {}, "symback could not be started. "), String(error.message || error));
    return;
  }
  starting.remove();
  document.documentElement.dataset.ready = "yes";
  addEventListener("hashchange", show);
  await show();
}

begin();
