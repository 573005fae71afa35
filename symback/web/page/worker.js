// The thread that runs symback: Pyodide, and an archive with our modules and the part of SymPy that is used.

import { loadPyodide } from "./pyodide/pyodide.mjs";

let answer;

async function start() {
  postMessage({ said: "Starting Python …" });
  const [pyodide, archive] = await Promise.all([
    loadPyodide({ indexURL: new URL("./pyodide/", import.meta.url).href }),
    fetch("symback.zip.xz").then((response) => {
      if (!response.ok) throw new Error("symback.zip.xz cannot be loaded.");
      return response.arrayBuffer();
    }),
  ]);
  postMessage({ said: "Loading symback …" });
  pyodide.FS.writeFile("/tmp/symback.zip.xz", new Uint8Array(archive));
  answer = pyodide.runPython(`
import io, lzma, os, sys, zipfile
with lzma.open("/tmp/symback.zip.xz") as packed, zipfile.ZipFile(io.BytesIO(packed.read())) as archive:
    archive.extractall("/home/pyodide")
os.remove("/tmp/symback.zip.xz")
sys.path.insert(0, "/home/pyodide")
from symback.web.side import answer

def asked(path, body):
    reply = answer(path, body.encode())
    return reply.status, reply.type, reply.content, reply.file

asked
`);
  answer("side/read", '{"kind": "derive", "fields": {"expr": "x^2"}}').destroy();
  postMessage({ ready: true });
}

function replied({ number, path, body }) {
  try {
    const found = answer(path, body);
    const [status, type, bytes, file] = found;
    const content = bytes.toJs().slice().buffer;
    bytes.destroy();
    found.destroy();
    postMessage({ number, status, type, content, file }, [content]);
  } catch (error) {
    const said = { code: "error", message: "This did not work in the browser.", hint: String(error).slice(-200) };
    postMessage({ number, status: 422, content: new TextEncoder().encode(JSON.stringify({ error: said })).buffer });
  }
}

const started = start().catch((error) => postMessage({ failed: String(error.message || error) }));
onmessage = async ({ data }) => {
  await started;
  replied(data);
};
