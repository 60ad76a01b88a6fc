// WebSockets of this site, with a growing pause between tries.
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30000;

export function socketUrl(path) {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
}

export class Pause {
  constructor() {
    this.reset();
  }

  reset() {
    this.length = FIRST_PAUSE;
  }

  over() {
    const length = this.length * (0.75 + Math.random() / 2);
    this.length = Math.min(this.length * 2, LONGEST_PAUSE);
    return new Promise((resolve) => setTimeout(resolve, length));
  }
}
