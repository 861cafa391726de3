// JSON Schema and Protobuf with the client @confluentinc/schemaregistry, with references, against the
// server at SYMBOLON_URL.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { create, createFileRegistry, createMutableRegistry } from '@bufbuild/protobuf';
import {
  FieldDescriptorProto_Label, FieldDescriptorProto_Type, FileDescriptorProtoSchema,
  file_google_protobuf_timestamp, timestampFromMs, timestampMs,
} from '@bufbuild/protobuf/wkt';
import schemaregistry from '@confluentinc/schemaregistry';

const {
  CelExecutor, CelFieldExecutor, JsonDeserializer, JsonSerializer, ProtobufDeserializer,
  ProtobufSerializer, RestError, RuleMode, SchemaRegistryClient, SerdeType,
  SerializationError,
} = schemaregistry;

CelExecutor.register();
CelFieldExecutor.register();

const newClient = () => new SchemaRegistryClient({ baseURLs: [process.env.SYMBOLON_URL] });
const plain = (value) => JSON.parse(JSON.stringify(value));

// --- JSON Schema ---------------------------------------------------------------------------------

const draft7 = 'http://json-schema.org/draft-07/schema#';
const json = (definition, references) =>
  ({ schemaType: 'JSON', schema: JSON.stringify(definition), references });
const address = json({
  $schema: draft7, $id: 'http://js/address.json', type: 'object',
  properties: { city: { type: 'string', minLength: 2 } }, required: ['city'],
});
const customer = json({
  $schema: draft7, $id: 'http://js/customer.json', title: 'Customer', type: 'object',
  properties: { name: { type: 'string' }, home: { $ref: 'http://js/address.json' } },
}, [{ name: 'http://js/address.json', subject: 'js-json-address', version: 1 }]);

const jsonWriter = (configuration) =>
  new JsonSerializer(newClient(), SerdeType.VALUE, configuration);
const jsonReader = (configuration) =>
  new JsonDeserializer(newClient(), SerdeType.VALUE, configuration);

test('JSON Schema: a schema with a $ref to another subject validates, writes and reads', async () => {
  await newClient().register('js-json-address', address);
  const id = await newClient().register('js-json-customer-value', customer);

  const writer = jsonWriter({ useLatestVersion: true, validate: true });
  const value = { name: 'anna', home: { city: 'Ulm' } };
  const bytes = await writer.serialize('js-json-customer', value);
  assert.equal(bytes.readInt32BE(1), id);
  const reader = jsonReader({ validate: true });
  assert.deepEqual(plain(await reader.deserialize('js-json-customer', bytes)), value);

  await assert.rejects(writer.serialize('js-json-customer', { home: { city: 'U' } }), SerializationError);
  await assert.rejects(writer.serialize('js-json-customer', { home: {} }), SerializationError);
});

test('JSON Schema: what a writer did not validate, a validating reader refuses', async () => {
  await newClient().register('js-json-address', address);
  await newClient().register('js-json-late-value', customer);
  const bytes = await jsonWriter({ useLatestVersion: true }).serialize('js-json-late', { name: 7 });
  assert.deepEqual(plain(await jsonReader({}).deserialize('js-json-late', bytes)), { name: 7 });
  await assert.rejects(jsonReader({ validate: true }).deserialize('js-json-late', bytes),
                       SerializationError);
});

test('JSON Schema: with auto-registration the schema of a message is registered, and is found again',
     async () => {
       const configuration = { autoRegisterSchemas: true, normalizeSchemas: true };
       const first = await jsonWriter(configuration).serialize('js-json-auto', { b: 1, a: 'x' });
       const again = await jsonWriter({ ...configuration, autoRegisterSchemas: false })
         .serialize('js-json-auto', { b: 2, a: 'y' });
       assert.equal(again.readInt32BE(1), first.readInt32BE(1));
       const stored = await newClient().getLatestSchemaMetadata('js-json-auto-value');
       assert.deepEqual(Object.keys(JSON.parse(stored.schema).properties), ['a', 'b']);
       assert.deepEqual(plain(await jsonReader({}).deserialize('js-json-auto', again)),
                        { b: 2, a: 'y' });
     });

test('JSON Schema: normalised, keys in another order are the same schema', async () => {
  const one = json({ type: 'object', title: 'T' });
  const other = json({ title: 'T', type: 'object' });
  const id = await newClient().register('js-json-normal-value', one, true);
  assert.equal(await newClient().register('js-json-normal-value', other, true), id);
  assert.equal(await newClient().getId('js-json-normal-value', other, true), id);
  assert.deepEqual(await newClient().getAllVersions('js-json-normal-value'), [1]);
});

test('JSON Schema: rules look at messages, and change the fields that have a tag', async () => {
  await newClient().register('js-json-rules-value', {
    ...json({ $schema: draft7, type: 'object',
              properties: { name: { type: 'string', 'confluent:tags': ['PII'] },
                            note: { type: 'string' } } }),
    ruleSet: { domainRules: [
      { name: 'noteIsShort', kind: 'CONDITION', mode: RuleMode.WRITE, type: 'CEL',
        expr: 'size(message.note) < 5' },
      { name: 'hideName', kind: 'TRANSFORM', mode: RuleMode.WRITE, type: 'CEL_FIELD', tags: ['PII'],
        expr: 'typeName == "STRING" ; value + "-hidden"' },
    ] },
  });
  const writer = jsonWriter({ useLatestVersion: true, validate: true });
  const bytes = await writer.serialize('js-json-rules', { name: 'anna', note: 'hi' });
  assert.deepEqual(plain(await jsonReader({}).deserialize('js-json-rules', bytes)),
                   { name: 'anna-hidden', note: 'hi' });
  await assert.rejects(writer.serialize('js-json-rules', { name: 'anna', note: 'too long' }));
});

test('JSON Schema: an incompatible change is refused with its reason', async () => {
  const order = (type) => json({ type: 'object', properties: { id: { type } } });
  await newClient().register('js-json-strict-value', order('integer'));
  await assert.rejects(newClient().register('js-json-strict-value', order('string')), (error) =>
    error instanceof RestError && error.errorCode === 40901 && error.message.includes('TYPE_CHANGED'));
  assert.equal(await newClient().testSubjectCompatibility('js-json-strict-value', order('number')), true);
});

// --- Protobuf ------------------------------------------------------------------------------------

const label = FieldDescriptorProto_Label.OPTIONAL;
const { MESSAGE, STRING } = FieldDescriptorProto_Type;
const field = (name, number, type, typeName) =>
  ({ name, number, type, label, jsonName: name, ...(typeName ? { typeName } : {}) });
const file = (name, dependency, messageType) =>
  create(FileDescriptorProtoSchema, { name, package: 'js', syntax: 'proto3', dependency, messageType });
const addressFile = file('js_address.proto', [], [{ name: 'Address', field: [field('city', 1, STRING)] }]);
const customerFile = file('js_customer.proto', ['js_address.proto', 'google/protobuf/timestamp.proto'], [
  { name: 'Unused' },
  { name: 'Customer',
    field: [field('name', 1, STRING), field('home', 2, MESSAGE, '.js.Address'),
            field('since', 3, MESSAGE, '.google.protobuf.Timestamp')] },
]);
const files = createFileRegistry(customerFile, (name) => ({
  'js_address.proto': addressFile, 'google/protobuf/timestamp.proto': file_google_protobuf_timestamp,
}[name]));
const Customer = files.getMessage('js.Customer');

const protobufWriter = (configuration) => {
  const registry = createMutableRegistry(Customer, files.getMessage('js.Address'));
  return new ProtobufSerializer(newClient(), SerdeType.VALUE, { registry, ...configuration });
};
const newCustomer = (name, city) => create(Customer, {
  name, home: create(files.getMessage('js.Address'), { city }), since: timestampFromMs(1_700_000_000_000),
});
const readCustomer = async (topic, bytes) => {
  const read = await new ProtobufDeserializer(newClient(), SerdeType.VALUE, {}).deserialize(topic, bytes);
  assert.equal(read.$typeName, 'js.Customer');
  return [read.name, read.home.city, timestampMs(read.since)];
};

test('Protobuf: a message whose type imports another subject is registered, writes and reads', async () => {
  const bytes = await protobufWriter({ autoRegisterSchemas: true })
    .serialize('js-proto', newCustomer('anna', 'Ulm'));
  assert.deepEqual(await readCustomer('js-proto', bytes), ['anna', 'Ulm', 1_700_000_000_000]);

  const stored = await newClient().getLatestSchemaMetadata('js-proto-value');
  assert.equal(stored.id, bytes.readInt32BE(1));
  assert.match(stored.schema, /import "js_address.proto";/);
  assert.deepEqual(stored.references,
                   [{ name: 'js_address.proto', subject: 'js_address.proto', version: 1 }]);
});

test('Protobuf: a second producer finds what the first one registered', async () => {
  const first = await protobufWriter({ autoRegisterSchemas: true, normalizeSchemas: true })
    .serialize('js-proto-again', newCustomer('anna', 'Ulm'));
  const second = await protobufWriter({ autoRegisterSchemas: false, normalizeSchemas: true })
    .serialize('js-proto-again', newCustomer('bert', 'Bonn'));
  assert.equal(second.readInt32BE(1), first.readInt32BE(1));
  assert.deepEqual(await readCustomer('js-proto-again', second), ['bert', 'Bonn', 1_700_000_000_000]);
});

test('Protobuf: a schema that was registered as text writes and reads with the latest version', async () => {
  const client = newClient();
  await client.register('js-text-address.proto', {
    schemaType: 'PROTOBUF',
    schema: 'syntax = "proto3";\npackage js;\nmessage Address { string city = 1; }',
  });
  const id = await client.register('js-proto-text-value', {
    schemaType: 'PROTOBUF',
    schema: `syntax = "proto3"; package js;
             import "google/protobuf/timestamp.proto"; import "js_address.proto";
             message Unused {}
             message Customer {  // in another order
               google.protobuf.Timestamp since = 3; string name = 1; Address home = 2;
             }`,
    references: [{ name: 'js_address.proto', subject: 'js-text-address.proto', version: 1 }],
  }, true);
  const bytes = await protobufWriter({ useLatestVersion: true })
    .serialize('js-proto-text', newCustomer('anna', 'Ulm'));
  assert.equal(bytes.readInt32BE(1), id);
  assert.deepEqual(await readCustomer('js-proto-text', bytes), ['anna', 'Ulm', 1_700_000_000_000]);
});

test('Protobuf: an incompatible change is refused with its reason', async () => {
  const order = (type) =>
    ({ schemaType: 'PROTOBUF', schema: `syntax = "proto3"; message Order { ${type} id = 1; }` });
  await newClient().register('js-proto-strict-value', order('int64'));
  await assert.rejects(newClient().register('js-proto-strict-value', order('string')), (error) =>
    error instanceof RestError && error.errorCode === 40901 &&
    error.message.includes('FIELD_SCALAR_KIND_CHANGED'));
  assert.equal(await newClient().testSubjectCompatibility('js-proto-strict-value', order('int32')), true);
});
