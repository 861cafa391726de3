//! The client schema_registry_converter against the server at SYMBOLON_URL.

use apache_avro::types::Value;
use schema_registry_converter::blocking::avro::{AvroDecoder, AvroEncoder};
use schema_registry_converter::blocking::schema_registry::{
    get_all_subjects, get_all_versions, get_schema_by_guid, get_schema_by_id,
    get_schema_by_subject, is_compatible_schema, post_schema, SrSettings,
};
use schema_registry_converter::schema_registry_common::{
    SchemaType, SubjectNameStrategy, SuppliedReference, SuppliedSchema,
};
use std::collections::HashMap;

const ORDER: &str =
    r#"{"type":"record","name":"Order","namespace":"rust","fields":[{"name":"id","type":"long"}]}"#;
const ORDER_WITH_NOTE: &str = r#"{"type":"record","name":"Order","namespace":"rust","fields":[{"name":"id","type":"long"},{"name":"note","type":"string","default":""}]}"#;
const ORDER_BROKEN: &str = r#"{"type":"record","name":"Order","namespace":"rust","fields":[{"name":"id","type":"long"},{"name":"note","type":"string"}]}"#;
const ADDRESS: &str = r#"{"type":"record","name":"Address","namespace":"rust","fields":[{"name":"city","type":"string"}]}"#;
const CUSTOMER: &str = r#"{"type":"record","name":"Customer","namespace":"rust","fields":[{"name":"home","type":"Address"}]}"#;

fn registry(below: &str) -> SrSettings {
    let url = std::env::var("SYMBOLON_URL").expect("SYMBOLON_URL names the server");
    SrSettings::new(format!("{url}{below}"))
}

fn supplied(name: &str, text: &str) -> SuppliedSchema {
    SuppliedSchema::new(Some(name.into()), SchemaType::Avro, text.into())
}

fn order(id: i64) -> Value {
    Value::Record(vec![("id".into(), Value::Long(id))])
}

#[test]
fn a_message_is_written_with_a_schema_that_the_encoder_registers_and_read_by_id() {
    let schema = supplied("rust.Order", ORDER);
    let strategy =
        SubjectNameStrategy::TopicNameStrategyWithSchema("rust-orders".into(), false, schema);
    let bytes = AvroEncoder::new(registry(""))
        .encode(vec![("id", Value::Long(7))], &strategy)
        .unwrap();
    let read = AvroDecoder::new(registry("")).decode(Some(&bytes)).unwrap();
    assert_eq!(read.value, order(7));

    // Another producer, which must not register, uses the latest version.
    let latest = SubjectNameStrategy::TopicNameStrategy("rust-orders".into(), false);
    let again = AvroEncoder::new(registry(""))
        .encode(vec![("id", Value::Long(7))], &latest)
        .unwrap();
    assert_eq!(again, bytes);
}

#[test]
fn a_message_carries_the_guid_in_its_header() {
    let schema = supplied("rust.Order", ORDER);
    let strategy =
        SubjectNameStrategy::TopicNameStrategyWithSchema("rust-guid".into(), false, schema);
    let (bytes, header) = AvroEncoder::new(registry(""))
        .encode_with_header_id(vec![("id", Value::Long(8))], &strategy, false)
        .unwrap();
    assert_eq!(header.name, "__value_schema_id");
    let read = AvroDecoder::new(registry(""))
        .decode_with_header_id(Some(&header.value), Some(&bytes))
        .unwrap();
    assert_eq!(read.value, order(8));
}

#[test]
fn a_schema_is_found_by_id_guid_and_subject() {
    let posted = post_schema(
        &registry(""),
        "rust-found-value".into(),
        supplied("rust.Order", ORDER),
    )
    .unwrap();
    let by_id = get_schema_by_id(posted.id, &registry("")).unwrap();
    assert_eq!(
        (by_id.schema.as_str(), by_id.schema_type),
        (ORDER, SchemaType::Avro)
    );
    let by_guid = get_schema_by_guid(&posted.guid.clone().unwrap(), &registry(""));
    assert_eq!(by_guid.unwrap().schema, ORDER);
    let strategy = SubjectNameStrategy::TopicNameStrategy("rust-found".into(), false);
    let by_subject = get_schema_by_subject(&registry(""), &strategy).unwrap();
    assert_eq!(by_subject.id, posted.id);
    assert!(get_all_subjects(&registry(""))
        .unwrap()
        .contains(&"rust-found-value".to_string()));
    assert_eq!(
        get_all_versions(&registry(""), "rust-found-value".into()).unwrap(),
        vec![1]
    );
}

#[test]
fn a_reference_is_registered_before_its_referrer() {
    let address =
        SuppliedReference::new("rust.Address".into(), "rust-address".into(), ADDRESS.into());
    let customer = supplied("rust.Customer", CUSTOMER).with_references(vec![address]);
    let strategy =
        SubjectNameStrategy::TopicNameStrategyWithSchema("rust-customer".into(), false, customer);
    let home = Value::Record(vec![("city".into(), Value::String("Ulm".into()))]);
    let bytes = AvroEncoder::new(registry(""))
        .encode(vec![("home", home.clone())], &strategy)
        .unwrap();
    let read = AvroDecoder::new(registry("")).decode(Some(&bytes)).unwrap();
    assert_eq!(read.value, Value::Record(vec![("home".into(), home)]));
    let latest = SubjectNameStrategy::TopicNameStrategy("rust-customer".into(), false);
    let stored = get_schema_by_subject(&registry(""), &latest).unwrap();
    let reference = &stored.references[0];
    assert_eq!(
        (
            reference.name.as_str(),
            reference.subject.as_str(),
            reference.version
        ),
        ("rust.Address", "rust-address", 1)
    );
}

#[test]
fn metadata_travels_with_the_schema() {
    let properties = HashMap::from([("owner".to_string(), "sales".to_string())]);
    let tags = HashMap::from([("rust.Order.id".to_string(), vec!["PII".to_string()])]);
    let schema = supplied("rust.Order", ORDER)
        .with_properties(properties.clone())
        .with_tags(tags.clone());
    let posted = post_schema(&registry(""), "rust-contract-value".into(), schema).unwrap();
    let stored = get_schema_by_id(posted.id, &registry("")).unwrap();
    assert_eq!(
        (stored.properties, stored.tags),
        (Some(properties), Some(tags))
    );
}

#[test]
fn an_incompatible_schema_is_refused_with_its_reason() {
    post_schema(
        &registry(""),
        "rust-strict-value".into(),
        supplied("rust.Order", ORDER),
    )
    .unwrap();
    let subject = || "rust-strict-value".to_string();
    assert!(!is_compatible_schema(
        &registry(""),
        subject(),
        supplied("rust.Order", ORDER_BROKEN)
    )
    .unwrap());
    assert!(is_compatible_schema(
        &registry(""),
        subject(),
        supplied("rust.Order", ORDER_WITH_NOTE)
    )
    .unwrap());
    let refused = post_schema(
        &registry(""),
        subject(),
        supplied("rust.Order", ORDER_BROKEN),
    )
    .unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("READER_FIELD_MISSING_DEFAULT_VALUE"),
        "{refused}"
    );
}

#[test]
fn an_unknown_id_is_an_error_with_its_code() {
    let refused = get_schema_by_id(999_999, &registry("")).unwrap_err();
    assert!(refused.to_string().contains("40403"), "{refused}");
}

#[test]
fn a_context_as_base_url_has_ids_of_its_own() {
    let below = "/contexts/.rust-team";
    let posted = post_schema(
        &registry(below),
        "rust-context-value".into(),
        supplied("rust.Order", ORDER),
    )
    .unwrap();
    assert_eq!(posted.id, 1);
    let strategy = SubjectNameStrategy::TopicNameStrategy("rust-context".into(), false);
    let bytes = AvroEncoder::new(registry(below))
        .encode(vec![("id", Value::Long(9))], &strategy)
        .unwrap();
    assert_eq!(
        AvroDecoder::new(registry(below))
            .decode(Some(&bytes))
            .unwrap()
            .value,
        order(9)
    );
    assert_eq!(
        get_all_subjects(&registry(below)).unwrap(),
        vec![":.rust-team:rust-context-value"]
    );
}
