// How many words are left, while one types: <p data-word-limit="150" data-for="id of the field" data-left="..." data-over="...">
// with a [data-shown] for the eye and a [data-spoken] that screen readers hear when the typing pauses.
// Counts as portal.common.richtext.word_count does: footnotes are left out, Chinese counts by the ideograph.
{
  const BREAKING = "p, li, br, h2, h3, td, th, blockquote";
  const IDEOGRAPH = /[\u4e00-\u9fff]/g;

  const plain = (value) => {
    if (!/<\/?[a-z][^>]*>/i.test(value)) return value;
    const { body } = new DOMParser().parseFromString(value, "text/html");
    for (const note of body.querySelectorAll("[data-footnote], [data-reference]")) note.remove();
    for (const block of body.querySelectorAll(BREAKING)) block.prepend(" "), block.before(" ");
    return body.textContent;
  };

  const countWords = (value) => {
    const text = plain(value);
    return (text.match(IDEOGRAPH) ?? []).length + text.replace(IDEOGRAPH, " ").split(/\s+/).filter(Boolean).length;
  };

  const show = (counter, { speak }) => {
    const field = document.getElementById(counter.dataset.for);
    if (!field) return;
    const limit = Number(counter.dataset.wordLimit);
    const count = countWords(field.value);
    const over = count > limit;
    const words = (over ? counter.dataset.over : counter.dataset.left)
      .replace("{count}", count).replace("{limit}", limit).replace("{rest}", Math.abs(limit - count));
    counter.querySelector("[data-shown]").textContent = words;
    counter.toggleAttribute("data-is-over", over);
    if (!speak) return;
    clearTimeout(counter.pause);
    counter.pause = setTimeout(() => (counter.querySelector("[data-spoken]").textContent = words), 1500);
  };

  document.addEventListener("input", ({ target }) => {
    if (!target.id) return;
    for (const counter of document.querySelectorAll(`[data-word-limit][data-for="${CSS.escape(target.id)}"]`)) {
      show(counter, { speak: true });
    }
  });
  const showAll = (root) => root.querySelectorAll("[data-word-limit]").forEach((counter) => show(counter, { speak: false }));
  document.addEventListener("DOMContentLoaded", () => showAll(document));
  document.addEventListener("htmx:load", (event) => showAll(event.target));
}
