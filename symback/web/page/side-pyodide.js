// symback in a thread of this browser. A question that takes too long is ended with its thread, and a new one starts.

const SECONDS = 10;
let worker, starting, tell = () => {};
let number = 0;
const waiting = new Map();

export async function start(say) {
  tell = say;
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("offline.js").catch(() => {});
  return begin();
}

function begin() {
  worker = new Worker("worker.js", { type: "module" });
  starting = new Promise((done, failed) => {
    worker.onmessage = ({ data }) => {
      if (data.said) tell(data.said);
      else if (data.ready) done();
      else if (data.failed) failed(new Error(data.failed));
      else settle(data.number, data);
    };
    worker.onerror = (event) => failed(new Error(event.message || "The thread cannot be started."));
  });
  return starting;
}

function settle(key, data) {
  const found = waiting.get(key);
  if (!found) return;
  waiting.delete(key);
  clearTimeout(found.timer);
  found.done(data);
}

function error(message, hint) {
  const said = { code: "limit", message, hint };
  return { status: 422, content: new TextEncoder().encode(JSON.stringify({ error: said })) };
}

function kill() {
  worker.terminate();
  for (const key of [...waiting.keys()])
    settle(key, error(`This was not finished after ${SECONDS} s.`, "Ask something smaller."));
  begin();
}

export async function reply(path, body, signal) {
  await starting;
  if (signal?.aborted) throw new DOMException("Aborted", "AbortError");
  const key = ++number;
  const long = /sheet/.test(path) ? 6 : 1;
  return new Promise((done, failed) => {
    waiting.set(key, { done, timer: setTimeout(kill, 1000 * SECONDS * long) });
    signal?.addEventListener("abort", () => {
      const found = waiting.get(key);
      if (found) clearTimeout(found.timer);
      waiting.delete(key);
      failed(new DOMException("Aborted", "AbortError"));
    });
    worker.postMessage({ number: key, path, body });
  });
}
