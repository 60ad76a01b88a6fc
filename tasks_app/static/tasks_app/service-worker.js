// Shows notifications, and does what their buttons say.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const told = event.data.json();
  const shown = {
    body: told.body,
    tag: told.tag,
    data: told,
    actions: told.actions.map(({ action, title }) => ({ action, title })),
  };
  event.waitUntil(self.registration.showNotification(told.title, shown));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const told = event.notification.data;
  const button = told.actions.find(({ action }) => action === event.action);
  event.waitUntil(button ? press(button, told) : open(told.url));
});

// What does not work, say because the person is signed out, ends on the page.
async function press(button, told) {
  const answer = await fetch(button.url, { method: "POST", credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) await open(told.url);
}

async function open(url) {
  const target = new URL(url, self.location.origin);
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((each) => new URL(each.url).pathname === target.pathname);
  if (!page) return self.clients.openWindow(target);
  await page.focus();
  return page.navigate(target);
}
