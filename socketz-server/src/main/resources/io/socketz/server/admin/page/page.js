import {drawRates} from './chart.js';
import {Clients} from './clients.js';
import {Events} from './events.js';
import {Servers} from './servers.js';
import {fillTable, setText, shortId} from './text.js';

const TICK_MILLIS = 250;
const LEAST_PAUSE_MILLIS = 1000;
const TIMEOUT_MILLIS = 8000;

/** Dates in HTTP are cut to seconds, and answers take their time. */
const DATE_MILLIS = 3000;

const byId = id => document.getElementById(id);
const servers = new Servers();

/** What the server's clock is ahead of this one's, in milliseconds. */
let skew = 0;
/** Whether the server answers this page: `asking`, `yes` or `no`. */
let answers = 'asking';

/** The answer of the API: its status and its JSON. */
async function ask(path) {
  const response = await fetch(path, {signal: AbortSignal.timeout(TIMEOUT_MILLIS)});
  const ahead = Date.parse(response.headers.get('Date')) - Date.now();
  skew = Math.abs(ahead) > DATE_MILLIS ? ahead : 0;
  return {status: response.status, body: await response.json()};
}

/** Loads something while the page is visible: now and then, and soon when something has changed, but not more than once a second. */
class Loading {
  #load;
  #everyMillis;
  #startedAt = 0;
  #isLoading = false;
  #isDue = true;

  constructor(everyMillis, load) {
    this.#everyMillis = everyMillis;
    this.#load = load;
  }

  soon() {
    this.#isDue = true;
  }

  /** Somebody waits for it. */
  now() {
    this.#isDue = true;
    this.#startedAt = 0;
    this.tick();
  }

  async tick() {
    const age = Date.now() - this.#startedAt;
    const isDue = this.#isDue ? age >= LEAST_PAUSE_MILLIS : age >= this.#everyMillis;
    if (document.hidden || this.#isLoading || !isDue) {
      return;
    }
    this.#isLoading = true;
    this.#isDue = false;
    this.#startedAt = Date.now();
    try {
      await this.#load();
      show();
    } catch {
      this.#isDue = true;
      onFailure(this);
    } finally {
      this.#isLoading = false;
    }
  }
}

const serverLoading = new Loading(2000, async () => {
  const {status, body} = await ask('api/servers');
  if (status !== 200) {
    throw new Error(body.message);
  }
  servers.onAnswer(body, Date.now());
  answers = 'yes';
  showNames();
});

function onFailure(loading) {
  if (loading === serverLoading) {
    answers = 'no';
  } else {
    serverLoading.soon();
  }
}

const ownLoading = new Loading(30_000, async () => {
  const {body} = await ask('api/server');
  setText(byId('asked'), `as ${body.name} (${shortId(body.id)}) sees it`);
});

/** As last answered. */
let rates = {interval: 1, joins: [], leaves: []};

function showRates() {
  drawRates(byId('chart'), byId('rates-text'), rates);
}

const rateLoading = new Loading(5000, async () => {
  const {body} = await ask('api/rates');
  rates = body;
  showRates();
  const reasons = Object.entries(body.reasons).sort(([, a], [, b]) => b - a);
  fillTable(byId('reasons'), reasons.map(([reason, clients]) => ({cells: [reason, String(clients)]})));
  setText(byId('reasons-note'), reasons.length === 0 ? 'Nobody has left yet.' : 'Since the server that you ask was started.');
});

const clients = new Clients(() => clientLoading.now());
const clientLoading = new Loading(10_000, () => clients.load(ask));

const loadings = [serverLoading, ownLoading, rateLoading, clientLoading];

const events = new Events(event => {
  servers.onEvent(event, Date.now());
  if (event.event !== 'now') {
    loadings.filter(loading => loading !== ownLoading).forEach(loading => loading.soon());
  }
}, () => serverLoading.soon());

function showNames() {
  const options = byId('server-names');
  const names = servers.names;
  if (names.join() !== [...options.children].map(option => option.value).join()) {
    options.replaceChildren(...names.map(name => new Option(name, name)));
  }
}

function showSentence(now) {
  if (answers === 'asking') {
    return;
  }
  const lostServer = {text: 'this page has lost its server; trying again', key: 'this page has lost its server'};
  const problems = answers === 'yes' ? servers.problems(now) : [lostServer];
  const isWell = problems.length === 0;
  const sentence = part => `${problems.map(problem => problem[part]).join('; ')}.`;
  byId('sentence').dataset.kind = isWell ? 'well' : 'wrong';
  setText(byId('sentence'), isWell ? servers.wellness() : sentence('text'));
  // Read aloud only when it becomes another one, not each second.
  setText(byId('announcement'), isWell ? 'All is well.' : sentence('key'));
  // What is true while nobody looks is not asked.
  setText(document.querySelector('title'), document.hidden ? 'Socketz' : isWell ? 'Socketz: all is well' : `! ${sentence('text')} Socketz`);
}

function show() {
  const now = Date.now();
  showSentence(now);
  fillTable(byId('servers'), servers.rows(now, skew));
  setText(byId('agreement'), servers.agreement());
  clients.show(now, skew);
  events.show();
}

function tick() {
  loadings.forEach(loading => loading.tick());
  show();
}

document.addEventListener('visibilitychange', () => {
  loadings.forEach(loading => loading.soon());
  tick();
});
addEventListener('resize', showRates);
setInterval(tick, TICK_MILLIS);
tick();
