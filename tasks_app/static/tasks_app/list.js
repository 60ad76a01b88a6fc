// The task list: shown by the server, put in place here, ticked here.
const SETTLE = 80;
const TYPING = 250;

export class TaskList {
  // onTick(id, isDone, title) resolves once it is carried out.
  constructor(element, url, onTick) {
    Object.assign(this, { element, url });
    element.addEventListener("change", async ({ target }) => {
      const { task } = target.dataset;
      const title = element.querySelector(`label[for="${target.id}"]`).textContent;
      try {
        await onTick(task, target.checked, title);
      } catch {
        target.checked = !target.checked;
      }
    });
  }

  // Soon, and once for many reasons at a time.
  refresh() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), SETTLE);
  }

  // What an address like this shows: all of the list, or what is found. Whether it could be shown.
  async search(query) {
    this.query = query;
    clearTimeout(this.timer);
    return this.load();
  }

  async load() {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const url = this.query ? `${this.url}?${new URLSearchParams({ q: this.query })}` : this.url;
    const response = await fetch(url, { headers: { Accept: "text/html" } }).catch(() => null);
    if (turn !== this.turn) return true;
    if (!response?.ok) return false;
    if (response.redirected) {
      location.reload();
      return true;
    }
    const text = await response.text();
    if (turn !== this.turn) return true;
    const focused = this.element.contains(document.activeElement) ? document.activeElement.id : "";
    this.element.innerHTML = text;
    if (focused) (document.getElementById(focused) ?? this.element.querySelector("input"))?.focus();
    return true;
  }
}

// The search box above it: searches while one types, and at once on Enter; Escape shows the whole list again.
export function searchBox(form, list, { onDone, onTrouble }) {
  const input = form.elements.q;
  let timer;
  let shown = input.value.trim();
  list.query = shown;

  async function run() {
    clearTimeout(timer);
    const query = input.value.trim();
    if (query === shown) return;
    shown = query;
    history.replaceState(null, "", query ? `?${new URLSearchParams({ q: query })}` : location.pathname);
    if (await list.search(query)) onDone(query ? [...list.element.querySelectorAll("h2")].map((each) => each.textContent).join(", ") : "");
    else if (shown === query) {
      shown = null;
      onTrouble();
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(run, TYPING);
  });
  input.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !input.value) return;
    input.value = "";
    run();
  });
}
