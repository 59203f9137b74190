// What the phone keeps: one IndexedDB, everything that is somebody's sealed by AES-GCM.
//
// Plain are only what the phone must know without its key: which phone it is, how many things wait,
// in which order, in which state. The key itself can be used by this origin and not be read out.

const NAME = "xiaoer-field";
const STORES = ["meta", "keys", "sealed", "queue", "photos"];
let opening = null;

function connect() {
  opening = opening || new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      for (const store of STORES) asked.result.createObjectStore(store);
      asked.transaction.objectStore("photos").createIndex("log", "log");
    };
    asked.onerror = () => { opening = null; failed(asked.error); };
    asked.onsuccess = () => {
      // A newer version of the app wants another shape: let go, or it would wait for ever.
      asked.result.onversionchange = () => { asked.result.close(); opening = null; };
      asked.result.onclose = () => { opening = null; };
      done(asked.result);
    };
  });
  return opening;
}

const answer = (asked) => new Promise((done, failed) => {
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => failed(asked.error);
});

// One transaction over several stores; `act` gets them by name and must not wait for anything else.
// `durable`: on the disk before it is done. What an officer logged is; how far sending got need not
// be, for what is sent again is there once.
export async function write(stores, act, { durable = false } = {}) {
  const work = (await connect()).transaction(stores, "readwrite", { durability: durable ? "strict" : "relaxed" });
  const finished = new Promise((done, failed) => {
    work.oncomplete = done;
    work.onerror = work.onabort = () => failed(work.error);
  });
  const result = act(Object.fromEntries(stores.map((name) => [name, work.objectStore(name)])));
  await finished;
  return result;
}

async function reading(store) {
  return (await connect()).transaction(store).objectStore(store);
}

export const get = async (store, id) => answer((await reading(store)).get(id));
export const all = async (store) => answer((await reading(store)).getAll());
export const count = async (store) => answer((await reading(store)).count());
export const put = (store, id, value, how) => write([store], (into) => { into[store].put(value, id); }, how);
export const remove = (store, id) => write([store], (into) => { into[store].delete(id); });
// How many, without reading them: a photo is large.
export const photoCount = async (log) => answer((await reading("photos")).index("log").count(log));
export const photosOf = async (log) => answer((await reading("photos")).index("log").getAll(log));

// Everything goes, the key included, and what is left to say is there, in one step: a page closed
// in the middle has either not begun or is done.
export async function wipe(left = {}) {
  memory.clear();
  await write(STORES, (stores) => {
    for (const name of STORES) stores[name].clear();
    for (const [id, value] of Object.entries(left)) stores.meta.put(value, id);
  }, { durable: true });
}

// Sealing ------------------------------------------------------------------------------------
const letters = new TextEncoder();

// The server's secret becomes a key that nobody reads again, and is forgotten.
export async function makeKey(secret, phone) {
  const raw = await crypto.subtle.importKey("raw", letters.encode(secret), "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: letters.encode(`xiaoer phone ${phone}`), info: letters.encode("field work") };
  const key = await crypto.subtle.deriveKey(how, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await put("keys", "field", key);
}

export const key = () => get("keys", "field");
export async function dropKey() {
  memory.clear();
  await remove("keys", "field");
}

export class Locked extends Error {}

async function theKey() {
  const found = await key();
  if (!found) throw new Locked("no key on this phone");
  return found;
}

// What is sealed is bound to its name: one record cannot be put in the place of another.
export async function sealBytes(name, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: letters.encode(name) }, await theKey(), bytes);
  return { iv, data };
}

export async function openBytes(name, { iv, data }) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: letters.encode(name) }, await theKey(), data);
}

export const seal = (name, value) => sealBytes(name, letters.encode(JSON.stringify(value)));
export const unseal = async (name, sealed) => JSON.parse(new TextDecoder().decode(await openBytes(name, sealed)));

// What was unsealed and may be wanted again soon; it goes with the key.
const memory = new Map();
export async function unsealOnce(mark, name, sealed) {
  if (!memory.has(mark)) memory.set(mark, await unseal(name, sealed));
  return memory.get(mark);
}

export async function keepSealed(name, value) {
  const sealed = await seal(name, value);
  await put("sealed", name, sealed);
}

export async function readSealed(name) {
  const sealed = await get("sealed", name);
  return sealed ? unseal(name, sealed) : null;
}
