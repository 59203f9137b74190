// The service worker: the app's page from the phone, a calm page where there is no network, and what
// waits sent when the browser says that the network is back.

import { contact, channel } from "./phone.js";
import { send } from "./sync.js";

const CACHE = "xiaoer-field-";
const PAUSE = 60_000;
let asked = 0;

export function start(shell) {
  const name = CACHE + shell.version;

  // All of the app or none of it: a version is never half there.
  self.addEventListener("install", (event) => {
    event.waitUntil(caches.open(name).then((kept) => kept.addAll(shell.kept.map((path) => new Request(path, { cache: "reload" })))));
  });

  self.addEventListener("activate", (event) => {
    event.waitUntil((async () => {
      const old = (await caches.keys()).filter((one) => one.startsWith(CACHE) && one !== name);
      await Promise.all(old.map((one) => caches.delete(one)));
      await self.clients.claim();
    })());
  });

  const kept = async (path) => (await caches.open(name)).match(path, { ignoreVary: true });

  async function page(event, url) {
    if (url.pathname === shell.page) return (await kept(shell.page)) || fetch(event.request);
    try {
      const answer = await fetch(event.request);
      event.waitUntil(look());
      return answer;
    } catch (error) {
      const calm = await kept(shell.page);
      if (!calm) throw error;
      return new Response(calm.body, { status: 503, headers: calm.headers });
    }
  }

  // Whatever page is opened, a wiped phone learns of it.
  async function look() {
    if (Date.now() - asked < PAUSE) return;
    asked = Date.now();
    await contact().catch(() => {});
  }

  // Asked for under the version, or lying beside the app's own modules; other pages take theirs fresh.
  const ours = (url) => url.searchParams.get("v") === shell.version || url.pathname.startsWith("/static/web/field/") || url.pathname.startsWith("/field/words/");

  self.addEventListener("fetch", (event) => {
    const url = new URL(event.request.url);
    if (url.origin !== self.location.origin) return;
    if (event.request.mode === "navigate") event.respondWith(page(event, url));
    else if (event.request.method === "GET" && ours(url)) {
      event.respondWith(kept(url.pathname).then((found) => found || fetch(event.request)));
    }
  });

  self.addEventListener("sync", (event) => {
    if (event.tag !== "field-send") return;
    event.waitUntil(send().then((why) => {
      channel.postMessage("queue");
      // The browser tries again later, if it is told that this was not all.
      if (why === "later") throw new Error(why);
    }));
  });

  self.addEventListener("message", (event) => {
    if (event.data === "take over") self.skipWaiting();
  });
}
