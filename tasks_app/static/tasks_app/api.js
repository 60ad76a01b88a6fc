// Requests to the server in the person's name.
import { Pause } from "./socket.js";

const MOST_TRIES = 4;

export class RequestFailed extends Error {}

const csrfToken = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

// The answer's JSON; with a key, a request that did not get through is sent again and still counts once.
export async function post(url, body, { key } = {}) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), Accept: "application/json" };
  if (key) headers["Idempotency-Key"] = key;
  const pause = new Pause();
  for (let tries = 1; ; tries += 1) {
    try {
      const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
      if (response.status < 502 || tries === MOST_TRIES || !key) return await read(response);
    } catch (error) {
      if (error instanceof RequestFailed || !key || tries === MOST_TRIES) throw error;
    }
    await pause.over();
  }
}

export async function remove(url) {
  const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json" };
  return read(await fetch(url, { method: "DELETE", headers }));
}

// A form to a page of this site.
export function postForm(url, fields) {
  const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: csrfToken() });
  return fetch(url, { method: "POST", body });
}

// The outcome of a command is read even when it failed, since it says why.
async function read(response) {
  const body = await response.json().catch(() => ({}));
  if (response.ok || body.state) return body;
  throw new RequestFailed(body.error?.message ?? "");
}
