// Text that was typed and did not reach the server is kept in this browser, and offered again when its form is opened:
// <form data-keep-text="id of the person">, with a hidden [data-kept-text] that asks what to do with it. With
// data-unsaved the form shows text that the server refused, which is kept at once.
// A page that shows <div data-text-saved="address of the form"> says that what was sent last has arrived.

const AGE = 30 * 24 * 60 * 60 * 1000; // older text is forgotten
const PAUSE = 500; // milliseconds after the last key
const PREFIX = "kept-text:";

const read = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? [];
  } catch {
    return []; // the browser keeps nothing, or something that is not ours
  }
};
const write = (key, entries) => {
  try {
    if (entries.length) localStorage.setItem(key, JSON.stringify(entries));
    else localStorage.removeItem(key);
  } catch {
    // no room, or not allowed: the form itself still holds the text
  }
};
const change = (key, id, entry) => write(key, [...read(key).filter((other) => other.id !== id), ...(entry ? [entry] : [])]);

// Words without their mark-up: the server tidies that, so only the words can be compared.
const plain = (value) => {
  if (!/<\/?[a-z][^>]*>/i.test(value)) return value.replace(/\s+/g, "");
  const { body } = new DOMParser().parseFromString(value, "text/html");
  for (const note of body.querySelectorAll("[data-footnote]")) note.textContent = note.dataset.footnote;
  return body.textContent.replace(/\s+/g, "");
};
const same = (one, other) => Object.keys(one).every((name) => plain(String(one[name])) === plain(String(other[name] ?? "")));

const fieldsOf = (form) => [...form.elements].filter(({ name, type }) => name && !["file", "hidden", "submit", "button"].includes(type) && name !== "csrfmiddlewaretoken");
const valuesOf = (form) => {
  const values = {};
  for (const field of fieldsOf(form)) {
    if (field.type === "checkbox") {
      values[field.name] ??= [];
      if (field.checked) values[field.name].push(field.value);
    } else if (field.type === "radio") {
      if (field.checked) values[field.name] = field.value;
    } else values[field.name] = field.value;
  }
  return values;
};
const put = (form, values) => {
  for (const field of fieldsOf(form)) {
    const value = values[field.name];
    if (value === undefined) continue;
    if (field.type === "checkbox") field.checked = value.includes(field.value);
    else if (field.type === "radio") field.checked = field.value === value;
    else {
      field.value = value;
      field.portalEditor?.commands.setContent(value);
      for (let around = field.closest("details"); value && around; around = around.parentElement.closest("details")) around.open = true;
    }
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
};

const watch = (form) => {
  const key = `${PREFIX}${form.dataset.keepText}:${location.pathname}`;
  const id = Date.now();
  let atFirst = valuesOf(form);
  // What the form shows already needs no offer; what was sent and came back with errors stands in it too.
  const offers = read(key).filter((entry) => !same(entry.values, atFirst));
  write(key, offers.map((entry) => ({ ...entry, sent: false })));

  const unsaved = form.hasAttribute("data-unsaved");
  const keep = (sent) => {
    const values = valuesOf(form);
    const edits = form.elements.edits?.value; // which save the text began from, so that a later one is not overwritten
    change(key, id, unsaved || !same(values, atFirst) ? { id, at: Date.now(), sent, values, edits } : null);
  };
  if (unsaved) keep(false);
  let pause;
  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => keep(false), PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(pause);
    keep(true);
  });
  form.addEventListener("portal:saved", () => {
    clearTimeout(pause);
    atFirst = valuesOf(form);
    change(key, id, null);
  });
  addEventListener("pagehide", () => {
    if (!read(key).find((entry) => entry.id === id)?.sent) keep(false);
  });

  const notice = form.querySelector("[data-kept-text]");
  const offered = offers.at(-1);
  if (!notice || !offered) return;
  notice.hidden = false;
  const language = document.documentElement.lang;
  notice.querySelector("[data-kept-when]").textContent = new Date(offered.at).toLocaleString(
    language === "en" ? "en-GB" : language,
    { dateStyle: "long", timeStyle: "short" },
  );
  const longest = Object.values(offered.values).map((value) => new DOMParser().parseFromString(String(value), "text/html").body.textContent).sort((one, other) => other.length - one.length)[0];
  notice.querySelector("[data-kept-words]").textContent = longest.length > 200 ? `${longest.slice(0, 200)}…` : longest;
  notice.querySelector("[data-kept-restore]").addEventListener("click", () => {
    put(form, offered.values);
    if (offered.edits) form.elements.edits.value = offered.edits;
    keep(false);
    change(key, offered.id, null);
    notice.hidden = true;
    form.querySelector("[data-rich-text]")?.focus();
  });
  notice.querySelector("[data-kept-forget]").addEventListener("click", () => {
    change(key, offered.id, null);
    notice.hidden = true;
  });
};

// What has arrived, and what nobody came back for.
const tidy = () => {
  const saved = [...document.querySelectorAll("[data-text-saved]")].map(({ dataset }) => `:${dataset.textSaved}`);
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
    const arrived = saved.some((address) => key.endsWith(address));
    write(key, read(key).filter((entry) => entry.at > Date.now() - AGE && !(arrived && entry.sent)));
  }
};
try {
  tidy();
} catch {
  // a browser that keeps nothing has nothing to tidy
}
for (const form of document.querySelectorAll("form[data-keep-text]")) watch(form);
