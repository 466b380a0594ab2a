/** Text of the page. All of it goes in as text, never as HTML: clients choose their names. */

/** `17 s`, `3 min 5 s`, `2 h 10 min`, `4 d 3 h`. */
export function duration(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes === 0) {
    return `${seconds} s`;
  }
  if (hours === 0) {
    return `${minutes} min ${seconds % 60} s`;
  }
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `1 client`, `2 clients`. */
export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(words) {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** What people see of a server's id, and of a client's: `08483048`, `08483048/17`. */
export function shortId(id) {
  const [server, client] = id.split('/');
  return server.slice(0, 8) + (client === undefined ? '' : `/${client}`);
}

export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/**
 * Shows rows in a table, each `{kind, cells}`; only what differs is touched, so that a selection survives.
 */
export function fillTable(table, rows) {
  const headers = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  while (body.rows.length > rows.length) {
    body.deleteRow(-1);
  }
  rows.forEach((row, y) => {
    const shown = body.rows[y] ?? emptyRow(body, headers);
    shown.dataset.kind = row.kind ?? '';
    row.cells.forEach((cell, x) => setText(shown.cells[x], cell));
  });
}

function emptyRow(body, headers) {
  const row = body.insertRow();
  row.setAttribute('role', 'row');
  for (const header of headers) {
    const cell = row.insertCell();
    cell.setAttribute('role', 'cell');
    cell.dataset.column = header.textContent;
    cell.className = header.className;
  }
  return row;
}
