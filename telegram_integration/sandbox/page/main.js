// The page: people on the left, the chat of one of them on the right. `?chat=<id>` opens that chat, `&embed=1`
// shows nothing else, `?start=<payload>` is a deep link to the bot; `lang` and `theme` choose as the switches do.

import { Away, act, bots, chooseBot, people } from "./api.js";
import { chatOf, follow, forgetChats, glance, listen, rest, serverIsAway, tellAway } from "./chats.js";
import { composer } from "./composer.js";
import { toast } from "./dialogs.js";
import { el } from "./dom.js";
import { chatHead } from "./head.js";
import { onKeysChange, takeAnswer } from "./keys.js";
import { onOutboxChange } from "./outbox.js";
import { peopleList } from "./people.js";
import { askPerson } from "./person_dialog.js";
import { applyTheme, setTheme, theme } from "./theme.js";
import { robot, timeline, toHear } from "./timeline.js";
import { pageLanguage, say, setPageLanguage } from "./words.js";

const AROUND = 4_000; // milliseconds between two looks at the chats that are not open
const MOST_AROUND = 30;

const asked = new URLSearchParams(location.search);
const app = document.getElementById("app");
const state = { people: [], bots: [], bot: null, opened: null, payload: asked.get("start") || "", following: null, silence: 0 };

const list = peopleList({ open: openChat, add: addPerson, speak, colour, choose });
const head = chatHead({ back: showPeople, edit: editPerson, act: perform });
const lines = timeline();
const foot = composer({ act: perform, payload: () => state.payload, newest: lines.newest });
const nothing = el("div", { class: "timeline" });
const toasts = el("div", { class: "toast-place" }, el("div", { class: "toasts", id: "toasts", role: "status" }));
const chat = el("main", { class: "chat" }, head.element, toasts, lines.elements, nothing, foot.element);
app.append(list.element, chat);
app.dataset.view = "people";
if (asked.get("embed")) app.dataset.alone = "yes";

function render() {
  document.documentElement.lang = pageLanguage();
  document.title = say("title");
  const isOpen = state.opened !== null;
  list.render({ people: state.people, opened: state.opened, bots: state.bots, bot: state.bot, theme: theme() });
  head.render(state.opened, weather());
  lines.elements[0].hidden = !isOpen;
  nothing.hidden = isOpen;
  if (isOpen) lines.render(state.opened);
  else nothing.replaceChildren(nobody());
  foot.render(state.opened);
}

function weather() {
  if (serverIsAway()) return "away";
  return state.silence > 1 ? "idle" : "";
}

function nobody() {
  const [title, text] = state.bots.length ? ["pickTitle", "pickText"] : ["emptyTitle", "noBot"];
  const add = el("button", { type: "button", class: "filled", on: { click: addPerson } }, say("newPerson"));
  return el("div", { class: "messages" }, el("div", { class: "empty" }, robot(), el("h2", {}, say(title)), el("p", {}, say(text)), add));
}

function openChat(id) {
  state.opened = id;
  chatOf(id).unread = 0;
  app.dataset.view = "chat";
  remember();
  render();
  followOpened();
  focusField();
}

function followOpened() {
  state.following?.abort();
  state.following = new AbortController();
  void follow(state.opened, state.following.signal);
}

// On a telephone the keyboard would come up and hide half of the chat.
function focusField() {
  if (matchMedia("(pointer: fine)").matches) foot.focus();
}

// Who was looked at is not there: the server was started anew, and remembers nobody.
function leave() {
  state.following?.abort();
  state.opened = null;
  app.dataset.view = "people";
}

function showPeople() {
  app.dataset.view = "people";
  document.querySelector('.person[aria-current="true"]')?.focus();
}

// So that a reload opens the same chat.
function remember() {
  const address = new URL(location.href);
  address.searchParams.set("chat", state.opened);
  if (!state.payload) address.searchParams.delete("start");
  history.replaceState(null, "", address);
}

async function addPerson() {
  const made = await askPerson();
  if (!made) return;
  await refreshPeople();
  openChat(made.id);
}

async function editPerson() {
  if (await askPerson(state.people.find((person) => person.id === state.opened))) await refreshPeople();
}

async function perform(what, fields = {}) {
  try {
    await act(state.opened, what, fields);
    if (what === "start") {
      state.payload = "";
      remember();
      render();
      focusField();
    }
  } catch (error) {
    if (error instanceof Away) tellAway(true);
    else toast(say("notDone", { reason: error.message }));
  }
}

function speak(language) {
  setPageLanguage(language);
  render();
}

function colour(chosen) {
  setTheme(chosen);
  render();
}

function choose(bot) {
  state.bot = bot;
  chooseBot(bot);
  forgetChats();
  if (state.opened !== null) openChat(state.opened);
}

async function refreshPeople() {
  state.people = await people();
  if (!state.people.some(({ id }) => id === state.opened)) leave();
  render();
}

async function refreshBots() {
  state.bots = await bots();
  if (state.bots.length && !state.bots.some((bot) => String(bot.id) === String(state.bot))) {
    state.bot = state.bots[0].id;
    chooseBot(state.bot);
  }
  // Between two of its questions for news a bot seems to be away for a moment.
  const ours = state.bots.find((bot) => String(bot.id) === String(state.bot));
  state.silence = ours && !ours.is_polling && !ours.webhook_url ? state.silence + 1 : 0;
}

// Everything but the open chat, which is followed: who there is, and what their chats have that is new.
async function lookAround() {
  for (;;) {
    try {
      await refreshBots();
      await refreshPeople();
      for (const { id } of state.bots.length ? state.people.slice(-MOST_AROUND) : []) if (id !== state.opened) await glance(id);
      tellAway(false);
    } catch (error) {
      if (error instanceof Away) tellAway(true);
      else console.warn(error.message);
    }
    await rest(AROUND);
  }
}

listen(({ person, changed = [], answers = [], isFirst }) => {
  if (person !== undefined && person === state.opened) {
    chatOf(person).unread = 0;
    const { info } = chatOf(person);
    if (!isFirst && info && changed.length) lines.announce(toHear(info.bot.first_name, changed));
    render();
    answers.forEach(takeAnswer);
  } else render();
});
onOutboxChange((person) => {
  if (person === state.opened) {
    render();
    lines.toEnd();
  }
});
onKeysChange(render);
// The browser keeps a page that was left, with the question that it asks, and allows six of them to one server.
addEventListener("pagehide", () => state.following?.abort());
addEventListener("pageshow", ({ persisted }) => {
  if (persisted && state.opened !== null) followOpened();
});
applyTheme();
render();

async function begin() {
  try {
    await refreshBots();
    await refreshPeople();
    tellAway(false);
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    tellAway(true);
    await rest(AROUND);
    return begin();
  }
  const wanted = state.people.find(({ id }) => String(id) === asked.get("chat"));
  if (wanted) openChat(wanted.id);
  else if (!state.people.length) await addPerson();
  void lookAround();
}

void begin();
