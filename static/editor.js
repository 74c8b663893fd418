// The editor over every <textarea data-rich-text="...">. The textarea stays, hidden, and carries the text to the server;
// without scripts it is the editor. The attribute holds the words of the interface in the reader's language, and the
// references that a footnote may cite.

import {
  Blockquote, Bold, BulletList, Document, Dropcursor, Editor, Extension, Gapcursor, HardBreak, Heading, History, Italic,
  Link, ListItem, Mark, OrderedList, Paragraph, Subscript, Superscript, Table, TableCell, TableHeader, TableRow, Text,
} from "django-prose-editor/editor";
import { Footnote } from "portal/editor-footnote";
import { tidied } from "portal/editor-paste";

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
};

const picture = (path) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
  svg.firstChild.setAttribute("d", path);
  return svg;
};

// Text typed without any mark-up: a blank line ends a paragraph, as the server has it.
const asHtml = (text) => {
  if (/<\/?[a-z][^>]*>/i.test(text)) return text;
  const paragraphs = text.split(/\r?\n\s*\r?\n/).filter((part) => part.trim());
  return paragraphs.map((part) => element("p", {}, part.trim().split(/\s+/).join(" ")).outerHTML).join("");
};

// What the stored text may say beyond the usual, and must not lose here: the language of a paragraph or of some words.
const attribute = (name) => ({
  default: null,
  parseHTML: (found) => found.getAttribute(name),
  renderHTML: (attributes) => (attributes[name] ? { [name]: attributes[name] } : {}),
});
const KeptAttributes = Extension.create({
  name: "keptAttributes",
  addGlobalAttributes: () => [
    { types: ["paragraph"], attributes: { lang: attribute("lang"), dir: attribute("dir") } },
    { types: ["blockquote"], attributes: { cite: attribute("cite") } },
    { types: ["orderedList"], attributes: { "data-delimiter": attribute("data-delimiter") } },
    { types: ["tableHeader"], attributes: { scope: attribute("scope") } },
  ],
});
const OtherLanguage = Mark.create({
  name: "otherLanguage",
  addAttributes: () => ({ lang: attribute("lang"), dir: attribute("dir") }),
  parseHTML: () => [{ tag: "span[lang]:not([data-footnote], [data-reference])" }],
  renderHTML: ({ HTMLAttributes }) => ["span", HTMLAttributes, 0],
});

// Ask for some values in a dialog. Resolves to the values, to "remove", or to null.
const ask = ({ title, fields, submit, remove, cancel }) =>
  new Promise((resolve) => {
    const id = `editor-dialog-${Math.random().toString(36).slice(2)}`;
    const inputs = fields.map(({ name, label, help, value, type, choices }) => {
      const facts = { id: `${id}-${name}`, name, "aria-describedby": help && `${id}-${name}-help` };
      let input;
      if (choices) {
        const option = ([key, words]) => element("option", { value: key, selected: key === (value ?? "") }, words);
        input = element("select", facts, ...choices.map(option));
      } else if (type === "textarea") {
        input = element("textarea", { ...facts, rows: 4 });
        input.value = value ?? "";
      } else {
        input = element("input", { ...facts, type: type ?? "text" });
        input.value = value ?? "";
      }
      return { name, label, help, input };
    });
    const rows = inputs.map(({ label, help, input }) =>
      element("div", { class: "field" },
        element("label", { for: input.id }, label),
        ...(help ? [element("div", { class: "field-help", id: `${input.id}-help` }, help)] : []),
        input));
    const buttons = element("p", { class: "actions" },
      element("button", { class: "btn btn-primary", type: "submit" }, submit),
      ...(remove ? [element("button", { class: "btn btn-danger", type: "button", "data-remove": true }, remove)] : []),
      element("button", { class: "btn btn-secondary", type: "button", "data-cancel": true }, cancel));
    const form = element("form", { method: "dialog", novalidate: true }, element("h2", { id }, title), ...rows, buttons);
    const dialog = element("dialog", { class: "editor-dialog", "aria-labelledby": id }, form);
    // answered at once, not when the browser tells of the closing: what is typed next must come after the answer
    const finish = (answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      finish(Object.fromEntries(inputs.map(({ name, input }) => [name, input.value.trim()])));
    });
    form.addEventListener("click", (event) => {
      if (event.target.closest("[data-remove]")) finish("remove");
      if (event.target.closest("[data-cancel]")) finish(null);
    });
    dialog.addEventListener("close", () => finish(null)); // by Escape
    document.body.append(dialog);
    dialog.showModal();
    inputs[0].input.focus();
  });

const start = (textarea) => {
  if (textarea.dataset.started) return;
  textarea.dataset.started = "yes";
  const { words, references } = JSON.parse(textarea.dataset.richText);

  const openLink = async (editor) => {
    const before = editor.getAttributes("link").href;
    if (!before && editor.state.selection.empty) return say(words.selectFirst);
    const answer = await ask({
      title: words.link,
      fields: [{ name: "href", label: words.address, help: words.addressHelp, value: before, type: "url" }],
      submit: words.keep,
      remove: before && words.remove,
      cancel: words.cancel,
    });
    const chain = editor.chain().focus().extendMarkRange("link");
    if (answer === "remove" || answer?.href === "") chain.unsetLink().run();
    else if (answer) chain.setLink({ href: withScheme(answer.href) }).run();
    else editor.commands.focus();
  };
  const withScheme = (address) => {
    if (/^(https?:|mailto:)/i.test(address)) return address;
    return /^[^/]+@[^/]+$/.test(address) ? `mailto:${address}` : `https://${address}`;
  };

  // The marks of a list, as a person knows them: what stands around the letter or number, and of which kind it is.
  const KINDS = { 1: "decimal", a: "lower-alpha", A: "upper-alpha", i: "lower-roman", I: "upper-roman" };
  const MARKS = ["1.", "1)", "(1)", "a.", "a)", "(a)", "A.", "A)", "(A)", "i.", "i)", "(i)", "I.", "I)", "(I)"];
  const openMarks = async (editor) => {
    const { type, start, "data-delimiter": around } = editor.getAttributes("orderedList");
    const sign = Object.keys(KINDS).find((one) => KINDS[one] === type) ?? "1";
    const before = { ")": `${sign})`, "()": `(${sign})` }[around] ?? `${sign}.`;
    const answer = await ask({
      title: words.marks,
      fields: [
        { name: "mark", label: words.marks, value: before, choices: MARKS.map((mark) => [mark, mark]) },
        { name: "start", label: words.firstNumber, value: start, type: "number" },
      ],
      submit: words.keep,
      cancel: words.cancel,
    });
    if (!answer) return editor.commands.focus();
    const kind = answer.mark.replace(/[().]/g, "");
    editor.chain().focus().updateAttributes("orderedList", {
      type: KINDS[kind],
      start: Math.max(1, Number.parseInt(answer.start, 10) || 1),
      "data-delimiter": answer.mark.includes(".") ? null : answer.mark.replace(kind, ""),
    }).run();
  };

  // The source of a quotation is its last paragraph, so it is printed wherever the quotation is.
  const openSource = async (editor) => {
    const answer = await ask({
      title: words.source,
      fields: [
        { name: "words", label: words.sourceWords, help: words.sourceHelp },
        { name: "href", label: words.address, help: words.addressHelp, type: "url" },
      ],
      submit: words.keep,
      cancel: words.cancel,
    });
    if (!answer?.words) return editor.commands.focus();
    const { $from } = editor.state.selection;
    let depth = $from.depth;
    while ($from.node(depth).type.name !== "blockquote") depth -= 1;
    const marks = answer.href ? [{ type: "link", attrs: { href: withScheme(answer.href) } }] : [];
    const content = [{ type: "text", text: "— " }, { type: "text", text: answer.words, marks }];
    editor.chain().focus().insertContentAt($from.end(depth), { type: "paragraph", content }).run();
  };

  const openFootnote = async (editor) => {
    const { node, from, to } = editor.state.selection;
    const before = node?.type.name === "footnote" ? node.attrs : null;
    const fields = [{ name: "words", label: words.noteWords, help: words.noteHelp, value: before?.words, type: "textarea" }];
    if (references.length) {
      fields.push({ name: "reference", label: words.noteCites, value: before?.reference, choices: [["", words.noteCitesNothing], ...references] });
    }
    const answer = await ask({
      title: words.footnote, fields, submit: words.keep, remove: before && words.remove, cancel: words.cancel,
    });
    const chain = editor.chain().focus();
    if (answer === "remove") return chain.deleteSelection().run();
    if (!answer) return chain.run();
    const attrs = { words: answer.words, reference: (references.length ? answer.reference : before?.reference) || null };
    if (!attrs.words && !attrs.reference) return before ? chain.deleteSelection().run() : chain.run();
    // the cursor goes behind the note: typing on must not replace it
    if (before) return chain.updateAttributes("footnote", attrs).setTextSelection(from + 1).run();
    return chain.setTextSelection(to).insertContent({ type: "footnote", attrs }).run();
  };

  const bar = element("div", { class: "editor-bar", role: "toolbar", "aria-label": words.bar });
  const place = element("div");
  const spoken = element("div", { class: "visually-hidden", role: "status" });
  const say = (text) => (spoken.textContent = text);
  const frame = element("div", { class: "editor" });
  textarea.before(frame);
  frame.append(bar, place, spoken, textarea);
  textarea.hidden = true;

  const label = textarea.labels?.[0];
  if (label && !label.id) label.id = `${textarea.id}-label`;
  const editor = new Editor({
    element: place,
    injectCSS: false, // the content security policy lets no script add styles
    content: asHtml(textarea.value),
    editable: !textarea.disabled && !textarea.readOnly,
    extensions: [
      Document, Paragraph, Text, HardBreak, Bold, Italic, Subscript, Superscript,
      BulletList, OrderedList, ListItem, Blockquote, Heading.configure({ levels: [2, 3] }),
      Table, TableRow, TableHeader, TableCell,
      Link.extend({ addKeyboardShortcuts: () => ({ "Mod-k": ({ editor }) => (openLink(editor), true) }) }).configure({
        openOnClick: false,
        autolink: false,
        isAllowedUri: (address) => /^(https?:|mailto:)/i.test(address),
        HTMLAttributes: { target: null, rel: null, class: null },
      }),
      Footnote.configure({ label: words.footnote, onOpen: openFootnote }),
      KeptAttributes, OtherLanguage, History, Dropcursor.configure({ class: "editor-drop", color: false }), Gapcursor,
    ],
    editorProps: {
      transformPastedHTML: tidied,
      attributes: {
        class: "editor-text prose",
        role: "textbox",
        "aria-multiline": "true",
        ...(label ? { "aria-labelledby": label.id } : { "aria-label": words.bar }),
        ...Object.fromEntries(
          ["aria-describedby", "aria-invalid", "lang", "dir"]
            .filter((name) => textarea.hasAttribute(name))
            .map((name) => [name, textarea.getAttribute(name)]),
        ),
        ...(textarea.dataset.required ? { "aria-required": "true" } : {}),
      },
    },
    onUpdate({ editor }) {
      textarea.value = editor.isEmpty ? "" : editor.getHTML();
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  textarea.portalEditor = editor;
  if (location.hash === `#${textarea.id}`) {
    // who was led here goes on typing; the browser looks for the place itself when all is loaded, and takes the focus away
    const lead = () => setTimeout(() => editor.commands.focus());
    if (document.readyState === "complete") lead();
    else addEventListener("load", lead, { once: true });
  }

  // The text stands in the direction of its own language, which another field of the form may say.
  const languageField = textarea.form?.elements[textarea.dataset.languageField ?? "language"];
  const turn = () => {
    editor.view.dom.lang = languageField.value;
    editor.view.dom.dir = languageField.value === "ar" ? "rtl" : "ltr";
  };
  if (languageField?.value) {
    turn();
    languageField.addEventListener("change", turn);
  }
  label?.addEventListener("click", () => editor.commands.focus());
  textarea.addEventListener("focus", () => editor.commands.focus());

  // The bar: each button with its label, what it does, and how to know whether it is on.
  const mark = (name) => ({ run: (chain) => chain.toggleMark(name), on: () => editor.isActive(name) });
  const heading = (level) => ({
    run: (chain) => chain.toggleHeading({ level }),
    on: () => editor.isActive("heading", { level }),
  });
  const inTable = () => editor.isActive("table");
  const groups = [
    [
      { label: words.bold, face: element("b", {}, "B"), ...mark("bold") },
      { label: words.italic, face: element("i", {}, "I"), ...mark("italic") },
      { label: words.superscript, face: element("span", {}, "x²"), ...mark("superscript") },
      { label: words.subscript, face: element("span", {}, "x₂"), ...mark("subscript") },
    ],
    [
      { label: words.heading, face: element("b", {}, "H1"), ...heading(2) },
      { label: words.subheading, face: element("b", {}, "H2"), ...heading(3) },
    ],
    [
      { label: words.bullets, face: picture("M9 6h11M9 12h11M9 18h11M4.5 6v.1M4.5 12v.1M4.5 18v.1"), run: (c) => c.toggleBulletList(), on: () => editor.isActive("bulletList") },
      { label: words.numbers, face: picture("M10 6h10M10 12h10M10 18h10M4 4.5l1.5-.5v5M4 15h2.5L4 19h2.5"), run: (c) => c.toggleOrderedList(), on: () => editor.isActive("orderedList") },
      { label: words.quotation, face: picture("M5 17c3 0 4-2 4-5V7H4v5h4M14 17c3 0 4-2 4-5V7h-5v5h4"), run: (c) => c.toggleBlockquote(), on: () => editor.isActive("blockquote") },
      { label: words.marks, face: element("span", {}, words.marksShort), open: openMarks, hidden: () => !editor.isActive("orderedList") },
      { label: words.source, face: element("span", {}, words.sourceShort), open: openSource, hidden: () => !editor.isActive("blockquote") },
    ],
    [
      { label: words.link, face: picture("M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1"), open: openLink, on: () => editor.isActive("link") },
      { label: words.footnote, face: element("span", {}, words.footnoteShort), open: openFootnote, on: () => editor.isActive("footnote") },
    ],
    [
      { label: words.table, face: picture("M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14"), run: (c) => c.insertTable({ rows: 3, cols: 3, withHeaderRow: true }), hidden: inTable },
      { label: words.addRow, face: element("span", {}, words.addRow), run: (c) => c.addRowAfter(), hidden: () => !inTable() },
      { label: words.addColumn, face: element("span", {}, words.addColumn), run: (c) => c.addColumnAfter(), hidden: () => !inTable() },
      { label: words.deleteRow, face: element("span", {}, words.deleteRow), run: (c) => c.deleteRow(), hidden: () => !inTable() },
      { label: words.deleteColumn, face: element("span", {}, words.deleteColumn), run: (c) => c.deleteColumn(), hidden: () => !inTable() },
      { label: words.deleteTable, face: element("span", {}, words.deleteTable), run: (c) => c.deleteTable(), hidden: () => !inTable() },
    ],
    [
      { label: words.undo, face: picture("M9 5 4 10l5 5M4.5 10H14a5.5 5.5 0 0 1 0 11h-2"), run: (c) => c.undo(), able: () => editor.can().undo() },
      { label: words.redo, face: picture("m15 5 5 5-5 5M19.5 10H10a5.5 5.5 0 0 0 0 11h2"), run: (c) => c.redo(), able: () => editor.can().redo() },
    ],
  ];
  const items = groups.flat();
  for (const group of groups) {
    const box = element("div", { role: "group" });
    for (const item of group) {
      item.button = element("button", { type: "button", tabindex: -1, title: item.label, "aria-label": item.label }, item.face);
      item.button.addEventListener("click", () => {
        if (item.able && !item.able()) return;
        if (item.open) item.open(editor);
        else item.run(editor.chain().focus()).run();
      });
      box.append(item.button);
    }
    bar.append(box);
  }
  const refresh = () => {
    for (const { button, on, able, hidden } of items) {
      if (on) button.setAttribute("aria-pressed", String(!!on()));
      if (able) button.setAttribute("aria-disabled", String(!able()));
      if (hidden) button.hidden = hidden();
    }
    if (!bar.querySelector("button[tabindex='0']:not([hidden])")) {
      for (const { button } of items) button.tabIndex = -1;
      items[0].button.tabIndex = 0;
    }
  };
  editor.on("transaction", refresh);
  refresh();

  // One stop of the Tab key for the whole bar; arrows move within, Escape goes back to the text.
  const moveTo = (button) => {
    for (const item of items) item.button.tabIndex = item.button === button ? 0 : -1;
    button.focus();
  };
  // A press with the mouse leaves the cursor in the text: a space typed right after must not press the button again.
  bar.addEventListener("mousedown", (event) => event.preventDefault());
  bar.addEventListener("keydown", (event) => {
    const shown = items.map(({ button }) => button).filter((button) => !button.hidden);
    const at = shown.indexOf(document.activeElement);
    const forward = getComputedStyle(bar).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const backward = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    const to = { [forward]: at + 1, [backward]: at - 1, Home: 0, End: shown.length - 1 }[event.key];
    if (event.key === "Escape") editor.commands.focus();
    if (to === undefined) return;
    event.preventDefault();
    moveTo(shown[(to + shown.length) % shown.length]);
  });
  place.addEventListener("keydown", (event) => {
    if (event.altKey && event.key === "F10") {
      event.preventDefault();
      moveTo(bar.querySelector("button[tabindex='0']"));
    }
  });
};

// Under a fold an editor starts when it is opened first: a form may have many.
const startSoon = (textarea) => {
  const fold = textarea.closest("details:not([open])");
  if (fold) fold.addEventListener("toggle", () => startSoon(textarea), { once: true });
  else start(textarea);
};
const startAll = (root) => root.querySelectorAll("textarea[data-rich-text]").forEach(startSoon);
startAll(document);
document.addEventListener("htmx:load", (event) => startAll(event.target));

// A link to the field, as in the summary of errors, leads to its editor.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  const editor = link && document.getElementById(link.hash.slice(1))?.portalEditor;
  if (!editor) return;
  event.preventDefault();
  const around = editor.view.dom.closest("details");
  if (around) around.open = true;
  editor.commands.focus();
});
