// What a person typed that the server has not taken yet. It is sent in order, and again when the server is back.

import { Away, act } from "./api.js";
import { chatOf, rest } from "./chats.js";

const REST = 2_000; // milliseconds
const boxes = new Map();
const sending = new Set();
let changed = () => {};
let counter = 0;

/** Call `listener(person)` whenever the state of something that is being sent changes. */
export function onOutboxChange(listener) {
  changed = listener;
}

/** What is on its way: `{key, what, fields, text, state, at}`; `state` is sending, waiting or failed. */
export function pending(person) {
  const known = chatOf(person).messages;
  const box = (boxes.get(person) || []).filter((item) => !known.has(item.messageId));
  boxes.set(person, box);
  return box;
}

/** Send something that shows in the chat at once. */
export function post(person, what, fields, text) {
  counter += 1;
  const item = { key: `out${counter}`, what, fields, text, state: "sending", at: Math.floor(Date.now() / 1000) };
  boxes.set(person, [...(boxes.get(person) || []), item]);
  changed(person);
  void work(person);
}

/** Try something again that the server refused. */
export function postAgain(person, key) {
  for (const item of boxes.get(person) || []) if (item.key === key) item.state = "sending";
  changed(person);
  void work(person);
}

async function work(person) {
  if (sending.has(person)) return;
  sending.add(person);
  try {
    for (let item = next(person); item; item = next(person)) await send(person, item);
  } finally {
    sending.delete(person);
  }
}

function next(person) {
  return (boxes.get(person) || []).find((item) => item.state !== "failed" && !item.isSent);
}

async function send(person, item) {
  try {
    const told = await act(person, item.what, item.fields);
    item.isSent = true;
    // It stays to be seen until the chat's news bring the message itself.
    item.messageId = told.message ? told.message.message_id : undefined;
    if (!item.messageId) drop(person, item);
  } catch (error) {
    item.state = error instanceof Away ? "waiting" : "failed";
    item.reason = error.message;
    if (item.state === "waiting") await rest(REST);
  }
  changed(person);
}

function drop(person, item) {
  boxes.set(person, boxes.get(person).filter((other) => other !== item));
}
