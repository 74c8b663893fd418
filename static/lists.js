// Lists stay where one is: what is ticked refreshes results and counts, and no box that has the focus is replaced.
{
  const listing = document.getElementById("listing");
  const filters = document.getElementById("filters");

  // On a wide screen the filters stand open beside the list, on a phone they unfold.
  const fold = filters.querySelector("[data-fold]");
  const wide = matchMedia("(min-width: 62rem)");
  const unfold = () => wide.matches && !("folded" in listing.dataset) && (fold.open = true);
  unfold();
  wide.addEventListener("change", unfold);

  // What came from the server is put into the facets that are there: boxes stay, so do focus, open facets, scrolling.
  const arrange = (place, fresh, key, change) => {
    const wanted = new Set(fresh.map(key));
    // first of all what goes: what stays is then in order, and need not be moved, which would take the focus from it
    for (const one of [...place.children]) if (!wanted.has(key(one))) one.remove();
    const here = new Map([...place.children].map((one) => [key(one), one]));
    let last = null;
    for (const newer of fresh) {
      const known = here.get(key(newer));
      if (known) change(known, newer);
      const one = known ?? document.importNode(newer, true);
      const next = last ? last.nextElementSibling : place.firstElementChild;
      if (one !== next) place.insertBefore(one, next);
      last = one;
    }
  };
  const valueOf = (choice) => choice.querySelector("input").value;
  const renew = (facet, fresh) => {
    facet.querySelector(":scope > summary").innerHTML = fresh.querySelector(":scope > summary").innerHTML;
    const list = facet.querySelector(".facet-choices");
    arrange(list, [...fresh.querySelectorAll(".facet-choices > li")], valueOf, (choice, newer) => {
      choice.querySelector(".facet-count").textContent = newer.querySelector(".facet-count").textContent;
      choice.querySelector("input").checked = newer.querySelector("input").checked;
    });
    facet.querySelector("[data-choice-search]")?.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const renewAll = (fresh) => {
    const facets = filters.querySelector(".facets");
    const held = document.activeElement;
    const facet = held.closest(".facet");
    arrange(facets, [...fresh.querySelector(".facets").children], (one) => one.dataset.facet, renew);
    for (const part of ["[data-fold] > summary", ".actions"]) {
      filters.querySelector(part).innerHTML = fresh.querySelector(part).innerHTML;
    }
    if (!held.isConnected) {
      if (!facet) filters.querySelector(".actions button").focus();
      else (facet.isConnected ? facet.querySelector("summary") : filters.elements.q).focus();
    }
    for (const box of fresh.querySelectorAll(".facet-switch input")) {
      filters.querySelector(`.facet-switch input[name="${box.name}"]`).checked = box.checked;
    }
    const words = filters.elements.q;
    if (words !== document.activeElement) words.value = fresh.querySelector("[name=q]").value;
  };

  // Whoever changed a record sees what that did to the counts; the records stand until the list is asked for anew.
  listing.addEventListener("list:changed", async () => {
    const asked = location.href;
    const answer = await fetch(asked, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || asked !== location.href) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("filters");
    if (!fresh) return;
    renewAll(fresh);
    for (const part of listing.querySelectorAll("[data-renew]")) {
      part.innerHTML = page.getElementById(part.id)?.innerHTML ?? "";
    }
  });

  let left = false;
  listing.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event;
    left = document.activeElement.closest("#results a") !== null;
    if (detail.target.id !== "results") return;
    // the list says itself what it did not understand
    if (detail.xhr.status === 400 || detail.xhr.status === 404) {
      detail.shouldSwap = true;
      detail.isError = false;
    }
    const page = new DOMParser().parseFromString(detail.xhr.responseText, "text/html");
    const fresh = page.getElementById("filters");
    if (fresh) renewAll(fresh);
  });
  // Who took a filter away or turned the page goes on at the top of the results; everyone hears how many there are.
  listing.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id !== "results") return;
    const count = document.getElementById("list-count");
    if (!count) return;
    document.dispatchEvent(new CustomEvent("portal:announce", { detail: count.textContent }));
    if (left) count.focus({ preventScroll: true });
    left = false;
  });
}
