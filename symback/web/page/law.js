// A rule opens its law: as a formula, with what its letters stand for here, and with an example worked.

import { ask } from "./side.js";
import { h, put } from "./dom.js";

export async function openRule(name, step) {
  const dialog = document.getElementById("law");
  const content = h("div", {}, h("p", {}, "…"));
  dialog.replaceChildren(h("h2", { id: "law-title" }, name), content,
    h("form", { method: "dialog" }, h("button", { class: "main-button" }, "Close")));
  dialog.showModal();
  try {
    const found = await ask("rule", { name, law: step?.law || "" });
    content.replaceChildren(...found.laws.flatMap(({ law, example }) => [
      put(h("div", { class: "law" }), law),
      example ? h("div", { class: "example-work" }, h("h3", {}, "Example"), put(h("div", {}), example)) : "",
    ]));
    if (!found.laws.length) content.replaceChildren(h("p", {}, "This is a step of tidying or of arithmetic; it has no law of its own."));
  } catch (error) {
    content.replaceChildren(h("p", {}, error.message));
  }
  const here = Object.entries(step?.bindings || {});
  if (here.length) content.prepend(h("p", { class: "here" }, "Here ", here.flatMap(([letter, text], i) =>
    [i ? ", " : "", h("i", {}, letter), " = ", h("code", {}, text)]), "."));
}
