// Messages of @confluentinc/schemaregistry's serialisers are explained by symbolon, and its own are
// read by theirs: all three schema types with references, the id before the body and the GUID in a
// header. Needs SYMBOLON_URL, SYMBOLON_BINARY and SYMBOLON_ENCODER (tests/interop/serialisers).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

import { create, createFileRegistry, createMutableRegistry, fromJson, toJson } from '@bufbuild/protobuf';
import {
  FieldDescriptorProto_Label, FieldDescriptorProto_Type, FileDescriptorProtoSchema,
  file_google_protobuf_timestamp,
} from '@bufbuild/protobuf/wkt';
import schemaregistry from '@confluentinc/schemaregistry';

const {
  AvroDeserializer, AvroSerializer, HeaderSchemaIdSerializer, JsonDeserializer, JsonSerializer,
  PrefixSchemaIdSerializer, ProtobufDeserializer, ProtobufSerializer, SchemaRegistryClient, SerdeType,
} = schemaregistry;

const url = process.env.SYMBOLON_URL;
const newClient = () => new SchemaRegistryClient({ baseURLs: [url] });
const plain = (value) => JSON.parse(JSON.stringify(value));
const places = [['confluent', PrefixSchemaIdSerializer], ['confluent-guid', HeaderSchemaIdSerializer]];

const run = (program, words, input) => {
  const done = spawnSync(program, words, { input, timeout: 60_000 });
  assert.ok(done.status === 0 || done.status === 1, String(done.stderr));
  return JSON.parse(String(done.stdout));
};

const explain = (message, headers) => run(process.env.SYMBOLON_BINARY, [
  'explain', '--output', 'json', '--registry', url,
  ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}=${value.toString('hex')}`]),
], message);

// A message of ours: its bytes and headers.
const encode = (subject, framing, value, ...indexes) => {
  const made = run(process.env.SYMBOLON_ENCODER, [url, subject, framing, ...indexes.map(String)],
                   JSON.stringify(value));
  const headers = Object.fromEntries(
    Object.entries(made.headers).map(([name, text]) => [name, Buffer.from(text, 'hex')]));
  return [Buffer.from(made.bytes, 'hex'), headers];
};

const checkExplained = (found, framing, subject, type, value) => {
  assert.equal(found.error, undefined, JSON.stringify(found));
  assert.deepEqual([found.framing, found.schema_type], [framing, type]);
  assert.ok(found.subjects.some((each) => each.subject === subject), JSON.stringify(found.subjects));
  assert.deepEqual(found.value, value);
};

// Their serialisers write `value` to `subject`, in either place, and symbolon explains it.
const checkTheirs = async (newWriter, topic, type, value, wanted) => {
  for (const [framing, place] of places) {
    const headers = {};
    const bytes = await newWriter(place).serialize(topic, value, headers);
    assert.equal(Object.keys(headers).length, framing === 'confluent' ? 0 : 1);
    checkExplained(explain(bytes, headers), framing, `${topic}-value`, type, wanted);
  }
};

// --- Avro ----------------------------------------------------------------------------------------

const address = { type: 'record', name: 'Address', namespace: 'js',
                  fields: [{ name: 'city', type: 'string' }] };
const customer = { type: 'record', name: 'Customer', namespace: 'js', fields: [
  { name: 'name', type: 'string' }, { name: 'home', type: ['null', 'js.Address'] },
  { name: 'scores', type: { type: 'map', values: 'double' } },
  { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['NEW', 'OLD'] } },
  { name: 'count', type: 'long' }, { name: 'tags', type: { type: 'array', items: 'string' } },
] };
const avroReference = [{ name: 'js.Address', subject: 'js-wire-address', version: 1 }];
const avroValue = { name: 'anna \u2603', scores: { a: 1.5 }, kind: 'OLD', count: 1234567890123,
                    tags: ['x', ''] };
const registerAvro = async (subject) => {
  await newClient().register('js-wire-address', { schemaType: 'AVRO', schema: JSON.stringify(address) });
  await newClient().register(subject, {
    schemaType: 'AVRO', schema: JSON.stringify(customer), references: avroReference });
};

test('Avro: theirs with a reference are decoded here', async () => {
  await registerAvro('js-wire-avro-value');
  const newWriter = (place) => new AvroSerializer(newClient(), SerdeType.VALUE, {
    useLatestVersion: true, schemaIdSerializer: place });
  // avsc wants a union's branch named when it has records.
  await checkTheirs(newWriter, 'js-wire-avro', 'AVRO', { ...avroValue, home: { city: 'Ulm' } },
                    { ...avroValue, home: { city: 'Ulm' } });
});

test('Avro: ours with a reference are decoded by them', async () => {
  await registerAvro('js-wire-avro-ours-value');
  for (const [framing] of places) {
    const value = { ...avroValue, home: { city: 'Ulm' } };
    const [bytes, headers] = encode('js-wire-avro-ours-value', framing, value);
    const reader = new AvroDeserializer(newClient(), SerdeType.VALUE, {});
    assert.deepEqual(plain(await reader.deserialize('js-wire-avro-ours', bytes, headers)), value);
  }
});

// --- JSON Schema ---------------------------------------------------------------------------------

const draft7 = 'http://json-schema.org/draft-07/schema#';
const jsonValue = { name: 'anna \u2603', home: { city: 'Ulm' }, size: 12345678901 };
const registerJson = async (subject) => {
  await newClient().register('js-wire-json-address', { schemaType: 'JSON', schema: JSON.stringify({
    $schema: draft7, $id: 'http://js/wire-address.json', type: 'object',
    properties: { city: { type: 'string', minLength: 2 } }, required: ['city'] }) });
  await newClient().register(subject, { schemaType: 'JSON', schema: JSON.stringify({
    $schema: draft7, $id: 'http://js/wire-customer.json', title: 'Customer', type: 'object',
    properties: { home: { $ref: 'http://js/wire-address.json' } } }),
    references: [{ name: 'http://js/wire-address.json', subject: 'js-wire-json-address', version: 1 }] });
};

test('JSON Schema: theirs with a reference are decoded here', async () => {
  await registerJson('js-wire-json-value');
  const newWriter = (place) => new JsonSerializer(newClient(), SerdeType.VALUE, {
    useLatestVersion: true, schemaIdSerializer: place });
  await checkTheirs(newWriter, 'js-wire-json', 'JSON', jsonValue, jsonValue);
  const bytes = await newWriter(PrefixSchemaIdSerializer).serialize('js-wire-json', { home: {} }, {});
  assert.match(explain(bytes, {}).error.message, /^\/home: /);
});

test('JSON Schema: ours with a reference are decoded by them', async () => {
  await registerJson('js-wire-json-ours-value');
  for (const [framing] of places) {
    const [bytes, headers] = encode('js-wire-json-ours-value', framing, jsonValue);
    const reader = new JsonDeserializer(newClient(), SerdeType.VALUE, { validate: true });
    assert.deepEqual(plain(await reader.deserialize('js-wire-json-ours', bytes, headers)), jsonValue);
  }
});

// --- Protobuf ------------------------------------------------------------------------------------

const label = FieldDescriptorProto_Label.OPTIONAL;
const { DOUBLE, INT64, MESSAGE, STRING } = FieldDescriptorProto_Type;
const field = (name, number, type, more) => ({ name, number, type, label, jsonName: name, ...more });
const addressFile = create(FileDescriptorProtoSchema, {
  name: 'js_wire_address.proto', package: 'jswire', syntax: 'proto3',
  messageType: [{ name: 'Address', field: [field('city', 1, STRING)] }] });
const customerFile = create(FileDescriptorProtoSchema, {
  name: 'js_wire_customer.proto', package: 'jswire', syntax: 'proto3',
  dependency: ['js_wire_address.proto', 'google/protobuf/timestamp.proto'],
  messageType: [
    { name: 'Outer', nestedType: [{ name: 'First' }, { name: 'Inner', field: [field('x', 1, INT64)] }] },
    { name: 'Customer', field: [
      field('full_name', 1, STRING, { jsonName: 'fullName' }),
      field('home', 2, MESSAGE, { typeName: '.jswire.Address' }),
      field('since', 3, MESSAGE, { typeName: '.google.protobuf.Timestamp' }),
      field('scores', 4, DOUBLE, { label: FieldDescriptorProto_Label.REPEATED }),
    ] },
  ] });
const files = createFileRegistry(customerFile, (name) => ({
  'js_wire_address.proto': addressFile, 'google/protobuf/timestamp.proto': file_google_protobuf_timestamp,
}[name]));
const Customer = files.getMessage('jswire.Customer');
const Inner = files.getMessage('jswire.Outer.Inner');
const protobufWriter = (place) => new ProtobufSerializer(newClient(), SerdeType.VALUE, {
  autoRegisterSchemas: true, schemaIdSerializer: place,
  registry: createMutableRegistry(Customer, Inner, files.getMessage('jswire.Address')) });
const protobufValue = { fullName: 'anna \u2603', home: { city: 'Ulm' }, since: '2026-01-02T03:04:05.600Z',
                        scores: [0.5, -1] };

test('Protobuf: theirs with an import are decoded here, nested messages too', async () => {
  await checkTheirs(protobufWriter, 'js-wire-proto', 'PROTOBUF', fromJson(Customer, protobufValue),
                    protobufValue);
  await checkTheirs(protobufWriter, 'js-wire-nested', 'PROTOBUF', fromJson(Inner, { x: '7' }), { x: '7' });
});

test('Protobuf: ours are decoded by them, nested messages too', async () => {
  await protobufWriter(PrefixSchemaIdSerializer)
    .serialize('js-wire-proto-ours', fromJson(Customer, protobufValue), {});
  for (const [framing] of places) {
    for (const [type, value, indexes] of [[Customer, protobufValue, [1]], [Inner, { x: '7' }, [0, 1]]]) {
      const [bytes, headers] = encode('js-wire-proto-ours-value', framing, value, ...indexes);
      const read = await new ProtobufDeserializer(newClient(), SerdeType.VALUE, {})
        .deserialize('js-wire-proto-ours', bytes, headers);
      assert.equal(read.$typeName, type.typeName);
      assert.deepEqual(toJson(type, read), value);
    }
  }
});
