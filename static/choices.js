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
}
