// The home page: text box, microphone, receipts and the live task list.
import { post, postForm, RequestFailed } from "./api.js";
import { followFeed } from "./feed.js";
import { searchBox, TaskList } from "./list.js";
import { canRecord, openMicrophone } from "./microphone.js";
import { Receipts } from "./receipts.js";
import { talkButton } from "./talk-button.js";
import { VoiceLine } from "./voice.js";

const SHORTEST_UTTERANCE = 300;
const WAIT_SECONDS = 15;
const MOST_HEARD = 50;

const find = (id) => document.getElementById(id);
const texts = JSON.parse(find("texts").textContent);
const page = document.querySelector(".capture").dataset;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const awaited = new Set();
const heard = new Map();

const list = new TaskList(find("list"), page.listUrl, tick);
const receipts = new Receipts(find("receipts"), texts, { onUndo: undo, onAnswer: answer });

searchBox(find("find"), list, {
  onDone: (text) => {
    showProblem("");
    find("found").textContent = text;
  },
  onTrouble: () => showProblem(texts.notSearched),
});

function showLive(text) {
  find("live").textContent = text;
}

function showProblem(text) {
  find("problem").textContent = text;
  find("problem").hidden = !text;
}

function explain(error) {
  showProblem((error instanceof RequestFailed && error.message) || texts.notSent);
}

// ---- what became of a command -------------------------------------------------------------------------------------

function showOutcome(outcome) {
  const isEnd = ["done", "failed", "cancelled", "waiting"].includes(outcome.state);
  if (!isEnd) {
    awaited.add(outcome.id);
    showLive(texts.takesLonger);
    return;
  }
  awaited.delete(outcome.id);
  showLive("");
  receipts.show(outcome.id, {
    heard: heard.get(outcome.id) ?? `“${outcome.transcription}”`,
    says: outcome.error?.message ?? outcome.response,
    changeSet: outcome.state === "done" ? outcome.change_set : null,
    question: outcome.question,
    isProblem: Boolean(outcome.error),
  });
  list.refresh();
}

async function undo(changeSet, key) {
  try {
    const { results } = await post(`${page.changesUrl}${changeSet}/undo/`, {});
    const titles = results.flatMap((result) => result.undone.map(({ title }) => `“${title}”`));
    receipts.show(key, { says: `${texts.undone} ${titles.join(", ")}` });
  } catch (error) {
    explain(error);
  }
  list.refresh();
}

async function answer(command, given) {
  try {
    showOutcome(await post(`${page.commandsUrl}${command}/answer/?wait=${WAIT_SECONDS}`, given));
  } catch (error) {
    explain(error);
  }
}

async function tick(task, isDone, title) {
  try {
    const { change_set: changeSet } = await post(`${page.tasksUrl}${task}/${isDone ? "complete" : "reopen"}/`, {});
    receipts.show(task, { says: `${isDone ? texts.completed : texts.reopened} “${title}”`, changeSet });
    list.refresh();
  } catch (error) {
    explain(error);
    throw error;
  }
}

// ---- typing -------------------------------------------------------------------------------------------------------

find("type").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = find("text").value.trim();
  if (!text) return;
  find("text").value = "";
  showProblem("");
  showLive(texts.working);
  try {
    const body = { text, timezone: zone, said_at: new Date().toISOString() };
    showOutcome(await post(`${page.commandsUrl}?wait=${WAIT_SECONDS}`, body, { key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` }));
  } catch (error) {
    showLive("");
    find("text").value ||= text;
    explain(error);
  }
});

// ---- speaking -----------------------------------------------------------------------------------------------------

let microphone = null;
let isOn = false;
let startedAt = 0;
let longest = Infinity;

const line = new VoiceLine({
  hello: () => ({ timezone: zone, ...(page.language ? { language: page.language } : {}) }),
  onMessage: takeVoice,
  onTrouble: () => {
    setOn(false);
    showLive("");
    showProblem(texts.notSent);
  },
});

function takeVoice(message) {
  const { type, command } = message;
  const says = message.reply ?? message.message;
  if (type === "ready") longest = message.limits.utterance_seconds * 1000;
  else if (type === "accepted") showLive(texts.sending);
  else if (type === "transcript.final") {
    heard.set(command, `${texts.heard} “${message.text}”`);
    if (heard.size > MOST_HEARD) heard.delete(heard.keys().next().value);
    showLive(heard.get(command));
  } else if (type === "error" && message.code === "connection_idle") return;
  else if (type === "error" && !command) {
    showLive("");
    showProblem(says);
  } else {
    showLive("");
    const changeSet = type === "applied" ? message.change_set : null;
    receipts.show(command, { heard: heard.get(command), says, changeSet, question: message.question, isProblem: type === "error" });
    list.refresh();
  }
}

function setOn(on) {
  isOn = on;
  find("microphone").setAttribute("aria-pressed", String(on));
  find("microphone").querySelector(".label").textContent = on ? texts.stop : texts.speak;
  find("level").hidden = !on;
}

async function start() {
  if (microphone) return;
  showProblem("");
  if (!canRecord()) {
    showProblem(texts.noMicrophone);
    return;
  }
  setOn(true);
  startedAt = Infinity;
  line.begin();
  const opening = openMicrophone(page.workletUrl, takeSound);
  microphone = opening;
  try {
    await opening;
  } catch (error) {
    microphone = null;
    line.drop();
    setOn(false);
    showProblem(error.name === "NotFoundError" ? texts.microphoneMissing : texts.microphoneDenied);
  }
}

async function takeSound(pcm, level) {
  if (startedAt === Infinity) {
    startedAt = performance.now();
    showLive(texts.listening);
  }
  find("level").value = Math.min(1, level * 4);
  line.add(pcm, (await microphone).sampleRate);
  if (performance.now() - startedAt > longest - 1000) stop();
}

async function close() {
  const open = microphone;
  setOn(false);
  await (await open)?.close();
  microphone = null;
}

async function stop() {
  if (!isOn) return;
  const length = performance.now() - startedAt;
  await close();
  if (length > SHORTEST_UTTERANCE) {
    showLive(texts.sending);
    line.end();
  } else {
    line.drop();
    showLive("");
    showProblem(texts.notHeard);
  }
}

async function cancel() {
  await close();
  line.drop();
  showLive("");
}

talkButton(find("microphone"), { start, stop, cancel, isOn: () => isOn, isListening: () => isOn && startedAt !== Infinity });
if (!canRecord()) find("microphone-hint").textContent = texts.noMicrophone;

// ---- the list stays right -----------------------------------------------------------------------------------------

let isFeedLost = false;
followFeed({
  onOpen: () => {
    if (isFeedLost && find("problem").textContent === texts.connectionLost) showProblem("");
    isFeedLost = false;
    document.body.dataset.feed = "open";
    list.refresh();
  },
  onLost: () => {
    if (!isFeedLost && document.body.dataset.feed) showProblem(texts.connectionLost);
    isFeedLost = true;
  },
  onEvent: (event) => {
    if (event.event === "command.progressed") {
      if (awaited.has(event.command.id)) showOutcome(event.command);
      return;
    }
    if (event.event === "reminder.due") receipts.show(`reminder-${event.reminder_id}`, { says: `${texts.reminder} “${event.task.title}”` });
    if (event.event === "reminders.missed") {
      const titles = event.reminders.map((each) => `“${each.task.title}”`).join(", ");
      receipts.show(`notice-${event.notice_id}`, { says: `${texts.remindersMissed} ${titles}` });
    }
    if (event.event === "news.told") receipts.show(`notice-${event.notice_id}`, { says: event.news.map((each) => each.text).join("\n") });
    list.refresh();
  },
});
document.addEventListener("visibilitychange", () => document.hidden || list.refresh());
if (!page.zone && zone) postForm(page.zoneUrl, { timezone: zone });
