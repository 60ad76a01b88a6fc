// Audio worklet: gathers the microphone's samples into frames of 16-bit little-endian PCM.
const FRAME_SECONDS = 0.1;

class Recorder extends AudioWorkletProcessor {
  constructor() {
    super();
    this.frame = new DataView(new ArrayBuffer(2 * Math.round(sampleRate * FRAME_SECONDS)));
    this.filled = 0;
    this.energy = 0;
    this.port.onmessage = () => this.flush();
  }

  process([channels]) {
    for (const sample of channels[0] ?? []) {
      const clipped = Math.max(-1, Math.min(1, sample));
      this.frame.setInt16(2 * this.filled, Math.round(clipped * 32767), true);
      this.energy += clipped * clipped;
      this.filled += 1;
      if (2 * this.filled === this.frame.byteLength) this.send();
    }
    return true;
  }

  flush() {
    this.send();
    this.port.postMessage({ ended: true });
  }

  send() {
    if (!this.filled) return;
    const pcm = this.frame.buffer.slice(0, 2 * this.filled);
    this.port.postMessage({ pcm, level: Math.sqrt(this.energy / this.filled) }, [pcm]);
    this.filled = 0;
    this.energy = 0;
  }
}

registerProcessor("recorder", Recorder);
