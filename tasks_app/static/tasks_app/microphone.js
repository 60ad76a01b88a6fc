// The microphone as a stream of PCM frames.
const WANTED_RATE = 16000;
const SOUND = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: true };

export const canRecord = () => window.isSecureContext && Boolean(navigator.mediaDevices?.getUserMedia);

// Opens it; rejects as getUserMedia does. onFrame(pcm, level) gets an ArrayBuffer and a level from 0 to 1.
export async function openMicrophone(workletUrl, onFrame) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: SOUND });
  try {
    return await record(stream, workletUrl, onFrame);
  } catch (error) {
    stream.getTracks().forEach((track) => track.stop());
    throw error;
  }
}

async function record(stream, workletUrl, onFrame) {
  const { context, source } = connect(stream);
  await context.audioWorklet.addModule(workletUrl);
  const recorder = new AudioWorkletNode(context, "recorder", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
  const ended = new Promise((resolve) => {
    recorder.port.onmessage = ({ data }) => (data.ended ? resolve() : onFrame(data.pcm, data.level));
  });
  source.connect(recorder);
  await context.resume();
  return {
    sampleRate: context.sampleRate,
    async close() {
      recorder.port.postMessage("flush");
      await ended;
      stream.getTracks().forEach((track) => track.stop());
      await context.close();
    },
  };
}

// Some browsers refuse a context whose rate is not the microphone's; the server takes others too.
function connect(stream) {
  const wanted = new AudioContext({ sampleRate: WANTED_RATE });
  try {
    return { context: wanted, source: wanted.createMediaStreamSource(stream) };
  } catch {
    wanted.close();
    const own = new AudioContext();
    return { context: own, source: own.createMediaStreamSource(stream) };
  }
}
