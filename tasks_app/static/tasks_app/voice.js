// The live voice socket. An utterance is kept until the server says that it is safe, and sent again under the same
// id when the connection breaks before that.
import { Pause, socketUrl } from "./socket.js";

const MOST_TRIES = 5;
const HIGH_WATER = 1 << 20;

export class VoiceLine {
  // hello: what the first message says beside the rate; onMessage(message); onTrouble() when nothing can be sent.
  constructor({ hello, onMessage, onTrouble }) {
    this.hello = hello;
    this.onMessage = onMessage;
    this.onTrouble = onTrouble;
    this.unsafe = [];
    this.socket = null;
    this.isReady = false;
    this.tries = 0;
    this.pause = new Pause();
  }

  begin() {
    this.current = { id: crypto.randomUUID(), frames: [], sent: 0, isEnded: false };
    this.unsafe.push(this.current);
  }

  add(frame, sampleRate) {
    if (!this.current) return;
    this.current.frames.push(frame);
    this.current.sampleRate = sampleRate;
    this.connect(sampleRate);
    this.flush();
  }

  end() {
    if (!this.current) return;
    this.current.isEnded = true;
    this.current = null;
    this.flush();
  }

  drop() {
    const dropped = this.current;
    this.current = null;
    this.forget(dropped?.id);
    if (this.isReady && dropped?.sent) this.say({ type: "cancel" });
  }

  connect(sampleRate) {
    if (this.socket) return;
    this.isReady = false;
    this.socket = new WebSocket(socketUrl("/ws/voice/"));
    this.socket.onopen = () => this.say({ type: "hello", protocol: 1, encoding: "pcm16", sample_rate: sampleRate, ...this.hello() });
    this.socket.onmessage = ({ data }) => this.take(JSON.parse(data));
    this.socket.onclose = () => this.lost(sampleRate);
  }

  async lost(sampleRate) {
    this.socket = null;
    this.isReady = false;
    this.unsafe.forEach((utterance) => Object.assign(utterance, { sent: 0, isEndSent: false }));
    if (!this.unsafe.length) return;
    this.tries += 1;
    if (this.tries >= MOST_TRIES) {
      this.unsafe = [];
      this.current = null;
      this.tries = 0;
      this.onTrouble();
      return;
    }
    await this.pause.over();
    this.connect(sampleRate);
  }

  take(message) {
    if (message.type === "ready") {
      this.isReady = true;
      this.tries = 0;
      this.pause.reset();
      this.flush();
    }
    if (message.utterance) this.forget(message.utterance);
    this.onMessage(message);
  }

  flush() {
    if (!this.isReady) return;
    for (const utterance of this.unsafe) {
      while (utterance.sent < utterance.frames.length && this.socket.bufferedAmount < HIGH_WATER) {
        this.socket.send(utterance.frames[utterance.sent]);
        utterance.sent += 1;
      }
      if (utterance.sent < utterance.frames.length) {
        setTimeout(() => this.flush(), 50);
        return;
      }
      if (utterance.isEnded && !utterance.isEndSent) {
        this.say({ type: "utterance.end", id: utterance.id });
        utterance.isEndSent = true;
      }
    }
  }

  forget(id) {
    this.unsafe = this.unsafe.filter((utterance) => utterance.id !== id);
  }

  say(message) {
    this.socket.send(JSON.stringify(message));
  }
}
