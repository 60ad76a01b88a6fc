// What was done, newest first; each with its undo, and each question with its answers.
const MOST_SHOWN = 5;

export class Receipts {
  // onUndo(changeSet, receipt) and onAnswer(command, answer) act; texts are the page's sentences.
  constructor(element, texts, { onUndo, onAnswer }) {
    Object.assign(this, { element, texts, onUndo, onAnswer });
  }

  // A later receipt under the same key takes the place of the earlier one.
  show(key, { heard, says, changeSet, question, isProblem }) {
    this.element.querySelector(`[data-key="${CSS.escape(key)}"]`)?.remove();
    const receipt = make("div", { className: isProblem ? "receipt is-problem" : "receipt" });
    receipt.dataset.key = key;
    const words = make("div", { className: "says" });
    if (heard) words.append(make("p", { className: "heard", textContent: heard }));
    words.append(make("p", { textContent: says }));
    receipt.append(words, this.buttons(key, changeSet, question));
    this.element.prepend(receipt);
    [...this.element.children].slice(MOST_SHOWN).forEach((old) => old.remove());
  }

  buttons(key, changeSet, question) {
    const choices = make("div", { className: "choices" });
    const add = (label, act) => {
      const button = make("button", { type: "button", textContent: label });
      button.addEventListener("click", () => {
        choices.querySelectorAll("button").forEach((other) => (other.disabled = true));
        act();
      });
      choices.append(button);
    };
    if (changeSet) add(this.texts.undo, () => this.onUndo(changeSet, key));
    if (question) {
      if (question.kind === "confirmation") add(this.texts.yes, () => this.onAnswer(key, { confirm: true }));
      if (question.kind === "choice")
        question.options.forEach(({ id, label }) => add(label, () => this.onAnswer(key, { choose: [id] })));
      if (question.kind === "title") choices.append(make("span", { textContent: this.texts.answerByTyping }));
      add(this.texts.cancel, () => this.onAnswer(key, { cancel: true }));
    }
    return choices;
  }
}

function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}
