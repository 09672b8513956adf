//! `apply --script`: the plan as a shell script.

use crate::envelope::Report;
use crate::render;
use crate::sources::Loaded;
use host::Door;
use model::{Host, Scope};
use serde_json::{Value, json};
use settings::Plan;

/// Makes the script of a plan the report's text.
pub(super) fn put(door: &Door, loaded: &Loaded, plan: &Plan, report: &mut Report) {
    let profile = &loaded.profile;
    let script = render::script::script(&profile.name, &profile.path, &host_name(door), plan);
    if let Value::Object(payload) = &mut report.payload {
        payload.insert("script".to_owned(), json!(script));
    }
    report.text = script;
}

fn host_name(door: &Door) -> String {
    let path = match door.scope() {
        Scope::Live => "/proc/sys/kernel/hostname",
        Scope::Tree => "/etc/hostname",
    };
    let name = door.read_text(path).unwrap_or_default();
    match name.trim() {
        "" => "an unnamed host".to_owned(),
        name => name.to_owned(),
    }
}
