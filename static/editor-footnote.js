// A footnote in the text: one mark that is one node, so that two marks on one spot stay two notes.
//
// Stored as <span data-footnote="its words" data-reference="12">*</span>; either attribute may be missing.
// In the editor the marks count themselves by a counter of the style sheet.

import { Node } from "django-prose-editor/editor";

export const Footnote = Node.create({
  name: "footnote",
  priority: 1000, // its Enter comes before that of the text
  group: "inline",
  inline: true,
  atom: true,
  selectable: true,
  draggable: true,

  addOptions() {
    return { label: "Footnote", onOpen: () => {} };
  },

  addAttributes() {
    return {
      words: {
        default: "",
        parseHTML: (element) => element.getAttribute("data-footnote") ?? "",
        renderHTML: ({ words }) => ({ "data-footnote": words }),
      },
      reference: {
        default: null,
        parseHTML: (element) => element.getAttribute("data-reference"),
        renderHTML: ({ reference }) => (reference ? { "data-reference": reference } : {}),
      },
    };
  },

  parseHTML() {
    return [{ tag: "span[data-footnote]" }, { tag: "span[data-reference]" }];
  },

  renderHTML({ HTMLAttributes }) {
    return ["span", HTMLAttributes, "*"];
  },

  renderText() {
    return "*";
  },

  addNodeView() {
    return ({ node, editor }) => {
      const dom = document.createElement("span");
      dom.className = "editor-note";
      dom.setAttribute("role", "img");
      const show = ({ attrs }) => {
        dom.title = attrs.words;
        dom.setAttribute("aria-label", `${this.options.label}: ${attrs.words}`);
      };
      show(node);
      dom.addEventListener("dblclick", () => this.options.onOpen(editor));
      return {
        dom,
        update: (changed) => {
          if (changed.type !== node.type) return false;
          show(changed);
          return true;
        },
      };
    };
  },

  addKeyboardShortcuts() {
    return {
      Enter: ({ editor }) => {
        if (editor.state.selection.node?.type.name !== this.name) return false;
        this.options.onOpen(editor);
        return true;
      },
    };
  },
});
