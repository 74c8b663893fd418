// Choices that are ticked under a fold: what is ticked stands in the head of the fold.
{
  const tell = (choices) => {
    const ticked = [...choices.querySelectorAll("input:checked")].map((box) => {
      const tag = document.createElement("span");
      tag.className = "tag";
      tag.textContent = box.closest("label").textContent.trim();
      return tag;
    });
    choices.querySelector("[data-choices-ticked]").replaceChildren(...ticked.flatMap((tag) => [tag, " "]));
  };
  for (const choices of document.querySelectorAll("[data-choices]")) {
    choices.addEventListener("change", () => tell(choices));
    // One opens it, types, presses Enter for each choice, and Escape to go on behind it.
    const words = choices.querySelector("[data-choice-search]");
    choices.addEventListener("toggle", () => choices.open && words?.focus());
    choices.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !choices.open) return;
      event.preventDefault();
      if (words?.value) {
        words.value = "";
        words.dispatchEvent(new Event("input", { bubbles: true }));
      } else {
        choices.open = false;
        choices.querySelector("summary").focus();
      }
    });
  }
  // A suggestion that is ticked ticks its choice, and the other way round: they are sent under one name.
  for (const hints of document.querySelectorAll("[data-suggestions]")) {
    const name = hints.dataset.suggestions;
    hints.addEventListener("change", ({ target }) => {
      const choice = hints.closest("form").querySelector(`[data-choices] input[name="${name}"][value="${target.value}"]`);
      choice.checked = target.checked;
      target.name = "";
      choice.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  // A field that names a record offers those that the server finds by the words typed so far.
  for (const field of document.querySelectorAll("input[data-find]")) {
    const offers = document.createElement("datalist");
    offers.id = `${field.id}-offers`;
    field.after(offers);
    field.setAttribute("list", offers.id);
    let timer;
    let asked = "";
    const ask = async () => {
      const words = field.value.trim();
      if (words.length < 2 || [...offers.options].some(({ value }) => value === words)) return;
      asked = words;
      const answer = await fetch(`${field.dataset.find}?${new URLSearchParams({ words })}`);
      if (!answer.ok || asked !== words) return;
      const { found } = await answer.json();
      offers.replaceChildren(...found.map(([value, label]) => Object.assign(document.createElement("option"), { value, label })));
    };
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => ask().catch(() => {}), 250); // without the network a name can still be typed
    });
  }
}
