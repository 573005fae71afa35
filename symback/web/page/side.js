// The side that works questions out: the server of `symback serve`, or symback itself in a thread of this browser.
// Both answer `ask(name, table)` with a table, and `file(name, table)` with a file.

export class SideError extends Error {
  constructor(error) {
    super(error.message);
    Object.assign(this, { code: "error", hint: "", at: null, text: "", end: null }, error);
  }
}

const wanted = document.querySelector('meta[name="symback-side"]').content;
const made = import(wanted === "pyodide" ? "./side-pyodide.js" : "./side-serve.js");

/** Returns what is said while the side starts, and calls `tell` with each new sentence. */
export async function start(tell) {
  return (await made).start(tell);
}

async function reply(name, table, signal) {
  const found = await (await made).reply(`side/${name}`, JSON.stringify(table), signal);
  if (found.status === 200) return found;
  let said;
  try {
    said = JSON.parse(new TextDecoder().decode(found.content)).error;
  } catch {
    said = { message: "There was no answer that can be read.", hint: "Try again." };
  }
  throw new SideError(said);
}

export async function ask(name, table = {}, signal = undefined) {
  return JSON.parse(new TextDecoder().decode((await reply(name, table, signal)).content));
}

export async function file(name, table) {
  const found = await reply(name, table);
  return { name: found.file || "symback.txt", content: new Blob([found.content]) };
}

/** Makes a function that asks after a pause, and drops the answers to what was typed before. */
export function live(pause, work) {
  let timer, control;
  return (...values) => {
    clearTimeout(timer);
    control?.abort();
    control = new AbortController();
    const { signal } = control;
    timer = setTimeout(async () => {
      try {
        await work(signal, ...values);
      } catch (error) {
        if (error.name !== "AbortError") throw error;
      }
    }, pause);
  };
}
