//! x
#[test]
fn a() { let _ = jsonschema::validator_for(&serde_json::json!({})); let _ = testkit::bus::FakeBus::start(); }
