// The task list: shown by the server, put in place here, ticked here.
const SETTLE = 80;

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

  async load() {
    const response = await fetch(this.url, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!response?.ok) return;
    if (response.redirected) {
      location.reload();
      return;
    }
    const focused = this.element.contains(document.activeElement) ? document.activeElement.id : "";
    this.element.innerHTML = await response.text();
    if (focused) (document.getElementById(focused) ?? this.element.querySelector("input"))?.focus();
  }
}
