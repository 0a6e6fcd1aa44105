// Runs before the first paint: the lists of pages and headings are open where they stand beside the text, and folded where
// they stand above it (docs.css).
for (const [list, wide] of [
  ['.pages', '(width > 64rem)'],
  ['.contents', '(width > 80rem)'],
]) {
  const fold = document.querySelector(`${list} > details`);
  const beside = matchMedia(wide);
  const follow = () => fold?.toggleAttribute('open', beside.matches);
  follow();
  beside.addEventListener('change', follow);
}
