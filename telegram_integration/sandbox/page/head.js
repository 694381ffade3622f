// Above the timeline: whose bot it is, and what can be done about the chat.

import { chatOf } from "./chats.js";
import { el, icon, iconButton } from "./dom.js";
import { toggleMenu } from "./menus.js";
import { robot } from "./timeline.js";
import { say } from "./words.js";

/**
 * The head of a chat, with `render(person, weather)`: "" when all is well, else the name of the text that says
 * what is not. `back()`, `edit()` and `act(what)` are told.
 */
export function chatHead({ back, edit, act }) {
  const top = el("div", {});
  // Stays where it is, so that what appears in it is heard.
  const weather = el("div", { role: "status" });
  const element = el("div", {}, top, weather);
  const state = { look: "" };
  const render = (person, weatherNow) => {
    const info = person === null ? null : chatOf(person).info;
    const look = JSON.stringify([info && [info.bot.first_name, info.user, info.action, info.is_blocked], weatherNow, say("back")]);
    if (look === state.look) return;
    state.look = look;
    weather.replaceChildren(...(weatherNow ? [el("p", { class: "away" }, say(weatherNow))] : []));
    top.replaceChildren(
      info ? bar(info, { back, edit, act }) : el("div", { class: "chat-head" }, iconButton("back", say("back"), back, { class: "icon-button chat-back" })),
      el("p", { class: "make-believe" }, say("makeBelieve")),
    );
  };
  return { element, render };
}

function bar(info, { back, edit, act }) {
  const isTyping = Boolean(info.action);
  const holder = el("div", { class: "chat-head" });
  const more = iconButton("more", say("more"), () => toggleMenu(more, holder, [
    { content: [icon("pen"), el("span", {}, say("edit"))], perform: edit },
    { content: [icon("stop"), el("span", {}, info.is_blocked ? say("unblock") : say("block"))], perform: () => act(info.is_blocked ? "unblock" : "block") },
  ], "below at-end"));
  more.setAttribute("aria-haspopup", "menu");
  const name = [info.user.first_name, info.user.last_name].filter(Boolean).join(" ");
  holder.append(
    iconButton("back", say("back"), back, { class: "icon-button chat-back" }), robot(),
    el("div", { class: "chat-title" }, el("h1", {}, info.bot.first_name),
      el("p", { data: { typing: isTyping ? "yes" : "" } }, isTyping ? say("typing") : `${say("bot")} · ${name}`)),
    more,
  );
  return holder;
}
