// This phone and the zone: kept, opened after a sign-in, expired, wiped; and how both talk.

import * as store from "./store.js";

const API = "/api/v1";
const PATIENCE = 30_000;
// So often at most the phone's days are made anew; in between its key lasts.
const ANEW = 12 * 3600_000;
export const channel = new BroadcastChannel("xiaoer-field");

export class Offline extends Error {}

async function csrf() {
  if (self.document) return (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "";
  const found = self.cookieStore && (await cookieStore.get("csrftoken"));
  return found ? found.value : "";
}

// Whether the zone answered the last call; null before the first.
export const zone = { answers: null };

// One call: {status, data}. No answer is Offline, whatever the reason; nothing is known then.
export async function call(method, path, { body, once, headers = {}, patience = PATIENCE } = {}) {
  const phone = await meta();
  const sent = { ...headers };
  if (phone) sent["X-Field-Device"] = phone.token;
  if (method !== "GET") sent["X-CSRFToken"] = await csrf();
  if (once) sent["Idempotency-Key"] = once;
  let given = body;
  if (body && !(body instanceof FormData)) {
    sent["Content-Type"] = "application/json";
    given = JSON.stringify(body);
  }
  let answer;
  let data = null;
  try {
    answer = await fetch(API + path, { method, body: given, headers: sent, cache: "no-store", signal: AbortSignal.timeout(patience) });
    const text = await answer.text();
    if ((answer.headers.get("Content-Type") || "").includes("json") && text) data = JSON.parse(text);
  } catch (error) {
    zone.answers = false;
    throw new Offline(String(error));
  }
  zone.answers = true;
  if (answer.status === 410) await empty();
  return { status: answer.status, data, headers: answer.headers };
}

// What the phone knows of itself without its key ------------------------------------------------
export const meta = () => store.get("meta", "phone");

async function note(changes) {
  const phone = await meta();
  if (phone) await store.put("meta", "phone", { ...phone, ...changes });
}

// By our clock, as far as the phone knows it; putting its clock back does not make a day longer.
export function now(phone) {
  return Math.max(Date.now() + (phone.offset || 0), phone.seen || 0);
}

const offsetOf = (text) => Date.parse(text) - Date.now();

export async function keep(name) {
  const { status, data } = await call("POST", "/field/devices", { body: { name }, once: crypto.randomUUID() });
  if (status !== 200) return { status, message: data && data.message };
  await store.put("meta", "phone", { token: data.token, id: data.id });
  await released(data);
  return { status };
}

async function released(data) {
  await store.makeKey(data.secret, data.id);
  const { name, post_id: post, account_id: account, officer, days } = data;
  const until = Date.parse(data.allowed_until);
  const offset = offsetOf(data.now);
  await note({ name, post, account, officer, days, until, offset, seen: Date.parse(data.now), opened: Date.now(), left: false });
  await store.remove("meta", "emptied");
  if (self.localStorage) localStorage.setItem("field", "kept");
}

// After a sign-in, or when half a day has gone: the key and the days anew.
export async function open() {
  const phone = await meta();
  if (await store.key() && Date.now() - (phone.opened || 0) < ANEW && Date.now() >= phone.opened) return { status: 200 };
  const { status, data } = await call("POST", "/field/devices/open", { once: crypto.randomUUID() });
  if (status === 200) await released(data);
  return { status, message: data && data.message };
}

// Without a session too: is this phone to be emptied? Also sets the clock right.
export async function contact() {
  const phone = await meta();
  if (!phone) return;
  const { status, data } = await call("GET", `/public/field/${phone.token}`);
  if (status === 200 && data.must_go) await empty();
  else if (status === 200) await note({ offset: offsetOf(data.now), seen: Date.parse(data.now) });
}

// Days are over, or the officer signed out: what was read goes, the key goes; what was not sent
// stays sealed, and opens when the same person signs in again.
export async function expire() {
  const phone = await meta();
  if (!phone) return false;
  if (now(phone) <= phone.until) {
    await note({ seen: now(phone) });
    return false;
  }
  await store.dropKey();
  await store.remove("sealed", "package");
  await store.remove("sealed", "acceptance");
  return true;
}

// A wiped phone: everything goes, sent or not; then it says so, again at each start until it is heard.
export async function empty() {
  const phone = await meta();
  if (!phone) return;
  await store.wipe({ emptied: Date.now(), untold: phone.token });
  if (self.localStorage) localStorage.removeItem("field");
  channel.postMessage("emptied");
  await tell();
}

export async function tell() {
  const token = await store.get("meta", "untold");
  if (!token) return;
  try {
    const { ok } = await fetch(`${API}/public/field/${token}/wiped`, { method: "POST", keepalive: true });
    if (ok) await store.remove("meta", "untold");
  } catch {
    // No network: it is empty already, and says so at its next start.
  }
}

// Signing out: everything that is somebody's goes; the phone itself stays known for the next time.
export async function leave() {
  const phone = await meta();
  await store.wipe(phone ? { phone: { token: phone.token, id: phone.id, name: phone.name, officer: phone.officer, left: true } } : {});
  if (self.localStorage) localStorage.removeItem("field");
  channel.postMessage("left");
}

export const emptiedAt = () => store.get("meta", "emptied");
