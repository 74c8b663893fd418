// Lists stay where one is: what is ticked refreshes results and counts, and no box that has the focus is replaced.
{
  const listing = document.getElementById("listing");
  const filters = document.getElementById("filters");

  // On a wide screen the filters stand open beside the list, on a phone they unfold.
  const fold = filters.querySelector("[data-fold]");
  const wide = matchMedia("(min-width: 62rem)");
  const unfold = () => wide.matches && (fold.open = true);
  unfold();
  wide.addEventListener("change", unfold);

  // Words typed above a long facet narrow its choices, whatever their case and accents.
  const folded = (words) => words.trim().toLocaleLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const narrow = (box) => {
    const words = folded(box.value);
    for (const choice of box.parentElement.querySelectorAll(".facet-choices > li")) {
      const ticked = choice.querySelector("input").checked;
      choice.hidden = !ticked && !folded(choice.textContent).includes(words);
    }
  };
  const showBoxes = () => {
    for (const box of filters.querySelectorAll("[data-facet-search][hidden]")) box.hidden = false;
  };
  showBoxes();
  filters.addEventListener("input", (event) => {
    if (event.target.matches("[data-facet-search]")) narrow(event.target);
  });
  // these boxes ask the server for nothing
  filters.addEventListener("change", (event) => event.target.matches("[data-facet-search]") && event.stopPropagation());
  filters.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-facet-search]")) event.preventDefault();
  });

  // What came from the server is put into the facets that are there: boxes stay, so do focus, open facets, scrolling.
  const valueOf = (choice) => choice.querySelector("input").value;
  const renew = (facet, fresh) => {
    facet.querySelector(":scope > summary").innerHTML = fresh.querySelector(":scope > summary").innerHTML;
    const list = facet.querySelector(".facet-choices");
    const here = new Map([...list.children].map((choice) => [valueOf(choice), choice]));
    let last = null;
    for (const choice of [...fresh.querySelectorAll(".facet-choices > li")]) {
      const known = here.get(valueOf(choice));
      if (known) {
        known.querySelector(".facet-count").textContent = choice.querySelector(".facet-count").textContent;
        known.querySelector("input").checked = choice.querySelector("input").checked;
        here.delete(valueOf(choice));
      }
      const next = last ? last.nextElementSibling : list.firstElementChild;
      const placed = known ?? document.importNode(choice, true);
      if (placed !== next) list.insertBefore(placed, next);
      last = placed;
    }
    for (const gone of here.values()) gone.remove();
    const box = facet.querySelector("[data-facet-search]");
    if (box?.value) narrow(box);
  };
  const renewAll = (fresh) => {
    const facets = filters.querySelector(".facets");
    const here = new Map([...facets.children].map((facet) => [facet.dataset.facet, facet]));
    let last = null;
    for (const facet of [...fresh.querySelector(".facets").children]) {
      const known = here.get(facet.dataset.facet);
      const next = last ? last.nextElementSibling : facets.firstElementChild;
      const placed = known ?? document.importNode(facet, true);
      if (known) renew(known, facet);
      here.delete(facet.dataset.facet);
      if (placed !== next) facets.insertBefore(placed, next);
      last = placed;
    }
    for (const gone of here.values()) gone.remove();
    for (const part of ["[data-fold] > summary", ".actions"]) {
      filters.querySelector(part).innerHTML = fresh.querySelector(part).innerHTML;
    }
    for (const box of fresh.querySelectorAll(".facet-switch input")) {
      filters.querySelector(`.facet-switch input[name="${box.name}"]`).checked = box.checked;
    }
    const words = filters.elements.q;
    if (words !== document.activeElement) words.value = fresh.querySelector("[name=q]").value;
    showBoxes();
  };

  listing.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event;
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
  let left = false;
  listing.addEventListener("htmx:beforeSwap", () => {
    left = document.activeElement.closest("#results a") !== null || document.activeElement === document.body;
  });
  listing.addEventListener("htmx:afterSettle", () => {
    const count = document.getElementById("list-count");
    if (!count) return;
    document.getElementById("announcements").textContent = count.textContent;
    if (left) count.focus({ preventScroll: true });
    left = false;
  });
}
