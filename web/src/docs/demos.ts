/** The demos of the page of the elements: they run once their script is here. */
import 'cloze-models';
import 'cloze/elements';

// What a server would be sent.
for (const form of document.forms)
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const sent = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    form.querySelector('output')!.textContent = sent.toString();
  });
