// The table of the desk by keyboard: Enter opens a cell, arrows go from cell to cell, Escape leaves, Enter saves.
// Without this file each cell leads to the form of its row.
{
  const listing = document.getElementById("listing");
  const cellOf = (place) => place?.closest("td[data-cell]");

  // Choices made in a cell are no filters.
  listing.addEventListener(
    "change",
    (event) => {
      const { target } = event;
      if (!target.closest("#desk-table, #handing")) return;
      event.stopPropagation();
      if (target.matches("[data-tick-all]")) {
        for (const box of document.querySelectorAll("#desk-table [name=initiative]")) box.checked = target.checked;
      }
      // who chose with a pointer need not press a button; by keyboard each arrow would save
      if (target.matches(".desk-editor select") && pointed) target.form.requestSubmit();
    },
    true,
  );
  let pointed = false;
  document.addEventListener("pointerdown", () => (pointed = true), true);
  document.addEventListener("keydown", () => (pointed = false), true);

  const showTickAll = () => {
    const box = document.querySelector("[data-tick-all][hidden]");
    if (box) box.hidden = false;
  };
  showTickAll();

  const step = (cell, key) => {
    const turned = getComputedStyle(cell).direction === "rtl" ? -1 : 1;
    if (key === "ArrowUp" || key === "ArrowDown") {
      const rows = [...document.querySelectorAll("#desk-table > tbody > tr")];
      const next = rows[rows.indexOf(cell.parentElement) + (key === "ArrowDown" ? 1 : -1)];
      return next?.querySelector(`td[data-cell="${cell.dataset.cell}"] .desk-cell`);
    }
    const cells = [...cell.parentElement.querySelectorAll("td[data-cell] .desk-cell")];
    const here = cells.findIndex((one) => cell.contains(one));
    return cells[here + (key === "ArrowRight" ? turned : -turned)];
  };
  listing.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const editor = target.closest(".desk-editor");
    if (editor && key === "Escape") {
      event.preventDefault();
      editor.querySelector("[data-leave]").click();
    } else if (editor && key === "Enter" && target.matches("select")) {
      event.preventDefault();
      editor.requestSubmit();
    } else if (key.startsWith("Arrow") && target.matches(".desk-cell")) {
      const next = step(cellOf(target), key);
      if (next) {
        event.preventDefault();
        next.focus();
      }
    }
  });

  // Whoever goes elsewhere keeps what was chosen; a cell in which nothing was changed closes.
  listing.addEventListener("focusout", (event) => {
    const editor = event.target.closest(".desk-editor");
    if (!editor || !event.relatedTarget || editor.contains(event.relatedTarget)) return;
    const select = editor.querySelector("select");
    if (!select) return;
    const changed = [...select.options].some((option) => option.selected !== option.defaultSelected);
    if (editor.querySelector(".field-error")) return; // what clashed waits for a decision
    if (changed) editor.requestSubmit();
    else editor.querySelector("[data-leave]").click();
  });

  let within = false;
  listing.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event;
    const place = detail.target.closest("#desk-table :is(td, tr)");
    if (!place) return;
    within = place.contains(document.activeElement) || document.activeElement === document.body;
    // a cell or row says itself why it was not saved
    if (detail.xhr.status === 409 || detail.xhr.status === 422) {
      detail.shouldSwap = true;
      detail.isError = false;
    }
  });
  listing.addEventListener("htmx:afterSettle", (event) => {
    showTickAll();
    const place = event.target.matches("#desk-table tr") ? event.target : event.detail.target;
    if (!place.matches("#desk-table :is(td, tr)")) return;
    const said = place.querySelector("[data-said]");
    if (said) {
      document.dispatchEvent(new CustomEvent("portal:announce", { detail: said.textContent.trim() }));
      listing.dispatchEvent(new CustomEvent("list:changed"));
    }
    if (!within) return;
    const next = place.matches("tr") ? ".desk-step :is(a, button)" : ".desk-cell, .desk-editor :is(select, [name=reason])";
    place.querySelector(next)?.focus();
  });
}
