import {count, setText} from './text.js';

const SHOWN = 50;
const REOPEN_MILLIS = 2000;

/** The stream of events, and the list of the last ones. */
export class Events {
  #list = document.getElementById('events');
  #note = document.getElementById('events-note');
  #pause = document.getElementById('events-pause');
  /** The latest first. */
  #latest = [];
  #isChanged = false;
  #isPaused = false;
  #missed = 0;

  /** @param onEvent gets each event; @param onBreak is called when the stream breaks off, which it does each minute */
  constructor(onEvent, onBreak) {
    this.onEvent = onEvent;
    this.onBreak = onBreak;
    this.#pause.addEventListener('click', () => {
      this.#isPaused = !this.#isPaused;
      this.#missed = 0;
      this.#isChanged = true;
      setText(this.#pause, this.#isPaused ? 'Resume' : 'Pause');
      this.show();
    });
    this.#open();
  }

  /** The browser opens the stream again by itself, behind the last event, unless the server refused it. */
  #open() {
    const stream = new EventSource('api/events');
    stream.onmessage = message => this.#onEvent(JSON.parse(message.data));
    stream.onerror = () => {
      if (stream.readyState === EventSource.CLOSED) {
        setTimeout(() => this.#open(), REOPEN_MILLIS);
      }
      this.onBreak();
    };
  }

  #onEvent(event) {
    this.onEvent(event);
    if (event.event !== 'now') {
      this.#latest.unshift({event, at: new Date()});
      this.#latest.length = Math.min(SHOWN, this.#latest.length);
      this.#isChanged = true;
      this.#missed += this.#isPaused ? 1 : 0;
    }
  }

  show() {
    setText(this.#note, this.#isPaused ? `Paused: ${count(this.#missed, 'event')} since` : this.#latest.length === 0 ? 'None yet' : '');
    if (this.#isChanged && !this.#isPaused) {
      this.#isChanged = false;
      this.#list.replaceChildren(...this.#latest.map(item));
    }
  }
}

function item({event, at}) {
  const line = document.createElement('li');
  const time = document.createElement('time');
  time.dateTime = at.toISOString();
  time.textContent = at.toTimeString().slice(0, 8);
  const kind = document.createElement('strong');
  kind.textContent = event.event;
  const revision = document.createElement('span');
  revision.className = 'revision';
  revision.textContent = ` at revision ${event.revision}`;
  line.append(time, ' ', kind, ' ', words(event), revision);
  return line;
}

function words(event) {
  const parts = [event.name, event.addr];
  if (event.server !== undefined) {
    parts.push(`on ${event.server}`);
  }
  if (event.event === 'server-down') {
    parts.push(`with ${count(event.clients, 'client')}`);
  }
  parts.push(event.reason, event.event === 'resync' ? 'the server does not know each change before this' : event.text);
  return parts.filter(part => part !== undefined).join(' ');
}
