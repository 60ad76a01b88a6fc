// The panel that switches notifications in this browser on and off; permission is asked for by its button alone.
import { post, remove } from "./api.js";

const panel = document.getElementById("push");
const { publicKey, subscriptionsUrl, workerUrl } = panel.dataset;
const button = panel.querySelector("button");
const state = panel.querySelector("[role=status]");

const bytesOf = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const register = () => navigator.serviceWorker.register(workerUrl, { scope: "/" });

async function current() {
  const registration = await register();
  return registration.pushManager.getSubscription();
}

// Also when the page opens: the browser may have changed its address, and somebody else may have signed in.
async function keep(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  const kept = await post(subscriptionsUrl, { endpoint, keys });
  panel.dataset.id = kept.id;
}

async function switchOn() {
  if ((await Notification.requestPermission()) !== "granted") return say("denied");
  await register();
  const registration = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytesOf(publicKey) };
  await keep(await registration.pushManager.subscribe(options));
  return say("on");
}

async function switchOff(subscription) {
  await remove(`${subscriptionsUrl}${panel.dataset.id}/`);
  await subscription.unsubscribe();
  return say("off");
}

function say(name) {
  panel.dataset.state = name;
  state.textContent = panel.dataset[name];
  button.textContent = name === "on" ? panel.dataset.stop : panel.dataset.start;
  button.hidden = name === "missing";
}

async function press() {
  button.disabled = true;
  try {
    const subscription = await current();
    await (subscription ? switchOff(subscription) : switchOn());
  } catch {
    say("failed");
  } finally {
    button.disabled = false;
  }
}

async function begin() {
  if (!("serviceWorker" in navigator && "PushManager" in window)) return say("missing");
  const subscription = await current();
  if (subscription) await keep(subscription);
  button.addEventListener("click", press);
  return say(subscription ? "on" : "off");
}

begin().catch(() => say("failed"));
