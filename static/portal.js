// Small helps for every page. All of it works without this file, only less comfortably.
{
  // Menus close on Escape and when one goes elsewhere.
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) if (menu !== except) menu.open = false;
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // Buttons that copy show themselves where copying is possible, also in what htmx brings later.
  const showCopyButtons = (root) => {
    if (!navigator.clipboard) return;
    for (const button of root.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
  };
  document.addEventListener("DOMContentLoaded", () => showCopyButtons(document));
  document.addEventListener("htmx:load", (event) => showCopyButtons(event.target));
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    document.dispatchEvent(new CustomEvent("portal:announce", { detail: button.dataset.copied }));
    const words = button.querySelector("span");
    const before = words.textContent;
    words.textContent = button.dataset.copied;
    setTimeout(() => (words.textContent = before), 2000);
  });

  // Words typed above many choices narrow them, whatever their case and accents; what is ticked stays in view, and Enter
  // ticks the first that they find. These boxes send nothing, so nobody else hears of them.
  const folded = (words) => words.trim().toLocaleLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const narrow = (box) => {
    const words = folded(box.value);
    for (const choice of box.parentElement.querySelectorAll(".facet-choices > li")) {
      choice.hidden = !choice.querySelector("input").checked && !folded(choice.textContent).includes(words);
    }
  };
  for (const name of ["input", "change", "keydown"]) {
    document.addEventListener(name, (event) => {
      if (!event.target.matches?.("[data-choice-search]")) return;
      if (name !== "keydown") event.stopPropagation();
      if (name === "input") narrow(event.target);
      if (event.key === "Enter") {
        event.preventDefault();
        const box = event.target;
        if (!box.value.trim()) return;
        const shown = [...box.parentElement.querySelectorAll(".facet-choices > li:not([hidden]) input")];
        const words = folded(box.value);
        shown.find((input) => folded(input.closest("li").textContent).includes(words))?.click();
        box.select(); // what is typed next finds the next one
      }
    }, true);
  }
  const showSearchBoxes = (root) => {
    for (const box of root.querySelectorAll("[data-choice-search][hidden]")) box.hidden = false;
  };
  document.addEventListener("DOMContentLoaded", () => showSearchBoxes(document));
  document.addEventListener("htmx:afterSettle", () => showSearchBoxes(document));

  // A polite word to screen readers, for whoever on the page has one to say.
  document.addEventListener("portal:announce", (event) => {
    const place = document.getElementById("announcements");
    if (place) place.textContent = event.detail.value ?? event.detail; // htmx wraps what a server says
  });

  // A part of a page that could not be fetched says so instead of standing still.
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, () => {
      const template = document.getElementById("fetch-failed");
      const messages = document.getElementById("messages");
      if (template && messages && !messages.querySelector("[data-fetch-failed]")) {
        messages.append(template.content.cloneNode(true));
        messages.scrollIntoView({ block: "nearest" });
      }
    });
  }
}
