import { createServer } from 'node:http';

/** node:http and nothing else: reads the body, answers. Port: `KENAL_PORT`. */
const ANSWER = '{"success":true,"accepted":1,"rejected":[]}';
createServer((request, response) => {
  request.resume();
  request.once('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length });
    response.end(ANSWER);
  });
}).listen(Number(process.env.KENAL_PORT), '127.0.0.1', () => process.stdout.write('listening\n'));
