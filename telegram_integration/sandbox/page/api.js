// The simulation API (telegram_integration/sandbox/simulation.py).

const PATIENCE = 15_000; // milliseconds
/** How long the server may keep a question for news open, in seconds. */
export const WAIT = 25;

/** The server said no, and why. */
export class Refused extends Error {}

/** The server is away, or said nothing that could be read. */
export class Away extends Error {}

let bot = "";

/** Which bot everything is about from now on. */
export function chooseBot(id) {
  bot = String(id);
}

/** The bots that the server knows. */
export async function bots() {
  return (await call("GET", "bots")).bots;
}

/** The people that there are. */
export async function people() {
  return (await call("GET", "users")).users;
}

/** Make a person, or change the one of `fields.id`. */
export function keepPerson(fields) {
  return call("POST", "users", fields);
}

/** What a person does: `text`, `tap`, `contact`, `media`, `block`, `unblock`, `start`. */
export function act(person, what, fields = {}) {
  return call("POST", `users/${person}/${what}`, fields);
}

/** What changed in a person's chat since a revision; with `wait` seconds, not before something does. */
export function news(person, after, wait = 0, signal = undefined) {
  return call("GET", `users/${person}/chat?after=${after}&wait=${wait}`, undefined, PATIENCE + wait * 1000, signal);
}

/** The address of a file that came with a message. */
export function fileAddress(file) {
  return `simulate/files/${encodeURIComponent(file.file_id)}`;
}

async function call(method, path, body = undefined, patience = PATIENCE, signal = undefined) {
  const signals = [AbortSignal.timeout(patience), ...(signal ? [signal] : [])];
  const options = { method, cache: "no-store", signal: AbortSignal.any(signals) };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  let response;
  let answer;
  try {
    response = await fetch(`simulate/${path}${bot ? `${path.includes("?") ? "&" : "?"}bot=${bot}` : ""}`, options);
    answer = await response.json();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Away(error.message);
  }
  if (response.ok) return answer;
  throw response.status < 500 ? new Refused(answer.error) : new Away(answer.error);
}
