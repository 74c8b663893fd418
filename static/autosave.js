// A form with data-autosave="address" saves itself while one types, and says when it did: the server answers with the
// number of saves and the time, or with a sentence that tells why it did not. What did not arrive, `keep-text.js` keeps.

const PAUSE = 2000; // milliseconds after the last key
const AGAIN = 15000; // after a failure

for (const form of document.querySelectorAll("form[data-autosave]")) {
  // What came over from the last record is marked until somebody touches it.
  for (const mark of form.querySelectorAll("[data-carried]")) {
    const field = form.elements[mark.dataset.carried];
    const carried = field.value;
    form.addEventListener("input", () => (mark.hidden = field.value !== carried));
  }
  const state = form.querySelector("[data-autosave-state]");
  const { saving, notSaved } = state.dataset;
  let timer;
  let isSaving = false;
  let isChanged = false;
  let isLeaving = false;

  const say = (words, isWrong = false) => {
    state.textContent = words;
    state.classList.toggle("autosave-wrong", isWrong);
  };
  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };
  const save = async () => {
    if (isSaving || !isChanged || isLeaving) return;
    isSaving = true;
    isChanged = false;
    say(saving);
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), redirect: "error" });
      const told = await answer.json();
      if (answer.ok) {
        form.elements.edits.value = told.edits;
        say(told.others || told.saved, Boolean(told.others));
        if (!isChanged) form.dispatchEvent(new CustomEvent("portal:saved"));
      } else {
        isChanged = true;
        say(told.sentence, true);
      }
    } catch {
      isChanged = true;
      say(notSaved, true);
      later(AGAIN);
    } finally {
      isSaving = false;
    }
    if (isChanged && !state.classList.contains("autosave-wrong")) later(PAUSE);
  };
  for (const name of ["input", "change"]) {
    form.addEventListener(name, ({ target }) => {
      if (target.form && target.form !== form) return; // a comment, which is written beside a field and sent by itself
      isChanged = true;
      later(PAUSE);
    });
  }
  form.addEventListener("submit", () => {
    isLeaving = true;
    clearTimeout(timer);
  });
}
