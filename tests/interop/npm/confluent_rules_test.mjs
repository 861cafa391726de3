// Data contracts with @confluentinc/schemaregistry: the server keeps rules, the client runs them.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import schemaregistry from '@confluentinc/schemaregistry';

const {
  AvroDeserializer, AvroSerializer, CelExecutor, CelFieldExecutor, Compatibility, JsonataExecutor,
  RuleMode, SchemaRegistryClient, SerdeType,
} = schemaregistry;

CelExecutor.register();
CelFieldExecutor.register();
JsonataExecutor.register();

const newClient = (below = '') =>
  new SchemaRegistryClient({ baseURLs: [process.env.SYMBOLON_URL + below] });
const person = (...fields) => ({
  schemaType: 'AVRO',
  schema: JSON.stringify({ type: 'record', name: 'Person', namespace: 'js', fields }),
});
const long = (name) => ({ name, type: 'long' });
const plain = (value) => JSON.parse(JSON.stringify(value));
const serializer = (configuration, below) =>
  new AvroSerializer(newClient(below), SerdeType.VALUE, { autoRegisterSchemas: false, ...configuration });
const deserializer = (configuration = {}, below) =>
  new AvroDeserializer(newClient(below), SerdeType.VALUE, configuration);

test('a CEL condition stops a message', async () => {
  const positive = {
    name: 'positive', kind: 'CONDITION', mode: RuleMode.WRITE, type: 'CEL', expr: 'message.age > 0',
  };
  await newClient().register('js-cel-value', {
    ...person({ name: 'age', type: 'int' }), ruleSet: { domainRules: [positive] },
  });
  const writer = serializer({ useLatestVersion: true });
  const bytes = await writer.serialize('js-cel', { age: 7 });
  assert.deepEqual(plain(await deserializer().deserialize('js-cel', bytes)), { age: 7 });
  await assert.rejects(writer.serialize('js-cel', { age: 0 }));
});

test('a CEL field rule changes tagged fields', async () => {
  const mask = {
    name: 'mask', kind: 'TRANSFORM', mode: RuleMode.WRITE, type: 'CEL_FIELD', tags: ['PII'],
    expr: "typeName == 'STRING' ; value + '-masked'",
  };
  await newClient().register('js-field-value', {
    ...person({ name: 'name', type: 'string', 'confluent:tags': ['PII'] },
              { name: 'city', type: 'string' }),
    ruleSet: { domainRules: [mask] },
  });
  const bytes = await serializer({ useLatestVersion: true })
    .serialize('js-field', { name: 'anna', city: 'Ulm' });
  assert.deepEqual(plain(await deserializer().deserialize('js-field', bytes)),
                   { name: 'anna-masked', city: 'Ulm' });
});

test('migration rules carry messages over a breaking change', async () => {
  const client = newClient();
  await client.updateConfig('js-migration-value', {
    compatibility: Compatibility.BACKWARD, compatibilityGroup: 'major',
  });
  const of = (major, field, ruleSet) =>
    ({ ...person(long(field)), metadata: { properties: { major } }, ruleSet });
  await client.register('js-migration-value', of('1', 'size'));
  const migration = (name, mode, from, to) => ({
    name, kind: 'TRANSFORM', mode, type: 'JSONATA',
    expr: `$merge([$sift($, function($v, $k) {$k != '${from}'}), {'${to}': $.'${from}'}])`,
  });
  await client.register('js-migration-value', of('2', 'height', {
    migrationRules: [migration('up', RuleMode.UPGRADE, 'size', 'height'),
                     migration('down', RuleMode.DOWNGRADE, 'height', 'size')],
  }));
  const withMajor = (major) => ({ useLatestWithMetadata: { major } });
  let bytes = await serializer(withMajor('1')).serialize('js-migration', { size: 7 });
  assert.deepEqual(plain(await deserializer(withMajor('2')).deserialize('js-migration', bytes)),
                   { height: 7 });
  bytes = await serializer(withMajor('2')).serialize('js-migration', { height: 8 });
  assert.deepEqual(plain(await deserializer(withMajor('1')).deserialize('js-migration', bytes)),
                   { size: 8 });
});

test('the config keeps metadata, rules and groups, and gives them to new versions', async () => {
  const client = newClient();
  const config = {
    compatibility: Compatibility.FULL, compatibilityGroup: 'major',
    defaultMetadata: { properties: { owner: 'js' } },
    defaultRuleSet: { domainRules: [{
      name: 'keep', kind: 'CONDITION', mode: RuleMode.WRITE, type: 'CEL', expr: 'true',
      disabled: false,
    }] },
  };
  await client.updateConfig('js-config-value', config);
  const { compatibilityLevel, ...kept } = await client.getConfig('js-config-value');
  assert.deepEqual({ compatibility: compatibilityLevel, ...kept }, config);
  await client.register('js-config-value', person(long('age')));
  const latest = await newClient().getLatestSchemaMetadata('js-config-value');
  assert.deepEqual(latest.metadata, config.defaultMetadata);
  assert.deepEqual(latest.ruleSet, config.defaultRuleSet);
});

test('a context as base URL has ids and subjects of its own', async () => {
  const below = '/contexts/.js-team';
  assert.equal(await newClient(below).register('js-context-value', person(long('context'))), 1);
  const bytes = await serializer({ useLatestVersion: true }, below)
    .serialize('js-context', { context: 7 });
  assert.equal(bytes.readInt32BE(1), 1);
  assert.deepEqual(plain(await deserializer({}, below).deserialize('js-context', bytes)),
                   { context: 7 });
  assert.ok((await newClient().getAllSubjects()).includes(':.js-team:js-context-value'));
});
