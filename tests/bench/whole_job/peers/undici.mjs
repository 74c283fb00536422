// The whole job with undici's pool, the quickest that Node has. Arguments: BASE TOKEN ACCOUNT PATIENT CONNECTIONS
import { createRequire } from 'node:module';
import { base, connections, headers, patchBody, patchHeaders, wholeJob } from './job.mjs';

// UNDICI names the folder it was installed below.
const { Pool } = createRequire(`${process.env.UNDICI}/`)('undici');

const origin = new URL(base).origin;
const pool = new Pool(origin, { connections: Number(connections), pipelining: 1 });
const pages = new Pool(origin, { connections: 1, pipelining: 1 });

async function get(url) {
  const { statusCode, body } = await pages.request({ method: 'GET', path: url.slice(origin.length), headers });
  if (statusCode !== 200) throw new Error(`GET ${url}: ${statusCode}`);
  return body.json();
}

async function patch({ resourceType, id, meta }) {
  const path = `${base.slice(origin.length)}/${resourceType}/${id}`;
  const { statusCode, body } = await pool.request({
    method: 'PATCH', path, headers: patchHeaders(meta.versionId), body: patchBody(meta.versionId),
  });
  if (statusCode !== 200) throw new Error(`PATCH ${path}: ${statusCode}`);
  await body.dump();
}

await wholeJob(Number(connections), get, patch);
await Promise.all([pool.close(), pages.close()]);
