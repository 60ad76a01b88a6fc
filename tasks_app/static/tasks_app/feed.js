// What happens to the person's tasks anywhere, for as long as the page is open.
import { Pause, socketUrl } from "./socket.js";

// onEvent(event) for each event; onOpen() after each connection, since something may have been missed before it.
export function followFeed({ onEvent, onOpen, onLost }) {
  const pause = new Pause();
  const open = () => {
    const socket = new WebSocket(socketUrl("/ws/tasks/"));
    socket.onopen = () => {
      pause.reset();
      onOpen();
    };
    socket.onmessage = ({ data }) => onEvent(JSON.parse(data));
    socket.onclose = async () => {
      onLost();
      await pause.over();
      open();
    };
  };
  open();
}
