// The start page: no build, no library.
import { showCurl } from './curl.js';
import { el } from './dom.js';
import { clearFeed, showFeed } from './feed.js';
import { closePerson } from './person.js';
import { takeKey } from './session.js';
import { showQuestions } from './sql.js';
import { showState, showStatus } from './status.js';

const STATUS_MS = 2_000;
const FEED_MS = 1_000;

// One after the other, so a slow answer is never asked again before it came
function repeat(task, pause) {
  const again = async () => {
    if (!document.hidden) await task().catch(() => showState('no answer', false));
    setTimeout(again, pause);
  };
  again();
}

takeKey(clearFeed);
showCurl();
showQuestions();
el('person-close').addEventListener('click', closePerson);
repeat(showStatus, STATUS_MS);
repeat(showFeed, FEED_MS);
