// The hospital's wall clock. Times are texts without a zone ("2026-11-23T09:30:00"), so that the browser's own zone
// plays no part; for arithmetic and for Intl they are read as if they were UTC.
"use strict";

import { config } from "./config.js";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
// Thai faces show Buddhist years: Intl does so by itself for th-TH.
export const LOCALE = { th: "th-TH", en: "en-GB" }[config.language] ?? config.language;
const FIRST_BUDDHIST_YEAR = 2400;
const BUDDHIST_OFFSET = 543;

const read = (wall) => Date.parse(wall.length === 10 ? `${wall}T00:00:00Z` : `${wall.slice(0, 19)}Z`);
const write = (instant) => new Date(instant).toISOString().slice(0, 19);

// How far the hospital's clock is ahead of UTC, as the browser's clock has it.
const ahead = read(config.now) - Date.now();
const zoneMinutes = Math.round(ahead / MINUTE / 15) * 15;

/** "+07:00": the hospital's zone for the calendar's line of the present. */
export const ZONE = `${zoneMinutes < 0 ? "-" : "+"}${[Math.abs(zoneMinutes) / 60, Math.abs(zoneMinutes) % 60]
    .map((part) => String(Math.floor(part)).padStart(2, "0"))
    .join(":")}`;

export const now = () => write(Date.now() + ahead);
/** A Date whose local parts are the hospital's, as the calendar hands them out, as our text. */
export const wallOf = (date) => write(date.getTime() - date.getTimezoneOffset() * MINUTE);
export const today = () => dayOf(now());
export const dayOf = (wall) => wall.slice(0, 10);
export const timeOf = (wall) => wall.slice(11, 16);
export const addDays = (day, count) => write(read(day) + count * DAY).slice(0, 10);
export const addMinutes = (wall, count) => write(read(wall) + count * MINUTE);
export const minutesBetween = (from, to) => (read(to) - read(from)) / MINUTE;
export const daysBetween = (from, to) => (read(to) - read(from)) / DAY;
export const at = (day, time) => `${day}T${time}:00`;
export const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text ?? "") && !Number.isNaN(read(text));

/** The start of the quarter of an hour that comes next. */
export function nextQuarter(wall) {
    const quarter = 15 * MINUTE;
    return write(Math.ceil(read(wall) / quarter) * quarter);
}

/** The first day of the month; `count` months later. */
export function monthOf(day, count = 0) {
    const first = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
    first.setUTCMonth(first.getUTCMonth() + count);
    return write(first.getTime()).slice(0, 10);
}

/** The Monday of a day's week. */
export function mondayOf(day) {
    return addDays(day, -((new Date(read(day)).getUTCDay() + 6) % 7));
}

function formatter(options) {
    const format = new Intl.DateTimeFormat(LOCALE, { timeZone: "UTC", ...options });
    return (wall) => format.format(read(wall));
}

export const sayDay = formatter({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
export const sayShortDay = formatter({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
export const sayDate = formatter({ day: "numeric", month: "short", year: "numeric" });
export const sayMonth = formatter({ month: "long", year: "numeric" });
export const sayWeekday = formatter({ weekday: "short" });
export const sayTypedDay = formatter({ day: "2-digit", month: "2-digit", year: "numeric" });
export const saySpan = (start, end) => `${timeOf(start)}–${timeOf(end)}`;
export const sayMoment = (wall) => `${sayShortDay(wall)} ${timeOf(wall)}`;

/** The time of day that somebody typed, "9:30", "9.30", "930"; null where there is none. */
export function readTime(text) {
    const found = /^([01]?\d|2[0-3])[:.]?([0-5]\d)$/.exec(plainDigits(text)) ?? /^([01]?\d|2[0-3])()$/.exec(plainDigits(text));
    return found ? `${found[1].padStart(2, "0")}:${found[2] || "00"}` : null;
}

const plainDigits = (text) => text.trim().replace(/[๐-๙]/g, (digit) => String("๐๑๒๓๔๕๖๗๘๙".indexOf(digit)));

/** The day that somebody typed, "23/11/2569", "23/11", "2026-11-23", in either era; null where there is none. */
export function readDay(text) {
    const plain = plainDigits(text);
    const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(plain);
    const usual = /^(\d{1,2})[/. -](\d{1,2})(?:[/. -](\d{4}))?$/.exec(plain);
    const [year, month, day] = iso ? iso.slice(1) : usual ? [usual[3] ?? today().slice(0, 4), usual[2], usual[1]] : [];
    if (!year) {
        return null;
    }
    const common = Number(year) >= FIRST_BUDDHIST_YEAR ? Number(year) - BUDDHIST_OFFSET : Number(year);
    const found = [String(common).padStart(4, "0"), month.padStart(2, "0"), day.padStart(2, "0")].join("-");
    // The thirtieth of February would roll over into March.
    return isDay(found) && write(read(found)).startsWith(found) ? found : null;
}
