// A file that is chosen in a form with data-upload="address" is sent at once, and its row comes back with room for what is
// said of it. Without this file it goes with the form when that is saved.
for (const form of document.querySelectorAll("form[data-upload]")) {
  const files = form.querySelector("[data-evidence]");
  if (!files) continue;
  const name = files.dataset.evidence;
  const empty = files.querySelector("[data-evidence-upload]").closest("[data-evidence-row]");
  let sending = 0;
  let waiting; // the button of a form that waits for its files

  const numbers = new Set([...files.querySelectorAll("[data-evidence-row]")].map(({ dataset }) => Number(dataset.evidenceRow.slice(name.length + 1))));
  const nextNumber = () => {
    const number = Math.max(...numbers) + 1;
    numbers.add(number);
    return number;
  };
  const say = (place, sentence) => {
    const words = document.createElement("p");
    words.className = "field-errors";
    words.setAttribute("role", "alert");
    words.textContent = sentence;
    place.replaceWith(words);
  };
  const finish = () => {
    sending -= 1;
    if (sending || waiting === undefined) return;
    const button = waiting;
    waiting = undefined;
    form.requestSubmit(button);
  };
  // What was written before the file was chosen belongs to it.
  const moveWords = (row) => {
    for (const field of empty.querySelectorAll("input:not([type=file], [type=hidden])")) {
      const column = field.name.slice(empty.dataset.evidenceRow.length);
      const there = row.querySelector(`[name="${row.dataset.evidenceRow}${column}"]`);
      there[field.type === "checkbox" ? "checked" : "value"] = field[field.type === "checkbox" ? "checked" : "value"];
      if (field.type === "checkbox") field.checked = false;
      else field.value = "";
    }
  };
  const send = (file, takesWords) => {
    const place = document.createElement("p");
    place.className = "evidence-sending";
    const bar = document.createElement("progress");
    bar.max = file.size || 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    const words = document.createElement("bdi");
    words.textContent = file.name;
    place.append(words, " ", bar);
    empty.before(place);
    if (file.size > Number(files.dataset.limit)) {
      say(place, files.dataset.tooLarge.replace("{file}", file.name));
      return;
    }
    sending += 1;
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append("number", nextNumber());
    body.append("upload", file);
    const request = new XMLHttpRequest(); // fetch tells no progress of what it sends
    request.open("POST", form.dataset.upload);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      bar.value = event.loaded;
    });
    request.addEventListener("load", () => {
      if (request.status === 200) {
        place.insertAdjacentHTML("afterend", request.response.row);
        const row = place.nextElementSibling;
        place.remove();
        if (takesWords) moveWords(row);
        row.querySelector("input[type=text]").focus();
        form.dispatchEvent(new Event("input", { bubbles: true }));
      } else say(place, request.response?.sentence ?? files.dataset.failed.replace("{file}", file.name));
      finish();
    });
    request.addEventListener("error", () => {
      say(place, files.dataset.failed.replace("{file}", file.name));
      finish();
    });
    request.send(body);
  };
  files.addEventListener("change", (event) => {
    const input = event.target.closest("[data-evidence-upload]");
    if (!input) return;
    const chosen = [...input.files];
    for (const words of files.querySelectorAll("[role=alert]")) words.remove();
    input.value = "";
    chosen.forEach((file, place) => send(file, place === 0));
  });
  form.addEventListener(
    "submit",
    (event) => {
      if (!sending) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      waiting = event.submitter;
    },
    true,
  );
}
