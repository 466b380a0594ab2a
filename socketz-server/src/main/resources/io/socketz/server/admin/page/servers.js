import {count, duration, list, shortId} from './text.js';

const LOST_SHOWN_MILLIS = 10 * 60 * 1000;

/** A difference of revisions counts from then on: changes take some time to arrive. */
const DISAGREES_AFTER_MILLIS = 2000;

/** What a server knows of the others is too old from then on, though etcd answers. */
const OLD_AFTER_SECONDS = 5;

/** An answer that was under way when a server was lost comes within this time. */
const ANSWER_MILLIS = 4000;

/** What is known of the servers: answers of /api/servers, and events. Times are this browser's, in milliseconds. */
export class Servers {
  #answered = [];
  #answeredAt = 0;
  /** By id: the server, when it was lost, and with how many clients. */
  #lost = new Map();
  /** By id: the state, and since when it is seen. */
  #states = new Map();
  /** The highest revisions, and when they were seen. */
  #peaks = [];
  #behind = [];

  /** An answer of /api/servers. */
  onAnswer({servers, lost}, now) {
    this.#answered = servers;
    this.#answeredAt = now;
    const young = [...this.#lost].filter(([, server]) => now - server.at < ANSWER_MILLIS);
    this.#lost = new Map([...young, ...lost.map(server => [server.id, {...server, at: now - 1000 * server.ago}])]);
    const states = new Map();
    for (const {id, state} of servers) {
      const before = this.#states.get(id);
      states.set(id, before?.state === state ? before : {state, since: now});
    }
    this.#states = states;
    this.#compareRevisions(servers.filter(server => server.revision !== undefined && server.etcd !== 'down'), now);
  }

  #compareRevisions(servers, now) {
    const highest = Math.max(0, ...servers.map(server => server.revision));
    this.#peaks.push({revision: highest, at: now});
    const settled = this.#peaks.filter(peak => now - peak.at >= DISAGREES_AFTER_MILLIS);
    if (settled.length > 0) {
      this.#peaks = this.#peaks.slice(settled.length - 1);
    }
    const expected = settled.length > 0 ? Math.min(highest, settled[settled.length - 1].revision) : 0;
    this.#behind = servers.filter(server => server.revision < expected);
    this.highest = highest;
  }

  /** An event of /api/events. */
  onEvent(event, now) {
    if (event.event === 'server-down' && event.reason === 'SERVER_LOST') {
      this.#lost.set(event.id, {...event, at: now});
    } else if (event.event === 'server-up') {
      for (const [id, lost] of this.#lost) {
        if (id === event.id || lost.name === event.name) {
          this.#lost.delete(id);
        }
      }
    } else if (event.event === 'join' || event.event === 'leave') {
      const server = this.#answered.find(each => event.id.startsWith(`${each.id}/`));
      if (server) {
        server.clients = Math.max(0, server.clients + (event.event === 'join' ? 1 : -1));
      }
    }
  }

  get names() {
    return this.#answered.map(server => server.name);
  }

  #lostNow(now) {
    for (const [id, lost] of this.#lost) {
      if (now - lost.at > LOST_SHOWN_MILLIS) {
        this.#lost.delete(id);
      }
    }
    return [...this.#lost.values()].sort((a, b) => b.at - a.at);
  }

  #present() {
    return this.#answered.filter(server => !this.#lost.has(server.id));
  }

  /** For how long etcd has not answered a server. */
  #silence(server, now) {
    return 1000 * server.etcd_down + now - this.#answeredAt;
  }

  /** The rows of the table. @param skew what the server's clock is ahead of this one's */
  rows(now, skew) {
    const present = this.#present().map(server => this.#row(server, now, skew));
    const lost = this.#lostNow(now).map(server => ({
      kind: 'lost',
      cells: [
        server.name, shortId(server.id), server.addr, `✕ lost ${duration(now - server.at)} ago`,
        `${server.clients} were lost`, '', '',
      ],
    }));
    return [...present, ...lost].sort((a, b) => a.cells[0].localeCompare(b.cells[0], undefined, {numeric: true}));
  }

  #row(server, now, skew) {
    const [kind, state] = this.#state(server, now);
    const known = server.revision !== undefined;
    const age = server.age + (now - this.#answeredAt) / 1000;
    const isOld = known && server.age >= OLD_AFTER_SECONDS;
    return {
      kind,
      cells: [
        server.name,
        shortId(server.id),
        server.addr,
        state,
        known ? `${server.clients} / ${server.places}` : `${server.clients}`,
        known ? `${server.revision}${isOld ? `, ${duration(1000 * age)} old` : ''}` : '',
        `${duration(now + skew - Date.parse(server.since))} ago`,
      ],
    };
  }

  #state(server, now) {
    const lasts = duration(now - (this.#states.get(server.id)?.since ?? now));
    if (server.state === 'unknown') {
      return ['wrong', `? unknown for ${lasts}: ${server.note}`];
    }
    const etcd = server.etcd === 'down' ? `no etcd for ${duration(this.#silence(server, now))}` : '';
    if (server.state === 'ready') {
      return etcd ? ['wrong', `! ${etcd}`] : ['well', '✓ ready'];
    }
    return ['wrong', `! ${server.state} for ${lasts}${etcd ? `, ${etcd}` : ''}`];
  }

  /** Whether all agree on the revision, in words. */
  agreement() {
    const known = this.#present().filter(server => server.revision !== undefined && server.etcd !== 'down');
    if (known.length < 2) {
      return '';
    }
    if (this.#behind.length > 0) {
      return this.#disagreement();
    }
    const who = known.length === this.#present().length ? 'All servers' : 'The servers that can be asked and have etcd';
    return `${who} agree: revision ${this.highest}.`;
  }

  #disagreement() {
    const revisions = new Set([this.highest, ...this.#behind.map(server => server.revision)]);
    return `Servers do not agree: revisions ${list([...revisions].sort((a, b) => b - a))}.`;
  }

  /** What is wrong, the worst first. Each is `{text, key}`; the key changes only with the problem, not with the time. */
  problems(now) {
    const present = this.#present();
    const problems = this.#lostNow(now).map(({name, clients, at}) => ({
      text: `${name} was lost ${duration(now - at)} ago with ${count(clients, 'client')}`,
      key: `${name} was lost with ${count(clients, 'client')}`,
    }));
    const add = (servers, text, key = text) => {
      if (servers.length > 0) {
        const names = list(servers.map(server => server.name));
        problems.push({text: `${names} ${text}`, key: `${names} ${key}`});
      }
    };
    const has = servers => servers.length === 1 ? 'has' : 'have';
    const is = servers => servers.length === 1 ? 'is' : 'are';
    const silent = present.filter(server => server.etcd === 'down');
    const longest = Math.max(0, ...silent.map(server => this.#silence(server, now)));
    add(silent, `${has(silent)} had no etcd for ${duration(longest)}`, `${has(silent)} no etcd`);
    const unreached = present.filter(server => server.state === 'unknown' && server.admin !== undefined);
    for (const server of unreached) {
      add([server], `does not answer: ${server.note}`);
    }
    for (const state of ['starting', 'draining']) {
      const servers = present.filter(server => server.state === state);
      add(servers, `${is(servers)} ${state}`);
    }
    if (this.#behind.some(server => present.includes(server))) {
      const text = this.#disagreement().replace(/^S/, 's').replace(/\.$/, '');
      problems.push({text, key: 'servers do not agree'});
    }
    const old = present.filter(server => server.etcd === 'up' && server.age >= OLD_AFTER_SECONDS);
    const oldest = Math.max(0, ...old.map(server => server.age));
    add(old, `${has(old)} heard nothing new of the others for ${duration(1000 * oldest)}`, `${has(old)} heard nothing new of the others`);
    const full = present.filter(server => server.places !== undefined && server.clients >= server.places);
    add(full, `${has(full)} no place left for clients`);
    return problems;
  }

  /** That all is well. */
  wellness() {
    const present = this.#present();
    const hidden = present.filter(server => server.admin === undefined && server.state === 'unknown');
    const clients = present.reduce((sum, server) => sum + server.clients, 0);
    const doubt = hidden.length > 0 ? `; ${list(hidden.map(server => server.name))} cannot be asked, for lack of an admin port` : '';
    return `All is well: ${count(present.length, 'server')} with ${count(clients, 'client')}${doubt}.`;
  }
}
