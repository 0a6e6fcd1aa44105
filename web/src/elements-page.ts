/** The page of the elements: runs what its templates hold, shows their HTML, and lists the attributes from the screens' schemas. */
import { tokensText } from 'cloze/elements';
import { SCREENS, stateAttributes, type Field, type Schema } from 'cloze/screens';

const tokens = new CSSStyleSheet();
tokens.replaceSync(tokensText);
document.adoptedStyleSheets.push(tokens);

/** An element with text in it. */
function made<K extends keyof HTMLElementTagNameMap>(name: K, text = '', className = ''): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  element.textContent = text;
  element.className = className;
  return element;
}

for (const template of document.querySelectorAll('template')) {
  const stage = made('div', '', 'stage');
  stage.append(template.content.cloneNode(true));
  const source = made('pre', '', 'source');
  source.tabIndex = 0;
  source.setAttribute('aria-label', 'HTML');
  source.append(made('code', template.innerHTML.trim().replaceAll('=""', '')));
  template.after(stage, source);
}

// What a server would be sent.
for (const form of document.forms) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const sent = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    form.querySelector('output')!.textContent = sent.toString();
  });
}

/** What a field takes, in words. */
function values(field: Field): string {
  switch (field.kind) {
    case 'flag':
      return 'true, false';
    case 'choice':
      return field.of.join(', ');
    case 'list':
      return `a JSON list of at most ${field.most} texts`;
    case 'number':
      return `${field.whole ? 'whole number' : 'number'}, ${field.min} to ${field.max}`;
    case 'seed':
      return 'whole number; another one each time where it is left out';
    case 'text':
      return 'text';
  }
}

for (const { tag, schema } of SCREENS) {
  const table = made('table');
  table.append(made('caption', `<${tag}>`));
  const head = table.createTHead().insertRow();
  for (const name of ['Attribute', 'Values', 'At first']) {
    const cell = made('th', name);
    cell.scope = 'col';
    head.append(cell);
  }
  const body = table.createTBody();
  // Train and Models are tools: their state is for links.
  const { observedAttributes: known = [] } = customElements.get(tag) as unknown as { observedAttributes?: string[] };
  const fields: Schema = schema;
  for (const [attribute, key] of stateAttributes(fields)) {
    const field = fields[key];
    if (!field || !known.includes(attribute)) continue;
    const row = body.insertRow();
    const name = made('th');
    name.scope = 'row';
    name.append(made('code', attribute));
    row.append(name, made('td', values(field)), made('td', field.default === null ? '' : String(field.default)));
  }
  if (body.rows.length === 0) continue;
  const scroll = made('div', '', 'scroll');
  scroll.append(table);
  document.getElementById('attributes')!.append(scroll);
}
