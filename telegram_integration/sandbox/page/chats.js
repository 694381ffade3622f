// What the page knows of each person's chat. The truth is the server's: this is kept up to date by asking for news.

import { Away, Refused, WAIT, news } from "./api.js";

const chats = new Map();
const listeners = new Set();
const ACTION = 6_000; // milliseconds: an action is shown for 5 s (core.telegram.org/bots/api#sendchataction)
const REST = 1_500; // milliseconds before the server is asked again that was away
let isAway = false;

/**
 * A person's chat: `info` (bot, action, reply_keyboard, commands, …; null before the first answer), `messages`
 * by id, `unread`, and how far it is known (`revision`).
 */
export function chatOf(person) {
  if (!chats.has(person)) chats.set(person, { revision: 0, info: null, messages: new Map(), unread: 0 });
  return chats.get(person);
}

/** Hear of news: called with `{person, changed, answers, isFirst}`, or `{isAway}`. */
export function listen(listener) {
  listeners.add(listener);
}

/** Forget everything, for another bot. */
export function forgetChats() {
  chats.clear();
}

/** Whether the server did not answer lately. */
export function serverIsAway() {
  return isAway;
}

/** Ask for news of a chat over and over, until the signal says that another one is looked at. */
export async function follow(person, signal) {
  while (!signal.aborted) {
    try {
      const chat = chatOf(person);
      take(person, await news(person, chat.revision, chat.info ? WAIT : 0, signal), { isOpen: true });
      tellAway(false);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Away) tellAway(true);
      if (error instanceof Refused) tell({ person, refused: error.message });
      await rest(REST);
    }
  }
}

/** Ask once for news of a chat that is not looked at. */
export async function glance(person) {
  take(person, await news(person, chatOf(person).revision), { isOpen: false });
}

/** The newest message of a chat that can be shown in a line, or undefined. */
export function newest(person) {
  return [...chatOf(person).messages.values()].at(-1);
}

function take(person, told, { isOpen }) {
  const chat = chatOf(person);
  const isFirst = chat.info === null;
  if (told.revision < chat.revision) {
    // The server was started anew: what it says now is all that there is.
    chats.set(person, { revision: 0, info: null, messages: new Map(), unread: 0 });
    tell({ person, changed: [], answers: [], isFirst: true });
    return;
  }
  chat.revision = told.revision;
  chat.info = told;
  const changed = told.messages.filter((message) => put(chat, message));
  if (!isFirst && !isOpen) chat.unread += changed.filter((message) => message.from_bot && !message.edit_date).length;
  if (told.action) setTimeout(() => endAction(person, told), ACTION);
  tell({ person, changed, answers: isFirst ? [] : told.answers, isFirst });
}

function endAction(person, told) {
  if (chatOf(person).info === told) {
    told.action = "";
    tell({ person });
  }
}

function put(chat, message) {
  const known = chat.messages.get(message.message_id);
  if (known && known.revision >= message.revision) return false;
  if (message.is_deleted) return chat.messages.delete(message.message_id);
  chat.messages.set(message.message_id, message);
  if (!known) chat.messages = new Map([...chat.messages].sort(([one], [other]) => one - other));
  return true;
}

/** Somebody asked the server something: whether it is away. */
export function tellAway(now) {
  if (now !== isAway) {
    isAway = now;
    tell({ isAway });
  }
}

function tell(what) {
  for (const listener of listeners) listener(what);
}

/** Wait for some milliseconds. */
export function rest(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
