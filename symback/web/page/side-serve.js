// The server of `symback serve`.

export async function start() {}

export async function reply(path, body, signal) {
  let response;
  try {
    response = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body, signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    const said = { code: "error", message: "symback does not answer.", hint: "Is `symback serve` still running?" };
    return { status: 503, content: new TextEncoder().encode(JSON.stringify({ error: said })) };
  }
  const name = /filename="([^"]*)"/.exec(response.headers.get("content-disposition") || "");
  return { status: response.status, content: await response.arrayBuffer(), file: name ? name[1] : "" };
}
