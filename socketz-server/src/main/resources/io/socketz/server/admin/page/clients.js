import {duration, fillTable, setText, shortId} from './text.js';

const FIELDS = ['server', 'addr', 'name'];
const TYPING_MILLIS = 300;

/** The table of clients: filters, pages, and errors beside the field that they are about. */
export class Clients {
  #form = document.getElementById('filter');
  #table = document.getElementById('clients');
  #note = document.getElementById('clients-note');
  #buttons = ['first', 'previous', 'next'].map(name => document.getElementById(`clients-${name}`));
  /** The clients behind which the pages begin, of those that were passed to come here. */
  #passed = [];
  #clients = [];
  #hasMore = false;
  #typing = 0;

  /** @param reload has {@link #load} called */
  constructor(reload) {
    this.reload = reload;
    const restart = () => {
      clearTimeout(this.#typing);
      this.#turn([]);
    };
    this.#form.addEventListener('submit', event => {
      event.preventDefault();
      restart();
    });
    this.#form.addEventListener('reset', () => setTimeout(restart));
    this.#form.addEventListener('input', () => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(restart, TYPING_MILLIS);
    });
    const [first, previous, next] = this.#buttons;
    first.addEventListener('click', () => this.#turn([]));
    previous.addEventListener('click', () => this.#turn(this.#passed.slice(0, -1)));
    next.addEventListener('click', () => this.#turn([...this.#passed, this.#clients[this.#clients.length - 1].id]));
  }

  #turn(passed) {
    this.#passed = passed;
    this.reload();
  }

  get #limit() {
    return Number(this.#form.elements.limit.value);
  }

  /** Asks for the page again. @param ask as of page.js */
  async load(ask) {
    const limit = this.#limit;
    const query = new URLSearchParams({limit: limit + 1}); // one more, to see whether there is a next page
    for (const field of FIELDS) {
      const value = this.#form.elements[field].value.trim();
      if (value) {
        query.set(field, value);
      }
    }
    const after = this.#passed[this.#passed.length - 1];
    if (after) {
      query.set('after', after);
    }
    const {body} = await ask(`api/clients?${query}`);
    this.#showErrors(body);
    if (body.error !== undefined) {
      if (/_ID$/.test(body.error) && after) { // the page's first client left long ago
        this.#turn([]);
      }
      return;
    }
    this.#clients = body.clients.slice(0, limit);
    this.#hasMore = body.clients.length > limit;
    this.#showPage(body.total);
  }

  #showErrors({error, message}) {
    const word = /^expected (?:a )?(server|addr|name)\b/i.exec(message ?? '')?.[1].toLowerCase();
    const wrong = error === undefined ? null : word ?? (/_SERVER$/.test(error) ? 'server' : 'other');
    for (const field of FIELDS) {
      const input = this.#form.elements[field];
      input.setAttribute('aria-invalid', String(field === wrong));
      setText(document.getElementById(`filter-${field}-error`), field === wrong ? message : '');
    }
    setText(document.getElementById('clients-error'), wrong === 'other' && !/_ID$/.test(error) ? message : '');
  }

  #showPage(total) {
    const isFirst = this.#passed.length === 0;
    const [first, previous, next] = this.#buttons;
    first.disabled = isFirst;
    previous.disabled = isFirst;
    next.disabled = !this.#hasMore;
    const rows = this.#clients.length;
    setText(this.#note, `Page ${this.#passed.length + 1}: ${rows === 0 ? 'no clients' : `${rows} shown`}, ${total} connected in all`);
  }

  /** Shows the table. @param skew what the server's clock is ahead of this one's */
  show(now, skew) {
    fillTable(this.#table, this.#clients.map(client => ({
      cells: [
        client.name ?? '',
        client.addr,
        client.via ?? '',
        client.server,
        shortId(client.id),
        duration(now + skew - Date.parse(client.since)),
      ],
    })));
  }
}
