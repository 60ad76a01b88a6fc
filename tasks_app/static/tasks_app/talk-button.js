// A button to talk: hold it while speaking, or tap (or press Enter, Space) to start and again to stop.
const HOLD = 500;

export function talkButton(button, { start, stop, cancel, isOn, isListening }) {
  let pressedAt = 0;
  let didStart = false;
  const press = () => {
    pressedAt = performance.now();
    didStart = !isOn();
    if (didStart) start();
    else stop();
  };
  // Letting go before anything is heard, as to answer the browser's question, goes on listening.
  const release = () => {
    if (didStart && isListening() && performance.now() - pressedAt > HOLD) stop();
    didStart = false;
  };
  const isKey = ({ key }) => key === " " || key === "Enter";

  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    press();
  });
  button.addEventListener("pointerup", release);
  button.addEventListener("pointercancel", release);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("keydown", (event) => {
    if (!isKey(event)) return;
    event.preventDefault();
    if (!event.repeat) press();
  });
  button.addEventListener("keyup", (event) => {
    if (!isKey(event)) return;
    event.preventDefault();
    release();
  });
  // Assistive technology clicks without a pointer or a key.
  button.addEventListener("click", (event) => {
    if (event.detail === 0) isOn() ? stop() : start();
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && isOn()) cancel();
  });
}
