//! The two texts that a project is read from: what Compose itself makes of its files, and a file.

use crate::ComposeError;
use crate::project::Project;
use serde_json::Value;

/// Longer files are refused: nobody writes so many services.
const LONGEST: usize = 1 << 20;
const INSTALL: &str = "install the Compose plugin, so that `docker compose config` can be asked";
/// The project of a folder without a name of its own, such as `/`.
const NAMELESS: &str = "project";
/// What only Compose itself can put together.
const FOREIGN: [&str; 2] = ["include", "extends"];

/// Reads what `docker compose config --format json` prints.
pub fn from_config(json: &str) -> Result<Project, ComposeError> {
    let value = serde_json::from_str(json)
        .map_err(|error| ComposeError::new(format!("docker compose config: {error}")))?;
    Project::read(&value, NAMELESS)
}

/// Reads a Compose file as it stands. What needs variables or other files is refused, not guessed.
pub fn from_file(text: &str, path: &str) -> Result<Project, ComposeError> {
    if text.len() > LONGEST {
        return Err(ComposeError::new(format!("{path}: is longer than 1 MiB")));
    }
    let value: Value = serde_saphyr::from_str(text).map_err(|error| {
        let said = error.to_string();
        let first = said.lines().next().unwrap_or("is no YAML");
        ComposeError::new(format!("{path}: {first}"))
    })?;
    if let Some(key) = foreign(&value) {
        let message = format!("{path}: `{key}` brings in other files");
        return Err(ComposeError::new(message).help(INSTALL));
    }
    Project::read(&value, &default_name(path)).map_err(|mut error| {
        error.message = format!("{path}: {}", error.message);
        error
    })
}

fn foreign(value: &Value) -> Option<&'static str> {
    let services = value["services"].as_object();
    let services = services.into_iter().flat_map(|all| all.values());
    let mut places = [value].into_iter().chain(services);
    places.find_map(|place| FOREIGN.into_iter().find(|key| !place[key].is_null()))
}

/// The name that Compose gives a project: that of the folder, in lower case, without what Docker
/// does not take (compose-spec, 04-version-and-name).
fn default_name(path: &str) -> String {
    let folder = path.rsplit('/').nth(1).unwrap_or_default().to_lowercase();
    let known = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    let name: String = folder.chars().filter(known).collect();
    match name.trim_start_matches(['_', '-']) {
        "" => NAMELESS.to_owned(),
        name => name.to_owned(),
    }
}

/// Whether a text has a variable in it that Compose would put in; `$$` is a dollar sign.
pub(crate) fn has_variable(text: &str) -> bool {
    text.replace("$$", "").contains('$')
}

/// A value that names a variable cannot be told here.
pub(crate) fn variable(what: &str, text: &str) -> ComposeError {
    ComposeError::new(format!("{what}: the value of `{text}` is not known here")).help(INSTALL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_names_its_project() {
        assert_eq!(default_name("/srv/My Cluster.2/compose.yaml"), "mycluster2");
        assert_eq!(default_name("/srv/_x/compose.yaml"), "x");
        assert_eq!(default_name("/compose.yaml"), NAMELESS);
    }

    #[test]
    fn what_is_no_project_is_refused_with_its_place() {
        let refused = |text: &str| from_file(text, "/x/c.yaml").unwrap_err();
        assert!(refused("services: [").message.starts_with("/x/c.yaml: "));
        assert!(refused("a: 1").message.contains("no services"));
        assert!(refused("services: {a: 3}").message.contains("a"));
        assert!(refused("- 1").message.contains("no services"));
        assert!(refused("").message.contains("/x/c.yaml"));
        let included = refused("include: [b.yaml]\nservices: {a: {image: x}}\n");
        assert!(included.message.contains("`include`"), "{included}");
        let extended = refused("services: {a: {extends: b, image: x}}\n");
        assert!(extended.help.unwrap().contains("plugin"));
        let long = format!("# {}\n", "x".repeat(LONGEST));
        assert!(refused(&long).message.contains("1 MiB"));
        assert!(
            from_config("{")
                .unwrap_err()
                .message
                .contains("docker compose config")
        );
    }

    #[test]
    fn variables_are_refused_only_where_they_matter() {
        let text = "services: {a: {image: \"x:${TAG}\", scale: \"${N}\"}}\n";
        let error = from_file(text, "/x/c.yaml").unwrap_err();
        assert!(error.message.contains("`${N}`"), "{error}");
        let fine = "services: {a: {image: \"x:${TAG}\", command: \"$$HOME\"}}\n";
        assert_eq!(from_file(fine, "/x/c.yaml").unwrap().services.len(), 1);
    }
}
