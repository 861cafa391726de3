// Every bound on what comes from outside, with its unit and its reason: the one list of them.
//
// Units:    bytes, levels, counts, steps, milliseconds: the last word of each name says which
// Threads:  immutable
// Tested by the tests of the code that enforces each bound
#pragma once

#include <cstddef>
#include <cstdint>

namespace symbolon::limits {

// --- text from outside
/// Deep nesting costs stack in every recursive walk; the reference's JSON reader stops here too.
inline constexpr std::size_t json_depth_max = 1'000;
/// Longest number the reference reads; longer ones are an attack on number parsing.
inline constexpr std::size_t json_number_digits_max = 1'000;

// --- schemas
/// A schema is at most one request body long.
inline constexpr std::size_t schema_bytes_max = 16U << 20U;
/// All texts of one schema's references together.
inline constexpr std::size_t reference_bytes_max = 64U << 20U;
/// References that one schema names, and all that it reaches.
inline constexpr std::size_t references_max = 1'000;
/// Longest chain of references.
inline constexpr std::size_t reference_depth_max = 100;
/// Nesting of a schema's own types; 1,000 JSON levels hold about 500.
inline constexpr std::size_t schema_depth_max = 1'000;
/// Named types of one schema with its references.
inline constexpr std::size_t schema_names_max = 100'000;
/// Nesting of Protobuf messages and option values; libprotobuf reads descriptors this deep.
inline constexpr std::size_t protobuf_depth_max = 100;
/// Fields, constants, options and other statements of one .proto text.
inline constexpr std::size_t schema_members_max = 500'000;
/// Text that a canonical, normalised or resolved form may grow to.
inline constexpr std::size_t schema_text_bytes_max = 64U << 20U;
/// Longest `$id` or `$ref`, and base URI that they come to.
inline constexpr std::size_t uri_bytes_max = 4'096;
/// Patterns of one JSON Schema; each is compiled to see whether it is one.
inline constexpr std::size_t patterns_max = 20'000;
/// Longest pattern of a JSON Schema.
inline constexpr std::size_t pattern_bytes_max = 64U << 10U;
/// Steps of one search for a pattern, in units of the pattern engine: about a millisecond each.
inline constexpr std::int32_t pattern_steps_max = 50;
/// Memory that one search for a pattern may take to go back in.
inline constexpr std::int32_t pattern_stack_bytes_max = 1 << 20;

// --- the search index
/// Words by which one schema is found.
inline constexpr std::size_t schema_words_max = 4'096;
/// Longer words are cut.
inline constexpr std::size_t word_bytes_max = 64;
/// Memory for words and where they occur; 100,000 schemas of 1.1 kB took 38 MB.
inline constexpr std::size_t search_index_bytes_max = 256U << 20U;
/// Changed subjects that wait to be listed anew before everything is.
inline constexpr std::size_t touched_subjects_max = 10'000;

/// Paths of all that may carry tags, written out: names and nesting make them quadratic.
inline constexpr std::size_t tag_path_bytes_max = 128U << 20U;

// --- secrets
/// Shorter ones can be guessed.
inline constexpr std::size_t metadata_secret_bytes_min = 16;
inline constexpr std::size_t metadata_secret_bytes_max = 4'096;

// --- usage
/// Schemas, by subject, whose reads are counted: 640 bytes each with eight user agents.
inline constexpr std::size_t usage_entries_max = 100'000;
/// User agents that are told apart for one schema.
inline constexpr std::size_t usage_agents_per_entry = 8;
/// User agents that are told apart at all.
inline constexpr std::size_t usage_agents_max = 1'024;
/// The rest of a longer name is cut off.
inline constexpr std::size_t usage_agent_bytes_max = 128;
/// Time between two writes of what was counted.
inline constexpr std::int64_t usage_flush_ms = 60'000;

/// Referrers of one version that a deletion preview names; it counts them all.
inline constexpr std::size_t preview_referrers_max = 100;

// --- checks
/// Steps of one pair check: about a second of work.
inline constexpr std::uint64_t check_steps_max = 20'000'000;
/// Steps after which a check of JSON Schemas begins anew, comparing those written alike as one.
inline constexpr std::uint64_t check_steps_without_classes_max = 4'000'000;
/// Nesting of a pair check; each level costs stack.
inline constexpr std::size_t check_depth_max = 2'000;
/// Messages that follow one another through references in a check of Protobuf schemas.
inline constexpr std::size_t protobuf_check_depth_max = 400;
/// Findings that one pair check reports before it stops looking.
inline constexpr std::size_t findings_max = 10'000;
/// Bytes of text in all findings of one answer.
inline constexpr std::size_t findings_bytes_max = 4U << 20U;
/// Findings of one answer for which a counter-example is looked for.
inline constexpr std::size_t counter_examples_max = 100;
/// Data that are made up and tried for one counter-example.
inline constexpr std::size_t counter_example_tries_max = 400;
/// Work spent on making them up.
inline constexpr std::uint64_t sample_steps_max = 300'000;
/// Nesting of what is made up below the place that it is for.
inline constexpr int sample_depth_max = 5;
/// Longest text that is made up.
inline constexpr std::size_t made_text_bytes_max = 4'096;
/// A larger one helps nobody.
inline constexpr std::size_t counter_example_bytes_max = 16U << 10U;
/// Values of one made Avro datum, all attempts for one finding together.
inline constexpr std::size_t datum_values_max = 5'000;
/// Steps of making or reading one.
inline constexpr std::size_t datum_steps_max = 200'000;
/// Messages and enums that data of a Protobuf counter-example may reach.
inline constexpr std::size_t counter_example_types_max = 500;
/// Their fields and constants, which libprotobuf looks at for each finding anew.
inline constexpr std::size_t counter_example_members_max = 4'000;
/// Data that are tried for one finding.
inline constexpr std::size_t counter_example_samples_max = 200;
/// Messages in one another in such data; libprotobuf reads 100.
inline constexpr std::size_t counter_example_depth_max = 30;
/// Texts longer than this are not searched for the lines and columns of findings.
inline constexpr std::size_t located_text_bytes_max = 1U << 20U;
/// Work spent on the lines and columns of one text.
inline constexpr std::uint64_t locate_steps_max = 10'000'000;
/// Old schema printed in a 409 message (REST contract 5.1).
inline constexpr std::size_t old_schema_message_chars_max = 10'240;

// --- validation of data
/// A datum to validate; Kafka's brokers take a megabyte unless told otherwise.
inline constexpr std::size_t datum_bytes_max = 16U << 20U;
/// Steps of one validation; a search for a pattern is charged one for every 50 ns.
inline constexpr std::uint64_t validate_steps_max = 20'000'000;
/// Nesting of a validation, a `$ref` counting like an item; each level costs stack.
inline constexpr std::size_t validate_depth_max = 3'000;
/// Answers that one validation remembers, some 60 bytes each; past that it works again.
inline constexpr std::size_t validate_memo_max = 250'000;
/// What `$dynamicRef`s may come to in one validation, all together.
inline constexpr std::size_t validate_bindings_max = 1'000'000;
/// Schemas within one schema, with what it refers to, that a validator is made of.
inline constexpr std::size_t validate_nodes_max = 1'000'000;
/// Errors that one validation reports before it stops looking.
inline constexpr std::size_t validation_errors_max = 100;
/// Reasons of the nearest alternative that are told when none accepts.
inline constexpr std::size_t validation_reasons_max = 3;
/// Bytes of all those reasons.
inline constexpr std::size_t error_reasons_bytes_max = 2'000;
/// Bytes of a value, name or pattern that an error repeats.
inline constexpr std::size_t quoted_bytes_max = 80;
/// Bytes of a place that an error names; the middle of longer ones is left out.
inline constexpr std::size_t error_path_bytes_max = 1'024;

/// Referrers that are checked against one new version; each may have to be parsed.
inline constexpr std::size_t referrers_checked_max = 500;
/// Versions that are met on the way to them.
inline constexpr std::size_t referrer_walk_max = 10'000;
/// Texts that are parsed for them.
inline constexpr std::size_t referrer_bytes_max = 64U << 20U;
/// Findings told of each of them.
inline constexpr std::size_t referrer_findings_max = 10;

// --- retention and restoration
/// A hundred years: what must stay longer is not deleted by anybody who reads this.
inline constexpr std::int32_t keep_days_max = 36'500;
inline constexpr std::int32_t keep_versions_max = 1'000'000;
/// Pairs of versions that are compared when soft-deleted ones are restored.
inline constexpr std::size_t undelete_checks_max = 10'000;
/// Versions that one turn of the writer removes when expired ones are pruned.
inline constexpr std::size_t prune_versions_max = 10'000;

// --- requests
/// Line and headers of one request.
inline constexpr std::size_t header_bytes_max = 16U << 10U;
/// Memory that a declared length reserves: it is only a claim, and more comes as bytes arrive.
inline constexpr std::uint64_t body_reserve_bytes_max = 64U << 10U;
/// Connections above connections_max that wait for their refusal at a time; more are just closed.
inline constexpr std::uint64_t connection_refusals_max = 256;
/// Default for the body_bytes_max option.
inline constexpr std::size_t body_bytes_max_default = 1U << 20U;
/// Longest subject, context or other name.
inline constexpr std::size_t name_bytes_max = 4'096;
/// Longest name of a rule of a data contract (REST contract 2.7).
inline constexpr std::size_t rule_name_chars_max = 256;
/// Largest page of schema-like results (REST contract 3).
inline constexpr std::size_t page_items_max = 1'000;
/// Rows of a page of the subject listing, unless asked for otherwise.
inline constexpr std::size_t listing_rows_default = 50;
/// Text of one search.
inline constexpr std::size_t search_bytes_max = 256;
/// Words of one search; each is a sweep over the vocabulary.
inline constexpr std::size_t search_words_max = 8;
/// Requests of one batch of associations; each that writes costs a commit.
inline constexpr std::size_t association_requests_max = 100;
/// Operations on one resource in one request.
inline constexpr std::size_t association_operations_max = 100;
/// Keys that wrap other keys; the reference's own default.
inline constexpr std::size_t keks_max = 20'000;
/// Name of such a key (REST contract DEK-1).
inline constexpr std::size_t kek_name_bytes_max = 256;
/// Properties of a key management system, each a name_bytes_max at most.
inline constexpr std::size_t kms_props_max = 100;
/// A wrapped data key as text; real ones take a few hundred bytes.
inline constexpr std::size_t key_material_bytes_max = 16U << 10U;
/// Writes waiting for the writer's turn before the registry answers 503.
inline constexpr std::size_t writes_waiting_max = 4'096;
/// Schemas of one bundle.
inline constexpr std::size_t bundle_members_max = 100;
/// Subjects that one plan changes: they are decided in one turn of the writer.
inline constexpr std::size_t plan_changes_max = 1'000;
/// Differences that the message of a drifted plan tells; its body has all.
inline constexpr std::size_t plan_drifts_told_max = 5;
/// Writes that share one commit.
inline constexpr std::size_t group_commit_max = 256;
/// Times a write is decided again because another node was faster.
inline constexpr std::size_t commit_attempts_max = 16;

// --- Kafka
/// Records on their way to Kafka before a sender waits.
inline constexpr int kafka_queue_records_max = 100'000;
/// Their kilobytes.
inline constexpr int kafka_queue_kbytes_max = 64 * 1'024;
/// Kilobytes that a Kafka consumer fetches ahead; librdkafka pauses for a second when it has them,
/// so this is what a second of work takes.
inline constexpr int kafka_fetch_kbytes_max = 64 * 1'024;
/// Records that it fetches ahead.
inline constexpr int kafka_fetch_records_max = 200'000;
/// Bytes that one poll hands out; the first record comes whatever its size.
inline constexpr std::size_t kafka_poll_bytes_max = 16U << 20U;
/// Longest wait before a broker that went away is tried again; librdkafka's own is ten seconds.
inline constexpr std::int64_t kafka_reconnect_ms = 2'000;
/// How long no Kafka broker may be there before a consumer says so; a restart takes less.
inline constexpr std::int64_t kafka_unreachable_ms = 60'000;
/// How long a commit is tried.
inline constexpr std::int64_t kafka_commit_ms = 30'000;

// --- the change feed
/// Changes kept in memory for those who follow; who is further behind is told from the store.
inline constexpr std::size_t changes_kept_max = 16'384;
/// What they take at most; a config may be as large as a request.
inline constexpr std::size_t changes_kept_bytes_max = 8U << 20U;
/// Changes in one answer.
inline constexpr std::size_t changes_page_max = 1'000;
/// Stored bytes behind one answer; the first change comes whatever its size.
inline constexpr std::size_t changes_page_bytes_max = 1U << 20U;
/// Longest wait for a change; proxies cut longer silences.
inline constexpr std::int64_t changes_wait_seconds_max = 60;
/// Silence in a stream of changes before a sign of life is sent.
inline constexpr std::int64_t changes_heartbeat_seconds = 15;
/// Clients that wait for a change at a time; each holds a connection.
inline constexpr std::size_t waiting_clients_max = 4'096;

// --- the decoder
/// One event: a line or a message. In base64 a datum_bytes_max takes 22 MB.
inline constexpr std::size_t event_bytes_max = 32U << 20U;
/// What a dead letter repeats of an event that is longer than event_bytes_max.
inline constexpr std::size_t event_excerpt_bytes_max = 4'096;
/// Subjects whose state the evolution guard keeps; about 200 bytes each.
inline constexpr std::size_t guard_subjects_max = 100'000;
/// The guard's state as a file.
inline constexpr std::size_t guard_state_bytes_max = 64U << 20U;
/// Codecs that a decoder keeps compiled, and ids that it knows not to exist.
inline constexpr std::size_t decoder_codecs_max = 1'024;
/// Answers about event types that are kept.
inline constexpr std::size_t event_types_max = 10'000;
/// A longer event type is none that a platform knows.
inline constexpr std::size_t event_type_bytes_max = 512;
/// Attempts that an event of a dead letter queue says it has behind it; more is none of ours.
inline constexpr std::int64_t event_attempts_max = 1'000;
/// Records of a batch that wait to be written: one of large container files is not kept whole.
inline constexpr std::size_t pending_records_bytes_max = 16U << 20U;
/// Warnings of one run that are told apart.
inline constexpr std::size_t decode_warnings_max = 1'000;

// --- answers that the companions get
/// Status line and headers of an answer.
inline constexpr std::size_t answer_header_bytes_max = 256U << 10U;
/// An OAuth2 token; servers refuse longer headers.
inline constexpr std::size_t token_bytes_max = 64U << 10U;
/// What a token endpoint answers, with descriptions of errors.
inline constexpr std::size_t token_answer_bytes_max = 1U << 20U;
/// What a registry answers: a schema inside JSON, where quotes and line ends take two bytes.
inline constexpr std::size_t registry_answer_bytes_max = 2 * schema_bytes_max + (1U << 20U);
/// What is shown of a registry's words about an error.
inline constexpr std::size_t registry_message_bytes_max = 2'000;
/// Names or numbers of one list that a registry answers, all pages together.
inline constexpr std::size_t registry_list_items_max = 1'000'000;
/// Their bytes.
inline constexpr std::size_t registry_list_bytes_max = 256U << 20U;
/// A downstream's answer; it is looked at for its status alone.
inline constexpr std::size_t downstream_answer_bytes_max = 1U << 20U;
/// A year: longer waits that a server asks for are the same to everybody.
inline constexpr std::int64_t retry_after_seconds_max = 365LL * 86'400;
/// Texts of all schemas in one cache, with what they refer to; parsed they take several times that.
inline constexpr std::size_t schema_cache_bytes_max = 64U << 20U;
/// Series of one metric, that is, different labels; each takes some hundred bytes.
inline constexpr std::size_t metric_series_max = 10'000;

// --- the companions' data
/// Cells of one decoded datum, 16 bytes each.
inline constexpr std::size_t datum_cells_max = 4'000'000;
/// One datum written as JSON; base64 and long names make texts longer than bytes.
inline constexpr std::size_t datum_json_bytes_max = 64U << 20U;
/// Values of such a text, about 110 bytes each while it is read.
inline constexpr std::size_t datum_json_values_max = 1'000'000;
/// Values looked at until every union's branch is found: four for each value that may be there.
inline constexpr std::size_t datum_json_steps_max = 4'000'000;
/// A decimal's bytes and its scale; longer ones stay as they are, for exact texts cost the square.
inline constexpr std::size_t decimal_bytes_max = 1'024;
inline constexpr std::int32_t decimal_scale_max = 4'096;
/// What stands before the first block of a container file; most of it is the schema.
inline constexpr std::size_t container_header_bytes_max = 32U << 20U;
/// Entries of a container file's metadata.
inline constexpr std::size_t container_metadata_max = 1'000;
/// A block, as it is stored and when it is inflated: a reader holds both. A setting of readers and
/// writers, up to container_block_bytes_ceiling.
inline constexpr std::size_t container_block_bytes_max = 32U << 20U;
inline constexpr std::size_t container_block_bytes_ceiling = std::size_t{1} << 30U;
/// Memory that a frame of zstandard may ask for to look back in: 2^25 bytes, the largest block.
inline constexpr int zstandard_window_bits_max = 25;
/// Records of a file beyond the bytes they take: data of null take none, however many there are.
inline constexpr std::uint64_t container_free_records_max = 1'000'000;
/// Numbers that lead to a message within a Protobuf schema: it nests no deeper.
inline constexpr std::size_t message_indexes_max = protobuf_depth_max;
/// Memory that one Protobuf message may take once it is read, and its JSON text likewise; two bytes
/// can stand for an empty message of hundreds.
inline constexpr std::size_t protobuf_memory_bytes_max = 256U << 20U;
/// Messages and enums that a Protobuf message may reach for its data to be read.
inline constexpr std::size_t protobuf_pool_types_max = 20'000;
/// Their fields and constants.
inline constexpr std::size_t protobuf_pool_members_max = 200'000;
/// JSON text of all records of one message; a container file of a kilobyte can hold a gigabyte.
inline constexpr std::size_t payload_text_bytes_max = 256U << 20U;
/// Records of a container file that an explanation shows.
inline constexpr std::size_t explained_records_max = 10;
/// Versions of a subject among which a fingerprint is looked for, each a request at first.
inline constexpr std::size_t fingerprint_versions_max = 100;
/// Records, arrays and maps of a datum in one another; each costs stack, and JSON ends there too.
inline constexpr std::size_t datum_depth_max = 1'000;
/// Instructions that one pair of schemas is compiled to, some 40 bytes each.
inline constexpr std::size_t plan_steps_max = 1'000'000;
/// Cells of all defaults that one reader brings.
inline constexpr std::size_t default_cells_max = 200'000;
/// Cells of one datum that are moved because the reader has its fields in another order.
inline constexpr std::size_t datum_moved_cells_max = 64'000'000;
/// Bytes of all keys that a producer remembers to find duplicates.
inline constexpr std::size_t duplicate_keys_bytes_max = 16U << 20U;
/// Events of the input between the first of a batch and its last, rejected ones included.
inline constexpr std::size_t batch_interval_events_max = 1'000;
/// Reasons told of one rejected event.
inline constexpr std::size_t event_reasons_max = 10;
/// Bytes that a record of a rejected event repeats of it.
inline constexpr std::size_t rejected_event_bytes_max = 1U << 20U;
/// A batch in the spool, its texts as JSON strings.
inline constexpr std::size_t spool_line_bytes_max = 64U << 20U;
/// A platform's answer to a batch, and what messages repeat of it.
inline constexpr std::size_t ingest_answer_bytes_max = 1U << 20U;
inline constexpr std::size_t answer_quote_bytes_max = 200;
/// A checkpoint; its size goes with the batches that are on their way.
inline constexpr std::size_t checkpoint_bytes_max = 16U << 20U;

// --- the companions' gateway
/// A mapping file, its fields, the pointers of one field, and the values of its constants.
inline constexpr std::size_t mapping_bytes_max = 1U << 20U;
inline constexpr std::size_t mapping_fields_max = 1'000;
inline constexpr std::size_t mapping_pointers_max = 100;
inline constexpr std::size_t mapping_nodes_max = 10'000;
inline constexpr std::size_t mapping_depth_max = 64;
/// Masked text of a refused body in its anomaly record; the contract's figure.
inline constexpr std::size_t masked_payload_bytes_max = 256;
/// What an answer and an anomaly record tell of the errors of one body.
inline constexpr std::size_t error_details_bytes_max = 4'096;
/// Records that wait for one slow sink; more are dropped and counted.
inline constexpr std::size_t sink_queue_records_max = 10'000;
/// Their bytes.
inline constexpr std::size_t sink_queue_bytes_max = 16U << 20U;
/// Records that one write of such a queue hands to its sink.
inline constexpr std::size_t sink_batch_records_max = 1'000;
/// One PutLogEvents call: bytes, what AWS adds for each event, events, and their span.
inline constexpr std::size_t log_batch_bytes_max = 1'048'576;
inline constexpr std::size_t log_event_overhead_bytes = 26;
inline constexpr std::size_t log_events_max = 10'000;
inline constexpr std::int64_t log_span_ms_max = 24LL * 60 * 60 * 1'000;
/// One event with what AWS adds: 256 KiB everywhere, a megabyte in some regions.
inline constexpr std::size_t log_event_bytes_max = 256U << 10U;

// --- the gate's trees of files
/// Schema files of one tree; a registry holds as many subjects.
inline constexpr std::size_t tree_files_max = 100'000;
/// Files and folders that are looked at to find them.
inline constexpr std::size_t tree_entries_max = 2'000'000;
/// Texts of all schema files together; they are held at once.
inline constexpr std::size_t tree_bytes_max = 512U << 20U;
/// Texts that files refer to, written out for each file that needs them.
inline constexpr std::size_t tree_reference_bytes_max = 1U << 30U;
/// Messages of a registry that are quoted where it disagrees with the gate, and bytes of each.
inline constexpr std::size_t quoted_messages_max = 3;
inline constexpr std::size_t quoted_message_bytes_max = 600;
/// Recorded messages that are told of when they cannot be read; the rest are counted.
inline constexpr std::size_t replay_findings_max = 100;
/// Folders in one another.
inline constexpr std::size_t tree_depth_max = 100;
/// What is read of a .json file to see whether it is a JSON Schema.
inline constexpr std::size_t json_look_bytes_max = 64U << 10U;
/// A symbolon.yaml, its values, and their nesting; YAML's aliases make values of nothing.
inline constexpr std::size_t tree_config_bytes_max = 1U << 20U;
inline constexpr std::size_t tree_config_nodes_max = 100'000;
inline constexpr std::size_t tree_config_depth_max = 16;
/// Patterns of a symbolon.yaml that one file is held against, and the length of each.
inline constexpr std::size_t tree_patterns_max = 2'000;
inline constexpr std::size_t tree_pattern_bytes_max = 1'000;
/// What git may answer to one question, and how long it may take: it may have to fetch.
inline constexpr std::size_t git_answer_bytes_max = 256U << 20U;
inline constexpr std::int64_t git_time_ms_max = 120'000;
/// Its complaints are a few lines.
inline constexpr std::size_t git_errors_bytes_max = 16U << 10U;
/// Texts that one process of git is asked for; more take more of them.
inline constexpr std::size_t git_batch_bytes_max = 64U << 20U;
/// Target of a symbolic link; no file system has longer ones.
inline constexpr std::size_t link_bytes_max = 4'096;
/// Files that may answer one name: all of a tree's files may ask for a name that they all have.
inline constexpr std::size_t reference_candidates_max = 1'000;
/// A plan as a file.
inline constexpr std::size_t plan_file_bytes_max = 64U << 20U;

// --- what the gate asks a registry
/// Schemas that are kept beside one another, and settings of subjects.
inline constexpr std::size_t baseline_entries_max = 20'000;
/// Versions of a subject that are read, each in a request of its own.
inline constexpr std::size_t compared_versions_max = 10'000;
/// Their texts, with what they refer to.
inline constexpr std::size_t compared_bytes_max = 256U << 20U;
/// Messages of what a server says about a candidate.
inline constexpr std::size_t verdict_messages_max = 1'000;

// --- what changed between two schemas, and what a schema should look like
/// Changes that a comparison tells; nobody reads more.
inline constexpr std::size_t diff_changes_max = 10'000;
/// Pairs of nodes looked at, and texts compared: a second of work.
inline constexpr std::uint64_t diff_steps_max = 5'000'000;
/// A value or name that is repeated in a change.
inline constexpr std::size_t diff_value_bytes_max = 120;
/// Lines of each text that are compared line by line; longer ones are shown as replaced.
inline constexpr std::size_t text_diff_lines_max = 200'000;
/// Lines that differ: work and memory grow with their square.
inline constexpr std::size_t text_diff_edits_max = 3'000;
/// Findings of lint in one file; the rest is counted.
inline constexpr std::size_t lint_findings_max = 1'000;
/// Nodes of a converted schema.
inline constexpr std::size_t converted_nodes_max = 1'000'000;

// --- the gate's reports
/// A report as a comment on a change; GitHub takes 65,536 characters.
inline constexpr std::size_t comment_bytes_max = 60'000;
/// A step's summary; GitHub takes a megabyte.
inline constexpr std::size_t step_summary_bytes_max = 1'000'000;

// --- flags, and files that people write by hand
/// Longest time that a flag or profile sets: an hour.
inline constexpr std::int64_t flag_time_ms_max = 3'600'000;
/// Largest count that a flag sets.
inline constexpr std::int64_t flag_count_max = 1'000'000'000;
/// The configuration file of `serve`.
inline constexpr std::size_t server_config_bytes_max = 1U << 20U;
/// The file of profiles.
inline constexpr std::size_t profiles_bytes_max = 256U << 10U;
/// Entries of each of its lists and maps.
inline constexpr std::size_t profiles_max = 1'000;
/// A password, token or client secret in a file.
inline constexpr std::size_t secret_file_bytes_max = 64U << 10U;
/// URLs of one registry, which are tried one after the other.
inline constexpr std::size_t server_urls_max = 100;

// --- what the command line shows
/// Words that are offered to complete one; nobody reads more.
inline constexpr std::size_t completion_candidates_max = 2'000;
/// Findings of a registry that are shown; more tell nothing more, and it may be anybody's.
inline constexpr std::size_t shown_findings_max = 100;
/// Versions that are asked about one by one where a registry has no preview of a deletion.
inline constexpr std::size_t preview_versions_max = 100;
/// A part of a file's name; file systems take 255, and a number and an extension may follow.
inline constexpr std::size_t file_name_part_bytes_max = 200;
/// Folders in each other that are made for one name; no import of people is deeper.
inline constexpr std::size_t file_name_parts_max = 32;

}  // namespace symbolon::limits
