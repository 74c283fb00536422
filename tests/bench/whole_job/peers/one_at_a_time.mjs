// The whole job as a script does it that was written in five minutes: Node's fetch, one resource after the other.
// Arguments: BASE TOKEN ACCOUNT PATIENT CONNECTIONS, of which the last is ignored.
import { base, headers, patchBody, patchHeaders, wholeJob } from './job.mjs';

async function get(url) {
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`GET ${url}: ${answer.status}`);
  return answer.json();
}

async function patch({ resourceType, id, meta }) {
  const url = `${base}/${resourceType}/${id}`;
  const answer = await fetch(url, {
    method: 'PATCH', headers: patchHeaders(meta.versionId), body: patchBody(meta.versionId),
  });
  if (!answer.ok) throw new Error(`PATCH ${url}: ${answer.status}`);
  await answer.json();
}

await wholeJob(1, get, patch);
