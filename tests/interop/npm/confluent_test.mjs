// The client @confluentinc/schemaregistry, as it comes from npm, against the server at SYMBOLON_URL.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import schemaregistry from '@confluentinc/schemaregistry';

const {
  AvroDeserializer, AvroSerializer, Compatibility, RestError, SchemaRegistryClient, SerdeType,
} = schemaregistry;

const newClient = () => new SchemaRegistryClient({ baseURLs: [process.env.SYMBOLON_URL] });

const avro = (definition, references) =>
  ({ schemaType: 'AVRO', schema: JSON.stringify(definition), references });
const order = (...fields) => avro({ type: 'record', name: 'Order', namespace: 'shop', fields });
const id = { name: 'id', type: 'long' };
const noteWithoutDefault = { name: 'note', type: 'string' };
const noteWithDefault = { ...noteWithoutDefault, default: '' };

async function roundTrip(topic, value, configuration) {
  const serializer = new AvroSerializer(newClient(), SerdeType.VALUE, configuration);
  const bytes = await serializer.serialize(topic, value);
  const read = await new AvroDeserializer(newClient(), SerdeType.VALUE, {}).deserialize(topic, bytes);
  return { bytes, read: JSON.parse(JSON.stringify(read)) };
}

test('a schema is registered once and found by id, by version and by content', async () => {
  const client = newClient();
  const registered = await client.register('js-orders-value', order(id));
  assert.equal(await newClient().register('js-orders-value', order(id)), registered);

  const byId = await client.getBySubjectAndId('js-orders-value', registered);
  assert.deepEqual(JSON.parse(byId.schema), JSON.parse(order(id).schema));
  assert.equal(await newClient().getId('js-orders-value', order(id)), registered);
  assert.equal(await client.getVersion('js-orders-value', order(id)), 1);

  const latest = await client.getLatestSchemaMetadata('js-orders-value');
  assert.equal(latest.id, registered);
  assert.equal(latest.version, 1);
  const first = await client.getSchemaMetadata('js-orders-value', 1);
  assert.equal(first.id, registered);
  assert.deepEqual(await client.getAllVersions('js-orders-value'), [1]);
  assert.ok((await client.getAllSubjects()).includes('js-orders-value'));
});

test('a schema is found by its GUID', async () => {
  const registered = await newClient().registerFullResponse('js-guid-value', order(id));
  assert.match(registered.guid, /^[0-9a-f-]{36}$/);
  const found = await newClient().getByGuid(registered.guid);
  assert.deepEqual(JSON.parse(found.schema), JSON.parse(order(id).schema));
});

test('with auto-registration on, the first message registers its schema', async () => {
  const { bytes, read } = await roundTrip('js-auto', { name: 'anna', age: 7 },
                                          { autoRegisterSchemas: true });
  assert.deepEqual(read, { name: 'anna', age: 7 });
  assert.equal(bytes[0], 0);
  const latest = await newClient().getLatestSchemaMetadata('js-auto-value');
  assert.equal(latest.id, bytes.readInt32BE(1));
});

test('with auto-registration off, an unknown schema is refused and nothing is registered', async () => {
  await assert.rejects(roundTrip('js-manual', { name: 'anna' }, { autoRegisterSchemas: false }),
                       (error) => error instanceof RestError && error.errorCode === 40401);
  assert.ok(!(await newClient().getAllSubjects()).includes('js-manual-value'));
});

test('with auto-registration off, a known schema is looked up', async () => {
  await roundTrip('js-known', { name: 'anna' }, { autoRegisterSchemas: true });
  const { read } = await roundTrip('js-known', { name: 'bo' }, { autoRegisterSchemas: false });
  assert.deepEqual(read, { name: 'bo' });
  assert.deepEqual(await newClient().getAllVersions('js-known-value'), [1]);
});

test('with use-latest-version, the newest version writes', async () => {
  const client = newClient();
  await client.register('js-latest-value', order(id));
  const second = await client.register('js-latest-value', order(id, noteWithDefault));
  const { bytes, read } = await roundTrip('js-latest', { id: 7, note: 'by hand' },
                                          { useLatestVersion: true });
  assert.equal(bytes.readInt32BE(1), second);
  assert.deepEqual(read, { id: 7, note: 'by hand' });
});

test('a schema with references writes and reads', async () => {
  const client = newClient();
  const address = { type: 'record', name: 'Address', namespace: 'shop',
                    fields: [{ name: 'city', type: 'string' }] };
  await client.register('js-address', avro(address));
  const customer = avro({ type: 'record', name: 'Customer', namespace: 'shop',
                          fields: [{ name: 'home', type: 'shop.Address' }] },
                        [{ name: 'shop.Address', subject: 'js-address', version: 1 }]);
  const registered = await client.register('js-customer-value', customer);
  const stored = await newClient().getBySubjectAndId('js-customer-value', registered);
  assert.deepEqual(stored.references, customer.references);
  const { read } = await roundTrip('js-customer', { home: { city: 'Ulm' } },
                                   { useLatestVersion: true });
  assert.deepEqual(read, { home: { city: 'Ulm' } });
});

test('an incompatible change is refused with 409 and its reason', async () => {
  const client = newClient();
  await client.register('js-strict-value', order(id));
  await assert.rejects(client.register('js-strict-value', order(id, noteWithoutDefault)), (error) => {
    assert.equal(error.status, 409);
    assert.equal(error.errorCode, 40901);
    assert.match(error.message, /READER_FIELD_MISSING_DEFAULT_VALUE/);
    return true;
  });
  assert.equal(await client.testSubjectCompatibility('js-strict-value',
                                                     order(id, noteWithoutDefault)), false);
  assert.equal(await client.testSubjectCompatibility('js-strict-value',
                                                     order(id, noteWithDefault)), true);
  assert.equal(await client.testCompatibility('js-strict-value', 1,
                                              order(id, noteWithoutDefault)), false);
});

test('the level of a subject and of all can be read and set', async () => {
  const client = newClient();
  assert.equal(await client.getDefaultCompatibility(), 'BACKWARD');
  await client.register('js-level-value', order(id));
  assert.equal(await client.updateCompatibility('js-level-value', Compatibility.NONE), 'NONE');
  assert.equal(await client.getCompatibility('js-level-value'), 'NONE');
  await client.register('js-level-value', order(id, noteWithoutDefault));
  assert.deepEqual(await client.getAllVersions('js-level-value'), [1, 2]);
});

test('versions and subjects are deleted softly, then permanently', async () => {
  const client = newClient();
  await client.register('js-gone-value', order(id));
  await client.register('js-gone-value', order(id, noteWithDefault));
  await assert.rejects(client.deleteSubjectVersion('js-gone-value', 2, true),
                       (error) => error.errorCode === 40407);
  assert.equal(await client.deleteSubjectVersion('js-gone-value', 2), 2);
  assert.deepEqual(await newClient().getAllVersions('js-gone-value'), [1]);
  assert.equal(await client.deleteSubjectVersion('js-gone-value', 2, true), 2);
  await assert.rejects(client.deleteSubject('js-gone-value', true),
                       (error) => error.errorCode === 40405);
  assert.deepEqual(await client.deleteSubject('js-gone-value'), [1]);
  assert.deepEqual(await client.deleteSubject('js-gone-value', true), [1]);
  assert.ok(!(await newClient().getAllSubjects()).includes('js-gone-value'));
});

test('an unknown subject and an unknown id are told apart', async () => {
  await assert.rejects(newClient().getLatestSchemaMetadata('js-nothing'),
                       (error) => error.status === 404 && error.errorCode === 40401);
  await assert.rejects(newClient().getBySubjectAndId('js-nothing', 999999),
                       (error) => error.status === 404 && error.errorCode === 40403);
});
