// Times and days in words: in Thai with the Buddhist year, as people there write it.

import { pageLanguage, say } from "./words.js";

function locale() {
  return pageLanguage() === "th" ? "th-TH-u-ca-buddhist-nu-latn" : "en-GB";
}

/** The hour and minute of an instant in epoch seconds. */
export function hour(seconds) {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" }).format(seconds * 1000);
}

/** A day for the line between two days. */
export function day(seconds) {
  const distance = Math.round((midnight(Date.now()) - midnight(seconds * 1000)) / 86_400_000);
  if (distance === 0) return say("today");
  if (distance === 1) return say("yesterday");
  return new Intl.DateTimeFormat(locale(), { day: "numeric", month: "long", year: "numeric" }).format(seconds * 1000);
}

/** Whether two instants (epoch seconds) are of different days here. */
export function areDaysApart(one, other) {
  return midnight(one * 1000) !== midnight(other * 1000);
}

function midnight(milliseconds) {
  return new Date(milliseconds).setHours(0, 0, 0, 0);
}
