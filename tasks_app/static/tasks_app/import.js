// How far an import is; the page shows the report as soon as there is one.
import { followFeed } from "./feed.js";

const { importUrl, importId } = document.getElementById("import").dataset;
const bar = document.getElementById("progress");
const count = document.getElementById("count");

function show(found) {
  if (found.state !== "waiting" && found.state !== "reading") {
    location.reload();
    return;
  }
  bar.max = found.rows_total;
  bar.value = found.rows_done;
  count.textContent = `${found.rows_done} / ${found.rows_total}`;
}

async function ask() {
  const response = await fetch(importUrl, { headers: { Accept: "application/json" } });
  if (response.ok) show(await response.json());
}

followFeed({
  onEvent: (event) => event.event === "import.updated" && event.import.id === importId && show(event.import),
  onOpen: ask,
  onLost: () => {},
});
