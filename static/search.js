// The suggestions below a search box: shown when they come, walked through with the arrow keys, closed by Escape and
// when one goes elsewhere. Without this file the box searches all the same.
{
  const listOf = (box) => box.querySelector(".search-suggestions");
  const close = (box) => (listOf(box).hidden = true);

  document.addEventListener("htmx:afterSwap", (event) => {
    const box = event.target.closest?.("[data-search-box]");
    if (!box) return;
    const list = listOf(box).querySelector("ul");
    const isHere = box.contains(document.activeElement);
    listOf(box).hidden = !list || !isHere;
    if (isHere) document.dispatchEvent(new CustomEvent("portal:announce", { detail: list ? list.dataset.count : "" }));
  });

  document.addEventListener("keydown", (event) => {
    const box = event.target.closest?.("[data-search-box]");
    if (!box || listOf(box).hidden) return;
    const input = box.querySelector("input");
    const stops = [input, ...listOf(box).querySelectorAll("a")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      close(box);
      input.focus();
    } else if (step && stops.includes(document.activeElement)) {
      stops.at((stops.indexOf(document.activeElement) + step) % stops.length).focus();
    } else return;
    event.preventDefault();
  });

  document.addEventListener("focusout", (event) => {
    const box = event.target.closest?.("[data-search-box]");
    if (box && event.relatedTarget && !box.contains(event.relatedTarget)) close(box);
  });
  document.addEventListener("click", (event) => {
    for (const box of document.querySelectorAll("[data-search-box]")) if (!box.contains(event.target)) close(box);
  });
  document.addEventListener("submit", (event) => {
    const box = event.target.closest?.("[data-search-box]");
    if (box) close(box);
  });
}
