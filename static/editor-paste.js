// What comes from a clipboard, as the marks that a text may keep. Word tells most of it in styles and classes of its own:
// a list is paragraphs with a mark before them, a footnote a link to words at the end. LibreOffice and Google Docs have
// theirs. All else is dropped; words are kept, but for what was deleted with changes tracked, and comments.

// The content security policy complains of styles and handlers even in what is only read: they are renamed or go first.
const SHEET = /<style\b[^>]*>([\s\S]*?)<\/style>/gi;
const renamed = (html) =>
  html.replace(SHEET, "").replace(/<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi, (tag) =>
    tag.replace(/\sstyle=("[^"]*"|'[^']*')/gi, " data-style=$1").replace(/\son[a-z]+=("[^"]*"|'[^']*'|[^\s>]*)/gi, ""));

const stylesOf = (element) => {
  const styles = {};
  for (const part of (element.dataset?.style ?? "").split(";")) {
    const [name, ...value] = part.split(":");
    if (value.length) styles[name.trim().toLowerCase()] = value.join(":").trim().toLowerCase();
  }
  return styles;
};

const renameTo = (element, name) => {
  const made = element.ownerDocument.createElement(name);
  for (const { name: key, value } of element.attributes) made.setAttribute(key, value);
  made.append(...element.childNodes);
  element.replaceWith(made);
  return made;
};
const unwrap = (element) => element.replaceWith(...element.childNodes);
const isBlank = (text) => !text.replace(/[\s\u00a0\ufeff]/g, "");
const oneLine = (text) => text.replace(/[\s\u00a0]+/g, " ").trim();

// Footnotes: a mark is a link to a place of these names, where the words stand with a link back.

const NOTE = /^#((?:_?ftn|_?edn|ftnt)\d+|sd(?:foot|end)note\d+sym)$/i;

const wordsOfNote = (place) => {
  const whole = place.closest("[id^='ftn' i], [id^='edn' i], [id^='sdfootnote' i], [id^='sdendnote' i]");
  const note = (whole && whole !== place ? whole : place.closest("p, li, div")) ?? place.parentElement;
  place.remove();
  for (const link of note.querySelectorAll("a[href]")) {
    const address = link.getAttribute("href");
    if (/^https?:/i.test(address) && !oneLine(link.textContent).includes(address)) link.append(` (${address})`);
  }
  for (const paragraph of note.querySelectorAll("p + p, br")) paragraph.before(" ");
  const words = oneLine(note.textContent);
  note.remove();
  return words;
};

const readNotes = (body) => {
  const marks = [...body.querySelectorAll("a[href^='#']")].filter((link) => NOTE.test(link.getAttribute("href")));
  for (const mark of marks) {
    if (!mark.isConnected) continue;
    const name = mark.getAttribute("href").slice(1);
    const shown = oneLine(mark.textContent);
    const place = [...body.querySelectorAll("a[name], [id]")].find((one) => one.name === name || one.id === name);
    const note = body.ownerDocument.createElement("span");
    // words that were not copied leave their mark: the writer sees what is missing
    note.dataset.footnote = (place && wordsOfNote(place)) || shown || "*";
    note.textContent = "*";
    let around = mark;
    while (around.parentElement.matches("sup, span") && oneLine(around.parentElement.textContent) === shown) {
      around = around.parentElement;
    }
    around.replaceWith(note);
  }
  for (const rest of body.querySelectorAll("[data-style*='footnote-list'], [data-style*='endnote-list']")) rest.remove();
};

// Lists of Word: which level a paragraph has is told by its style, how it is marked by the words before its own.

const ROMAN = { i: 1, v: 5, x: 10, l: 50, c: 100 };
const romanValue = (letters) =>
  [...letters].reduce((sum, letter, at) => sum + (ROMAN[letter] < ROMAN[letters[at + 1]] ? -1 : 1) * ROMAN[letter], 0);

// Reads a mark such as "(b)": the kind of list, its number, and what stands around it. `before` is the mark before it at
// the same level: i) after h) is a letter, v) after iv) a number.
const readMark = (mark, before, format) => {
  const [, open, digits, letters, close] = /^(\(?)(?:(?:\d+\.)*(\d+)|([a-z]{1,6}))([.)]?)$/i.exec(mark) ?? [];
  if (!digits && (!letters || !close)) return { tag: "ul" };
  const around = open ? "()" : close === ")" ? ")" : null;
  if (digits) return { tag: "ol", type: null, number: Number(digits), around };
  const small = letters.toLowerCase();
  const value = 26 * (small.length - 1) + small.charCodeAt(0) - 96;
  const fits = /^[ivxlc]+$/.test(small);
  const goesOn = before?.type?.toLowerCase() === "a" && before.number + 1 === value;
  const startsOrGoesOn = /^i+$/.test(small) || small.length > 1 || (before?.type?.toLowerCase() === "i" && before.number + 1 === romanValue(small));
  const isRoman = format ? format === "roman" : fits && !goesOn && startsOrGoesOn;
  const type = isRoman && fits ? "i" : "a";
  const isSmall = letters === small;
  return { tag: "ol", type: isSmall ? type : type.toUpperCase(), number: type === "i" ? romanValue(small) : value, around };
};

// What a style sheet of Word says of the levels of its lists, which tells i) from i).
const formatsIn = (html) => {
  const formats = {};
  const sheets = [...html.matchAll(SHEET)].map(([, sheet]) => sheet).join("\n");
  for (const [, level, facts] of sheets.matchAll(/@list\s+(l\d+:level\d+)[^{]*\{([^}]*)\}/gi)) {
    const [, format] = /mso-level-number-format:\s*(roman|alpha)/i.exec(facts) ?? [];
    if (format) formats[level.toLowerCase()] = format.toLowerCase();
  }
  return formats;
};

const BULLET = /^[·•▪▫‣⁃◦●○■□➢✓\uf000-\uf0ff]$/u;
const TYPED = /^[\s\u00a0]*([·•▪‣◦●■\uf0a7\uf0b7]|(?:\(?(?:\d{1,3}|[a-z]{1,4})[.)]|[-–o§])(?=[\u00a0\t]))[\s\u00a0]+/iu;

// Takes the mark away from a paragraph of a list, and tells level and mark; nothing where it is no such paragraph.
const readItem = (paragraph) => {
  if (paragraph.tagName !== "P" && !/^H\d$/.test(paragraph.tagName)) return null;
  const found = /^(l\d+)\s+level(\d+)\s+(lfo\d+)/.exec(stylesOf(paragraph)["mso-list"] ?? "");
  const ignored = [...paragraph.querySelectorAll("[data-style]")].find((one) => stylesOf(one)["mso-list"] === "ignore");
  if (found) {
    const mark = ignored ? oneLine(ignored.textContent) : "·";
    ignored?.remove();
    return { list: found[3], level: Number(found[2]), key: `${found[1]}:level${found[2]}`, mark };
  }
  // without these styles a list is paragraphs that begin with a dot, or in its own style with whatever marks it
  const typed = TYPED.exec(paragraph.textContent);
  if (!typed || (!BULLET.test(typed[1]) && !/^MsoList/i.test(paragraph.className))) return null;
  let left = typed[0].length;
  const texts = paragraph.ownerDocument.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  while (left && texts.nextNode()) {
    const text = texts.currentNode;
    const taken = Math.min(left, text.length);
    text.deleteData(0, taken);
    left -= taken;
  }
  return { list: "typed", level: 1, key: "typed", mark: typed[1] };
};

const readLists = (container, formats) => {
  let open = []; // the lists around the next item: { element, list, level, mark }
  for (const child of [...container.children]) {
    const item = readItem(child);
    if (!item) {
      open = [];
      readLists(child, formats);
      continue;
    }
    while (open.length && open.at(-1).level > item.level) open.pop();
    let here = open.at(-1)?.level === item.level ? open.at(-1) : null;
    const mark = readMark(item.mark, here?.mark, formats[item.key]);
    const goesOn = here && here.mark.tag === mark.tag && here.mark.type === mark.type && here.mark.around === mark.around
      && (mark.tag === "ul" || here.mark.number + 1 === mark.number);
    if (!goesOn) {
      if (here) open.pop();
      const element = container.ownerDocument.createElement(mark.tag);
      if (mark.type) element.type = mark.type;
      if (mark.number > 1) element.setAttribute("start", mark.number);
      if (mark.around) element.dataset.delimiter = mark.around;
      const above = open.at(-1)?.element;
      if (above) above.lastElementChild.append(element);
      else child.before(element);
      here = { element, level: item.level };
      open.push(here);
    }
    here.mark = mark;
    const entry = container.ownerDocument.createElement("li");
    here.element.append(entry);
    entry.append(renameTo(child, "p"));
  }
};

// Headings: the highest of what was copied becomes a heading, all below it a sub-heading.

const levelOf = (element) => {
  const [, tag] = /^H(\d)$/.exec(element.tagName) ?? [];
  if (tag) return Number(tag);
  if (element.tagName !== "P") return 0;
  if (/^MsoTitle/i.test(element.className)) return 1;
  const outline = stylesOf(element)["mso-outline-level"];
  return /^\d$/.test(outline) ? Number(outline) : 0;
};

const readHeadings = (body) => {
  const found = [...body.querySelectorAll("h1, h2, h3, h4, h5, h6, p")].map((element) => [element, levelOf(element)]);
  const headings = found.filter(([element, level]) => level && !isBlank(element.textContent));
  const highest = Math.min(...headings.map(([, level]) => level));
  for (const [element, level] of headings) {
    const heading = renameTo(element, level === highest ? "h2" : "h3");
    for (const bold of heading.querySelectorAll("b, strong")) unwrap(bold);
  }
};

const QUOTED = /^(Mso(Intense)?Quote|MsoBlockText|quotations)/i;
const readQuotations = (body) => {
  for (const paragraph of body.querySelectorAll("p[class]")) {
    if (!QUOTED.test(paragraph.className)) continue;
    const before = paragraph.previousElementSibling;
    if (before?.tagName === "BLOCKQUOTE") before.append(paragraph);
    else {
      const quotation = body.ownerDocument.createElement("blockquote");
      paragraph.replaceWith(quotation);
      quotation.append(paragraph);
    }
  }
};

const readTables = (body) => {
  for (const table of body.querySelectorAll("td table, th table")) {
    for (const part of table.querySelectorAll("tr, thead, tbody, tfoot")) unwrap(part);
    for (const cell of table.querySelectorAll("td, th")) renameTo(cell, "div");
    unwrap(table);
  }
  for (const cell of body.querySelectorAll("thead td")) renameTo(cell, "th");
  for (const caption of body.querySelectorAll("caption")) caption.closest("table").before(renameTo(caption, "p"));
};

const readLetters = (body) => {
  for (const element of body.querySelectorAll("[data-style]")) {
    const styles = stylesOf(element);
    if ("mso-tab-count" in styles) element.textContent = " ";
    if (element.tagName === "B" && styles["font-weight"] === "normal") unwrap(element); // around all that Google Docs copies
    if (element.tagName !== "SPAN") continue;
    const around = [
      /^(bold|[6-9]00)/.test(styles["font-weight"]) && "strong",
      /^italic/.test(styles["font-style"]) && "em",
      /^super/.test(styles["vertical-align"]) && "sup",
      /^sub/.test(styles["vertical-align"]) && "sub",
    ].filter(Boolean);
    for (const name of around) {
      const made = body.ownerDocument.createElement(name);
      made.append(...element.childNodes);
      element.append(made);
    }
  }
};

const KEPT = { a: ["href"], td: ["colspan", "rowspan"], th: ["colspan", "rowspan"], ol: ["start", "type", "data-delimiter"], span: ["data-footnote"], p: ["dir", "lang"] };

const dropRest = (body) => {
  for (const element of body.querySelectorAll("p[dir]")) {
    const isRight = element.getAttribute("dir").toLowerCase() === "rtl";
    const [, language] = /^([a-z]{2})\b/i.exec(element.querySelector("[lang]")?.lang ?? "") ?? [];
    element.removeAttribute("lang");
    if (!isRight) element.removeAttribute("dir");
    else {
      element.setAttribute("dir", "rtl");
      if (language) element.setAttribute("lang", language.toLowerCase());
    }
  }
  for (const paragraph of body.querySelectorAll("p[lang]:not([dir])")) paragraph.removeAttribute("lang");
  for (const link of body.querySelectorAll("a")) {
    if (!/^(https?:|mailto:)/i.test(link.getAttribute("href") ?? "")) unwrap(link);
  }
  for (const element of body.querySelectorAll("*")) {
    const kept = KEPT[element.localName] ?? [];
    for (const { name } of [...element.attributes]) if (!kept.includes(name)) element.removeAttribute(name);
  }
  for (const span of body.querySelectorAll("span:not([data-footnote]), div, font")) if (!span.matches("div")) unwrap(span);
  for (const block of body.querySelectorAll("p, h2, h3")) {
    while (block.lastElementChild?.tagName === "BR" && block.lastChild === block.lastElementChild) block.lastChild.remove();
    if (isBlank(block.textContent) && !block.closest("td, th, li")) block.remove();
  }
};

// Returns the HTML of a clipboard with nothing in it but what a text may hold.
export const tidied = (html) => {
  if (html.includes("data-pm-slice")) return html; // from an editor of the portal
  const page = new DOMParser().parseFromString(renamed(html), "text/html");
  const { body } = page;
  const formats = formatsIn(html);
  const dropped = "script, title, meta, link, xml, del, hr, img, [data-style*='mso-element:comment'], .MsoCommentReference";
  for (const element of page.querySelectorAll(dropped)) element.remove();
  for (const comment of body.querySelectorAll("[data-style*='mso-comment-continuation'], [data-style*='mso-comment-reference']")) unwrap(comment);
  readNotes(body);
  readLists(body, formats);
  readHeadings(body);
  readQuotations(body);
  readTables(body);
  readLetters(body);
  dropRest(body);
  return body.innerHTML;
};
