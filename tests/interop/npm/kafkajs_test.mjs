// The client @kafkajs/confluent-schema-registry, as it comes from npm, against the server at SYMBOLON_URL.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import kafkajs from '@kafkajs/confluent-schema-registry';

const { COMPATIBILITY, SchemaRegistry, SchemaType } = kafkajs;

const newRegistry = () => new SchemaRegistry({ host: process.env.SYMBOLON_URL });

const avro = (definition, references) =>
  ({ type: SchemaType.AVRO, schema: JSON.stringify(definition), references });
const order = (...fields) => avro({ type: 'record', name: 'Order', namespace: 'kafkajs', fields });
const id = { name: 'id', type: 'long' };
const note = { name: 'note', type: 'string' };
const plain = (value) => JSON.parse(JSON.stringify(value));

test('a schema is registered with its level, and messages go both ways', async () => {
  const registry = newRegistry();
  const registered = await registry.register(order(id), { subject: 'kafkajs-orders-value' });
  const again = await newRegistry().register(order(id), { subject: 'kafkajs-orders-value' });
  assert.equal(again.id, registered.id);

  const bytes = await registry.encode(registered.id, { id: 7 });
  assert.equal(bytes.readInt32BE(1), registered.id);
  assert.deepEqual(plain(await newRegistry().decode(bytes)), { id: 7 });
});

test('the level that the first registration sets stays', async () => {
  const options = { subject: 'kafkajs-level-value', compatibility: COMPATIBILITY.FULL };
  await newRegistry().register(order(id), options);
  const answer = await fetch(`${process.env.SYMBOLON_URL}/config/kafkajs-level-value`);
  assert.equal((await answer.json()).compatibilityLevel, 'FULL');
  await assert.rejects(newRegistry().register(order(id), { subject: 'kafkajs-level-value' }),
                       /Compatibility does not match/);
});

test('ids are found by version, by latest and by content', async () => {
  const registry = newRegistry();
  const options = { subject: 'kafkajs-found-value' };
  const first = await registry.register(order(id), options);
  const second = await registry.register(order(id, { ...note, default: '' }), options);
  assert.notEqual(first.id, second.id);
  assert.equal(await registry.getRegistryId('kafkajs-found-value', 1), first.id);
  assert.equal(await registry.getLatestSchemaId('kafkajs-found-value'), second.id);
  assert.equal(await registry.getRegistryIdBySchema('kafkajs-found-value', order(id)), first.id);
});

test('a schema with references writes and reads', async () => {
  const registry = newRegistry();
  await registry.register(avro({ type: 'record', name: 'Address', namespace: 'kafkajs',
                                 fields: [{ name: 'city', type: 'string' }] }),
                          { subject: 'kafkajs-address' });
  const customer = avro({ type: 'record', name: 'Customer', namespace: 'kafkajs',
                          fields: [{ name: 'home', type: 'kafkajs.Address' }] },
                        [{ name: 'kafkajs.Address', subject: 'kafkajs-address', version: 1 }]);
  const { id: registered } = await registry.register(customer, { subject: 'kafkajs-customer-value' });
  const bytes = await registry.encode(registered, { home: { city: 'Ulm' } });
  assert.deepEqual(plain(await newRegistry().decode(bytes)), { home: { city: 'Ulm' } });
});

test('an incompatible change is refused with 409 and its reason', async () => {
  const options = { subject: 'kafkajs-strict-value' };
  await newRegistry().register(order(id), options);
  await assert.rejects(newRegistry().register(order(id, note), options), (error) => {
    assert.equal(error.status, 409);
    assert.match(error.message, /incompatible with an earlier schema/);
    return true;
  });
});

test('an unknown schema id is refused', async () => {
  await assert.rejects(newRegistry().getSchema(999999), (error) => error.status === 404);
});
