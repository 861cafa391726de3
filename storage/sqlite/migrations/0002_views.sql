-- Readable pictures of the registry's records; nothing in Symbolon reads them.

-- max_id: the largest schema id that the context ever gave out. A context that was deleted keeps its
-- record, so that it would go on counting there.
CREATE VIEW contexts AS
SELECT json_extract(value, '$.context') AS context,
       json_extract(value, '$.maxId')   AS max_id
FROM entries
WHERE key GLOB 'context/*' AND value IS NOT NULL
  AND coalesce(json_extract(value, '$.deleted'), 0) = 0;

-- A schema record is one line of JSON, then the schema's own text.
CREATE VIEW schemas AS
SELECT json_extract(header, '$.context')    AS context,
       json_extract(header, '$.id')         AS id,
       json_extract(header, '$.type')       AS type,
       json_extract(header, '$.guid')       AS guid,
       json_extract(header, '$.references') AS reference_list,
       json_extract(header, '$.metadata')   AS metadata,
       json_extract(header, '$.ruleSet')    AS rule_set,
       text                                 AS schema
FROM (SELECT substr(value, 1, instr(value, char(10)) - 1) AS header,
             substr(value, instr(value, char(10)) + 1)    AS text
      FROM entries
      WHERE key GLOB 'schema/*' AND value IS NOT NULL);

CREATE VIEW versions AS
SELECT json_extract(value, '$.context') AS context,
       json_extract(value, '$.subject') AS subject,
       json_extract(value, '$.version') AS version,
       json_extract(value, '$.id')      AS id,
       json_extract(value, '$.deleted') AS deleted,
       strftime('%Y-%m-%dT%H:%M:%SZ', json_extract(value, '$.ts') / 1000, 'unixepoch')
                                        AS registered_at
FROM entries
WHERE key GLOB 'version/*' AND value IS NOT NULL;

-- latest: the highest version that is not soft-deleted; NULL for a subject that is soft-deleted.
CREATE VIEW subjects AS
SELECT context,
       subject,
       sum(NOT deleted)                            AS live_versions,
       sum(deleted)                                AS deleted_versions,
       max(CASE WHEN NOT deleted THEN version END) AS latest
FROM versions
GROUP BY context, subject;

-- subject '': the setting of the context itself.
CREATE VIEW configs AS
SELECT json_extract(value, '$.context')              AS context,
       json_extract(value, '$.subject')              AS subject,
       json_extract(value, '$.config.compatibility') AS level,
       json_extract(value, '$.config')               AS config
FROM entries
WHERE key GLOB 'config/*' AND value IS NOT NULL;

CREATE VIEW modes AS
SELECT json_extract(value, '$.context') AS context,
       json_extract(value, '$.subject') AS subject,
       json_extract(value, '$.mode')    AS mode
FROM entries
WHERE key GLOB 'mode/*' AND value IS NOT NULL;
