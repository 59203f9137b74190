// Sending what waits: in order, each once, from one place at a time.
//
// A visit goes under its own key until there is an answer, then its photos one by one. What needs
// the officer (a clash, a refusal) steps aside and the next goes on; without network all wait.

import * as phone from "./phone.js";
import * as store from "./store.js";

const AT_ONCE = 2;
const LOCK = "xiaoer-field-send";
export const SENDABLE = ["waiting", "photos"];
export const UNSENT = ["waiting", "photos", "clash", "refused"];

const sealedPart = (entry) => ({ iv: entry.iv, data: entry.data });
export const nameOf = (id) => `visit:${id}`;
const resultOf = (id) => `result:${id}`;

export async function entries() {
  return (await store.all("queue")).sort((one, other) => one.order - other.order);
}

export const unsent = async () => (await entries()).filter((entry) => UNSENT.includes(entry.state)).length;

// Opened once for each time it was queued: a list of many is drawn often.
export const visitOf = (entry) => store.unsealOnce(`${entry.id}.${entry.call}`, nameOf(entry.id), sealedPart(entry));
export const resultFor = (entry) => (entry.result ? store.unseal(resultOf(entry.id), entry.result) : null);

// Queue a visit; queued again (after a refusal or a choice) it is a new call for the same visit.
export async function queue(id, visit) {
  const sealed = await store.seal(nameOf(id), visit);
  await store.write(["meta", "queue"], ({ meta, queue: rows }) => {
    const known = rows.get(id);
    known.onsuccess = () => {
      const before = known.result;
      if (before) {
        rows.put({ ...before, ...sealed, state: "waiting", call: before.call + 1, result: null }, id);
        return;
      }
      const last = meta.get("order");
      last.onsuccess = () => {
        const order = (last.result || 0) + 1;
        meta.put(order, "order");
        rows.put({ id, order, call: 1, state: "waiting", queued: Date.now(), ...sealed }, id);
      };
    };
  }, { durable: true });
  phone.channel.postMessage("queue");
}

export async function drop(id) {
  const photos = await store.photosOf(id);
  await store.write(["queue", "photos"], ({ queue: rows, photos: pictures }) => {
    rows.delete(id);
    for (const photo of photos) pictures.delete(photo.id);
  });
  phone.channel.postMessage("queue");
}

async function become(entry, state, result, more = {}) {
  const sealed = result ? await store.seal(resultOf(entry.id), result) : entry.result;
  Object.assign(entry, { state, result: sealed, ...more });
  await store.put("queue", entry.id, entry);
  phone.channel.postMessage("queue");
}

// Why sending stopped: null when all is done that can be done now.
const LATER = "later";
const SIGN_IN = "sign-in";
const EMPTIED = "emptied";

function obstacle(status) {
  if (status === 410) return EMPTIED;
  if (status === 401 || status === 403) return SIGN_IN;
  return status >= 500 || status === 429 ? LATER : null;
}

async function sendVisit(entry) {
  const visit = await visitOf(entry);
  // The phone's clock goes in a header: the call stays the same word for word, however often it is sent.
  const headers = { "X-Field-Clock": new Date().toISOString() };
  const [path, body] = visit.kind === "check" ? [`/acceptance-checks/${visit.check_id}/sign`, visit.body.sign] : ["/field/visits", visit.body];
  const { status, data } = await phone.call("POST", path, { body: { ...body, client_key: entry.id }, once: `${entry.id}.${entry.call}`, headers });
  const why = obstacle(status);
  if (why) return why;
  if (status === 409) await become(entry, "clash", data);
  else if (status === 200) await become(entry, "photos", data, { visit_id: data.visit_id, sent: Date.now() });
  else await become(entry, "refused", { message: data ? data.message : String(status) });
  return null;
}

// A photograph of a visit hangs on the visit, one of a point of an acceptance on that point.
function placeOf(entry, photo, result) {
  if (!photo.point) return `/attachments/visit/${entry.visit_id}`;
  const point = result.defects.find((one) => one.key === photo.point);
  return `/attachments/defect/${point.id}`;
}

async function sendPhoto(entry, photo, result, refused) {
  const bytes = await store.openBytes(`photo:${photo.id}`, photo);
  const form = new FormData();
  form.append("paper", new File([bytes], photo.name, { type: photo.type }));
  if (photo.shown) form.append("is_shown", "true");
  const { status, data } = await phone.call("POST", placeOf(entry, photo, result), { body: form, once: photo.id, patience: 120_000 });
  const why = obstacle(status);
  if (why) return why;
  if (status !== 200) refused.push({ name: photo.name, message: data ? data.message : String(status) });
  await store.remove("photos", photo.id);
  phone.channel.postMessage("queue");
  return null;
}

async function sendPhotos(entry) {
  const photos = (await store.photosOf(entry.id)).sort((one, other) => one.place - other.place);
  const result = await resultFor(entry);
  const refused = result.photos || [];
  for (let place = 0; place < photos.length; place += AT_ONCE) {
    const sent = await Promise.allSettled(photos.slice(place, place + AT_ONCE).map((photo) => sendPhoto(entry, photo, result, refused)));
    // What was refused is noted before anything else may go wrong.
    if (refused.length) await become(entry, "photos", { ...result, photos: refused });
    const broken = sent.find((one) => one.status === "rejected");
    if (broken) throw broken.reason;
    const why = sent.map((one) => one.value).find(Boolean);
    if (why) return why;
  }
  await become(entry, "sent", { ...result, photos: refused });
  return null;
}

async function sendAll() {
  for (const entry of await entries()) {
    if (entry.state === "waiting") {
      const why = await sendVisit(entry);
      if (why) return why;
    }
    if (entry.state === "photos") {
      const why = await sendPhotos(entry);
      if (why) return why;
    }
  }
  return null;
}

// "busy" when another tab sends. No network is "later", like a server that is not up again yet.
export async function send() {
  return navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (!lock) return "busy";
    const waits = (await entries()).some((entry) => SENDABLE.includes(entry.state));
    if (!waits) return null;
    if (!(await store.key())) return SIGN_IN;
    try {
      return await sendAll();
    } catch (error) {
      if (error instanceof phone.Offline) return LATER;
      throw error;
    } finally {
      phone.channel.postMessage("queue");
    }
  });
}
