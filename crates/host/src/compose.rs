//! Docker Compose's own look at a project: variables, includes and profiles as it takes them.

use crate::command::{Output, run};
use crate::fault::failed;
use model::{HostError, HostResult};
use std::time::Duration;

const PROGRAM: &str = "docker";
/// It reads files and prints; the first start of a program of 60 MB may be slow.
const PATIENCE: Duration = Duration::from_secs(30);
/// What a docker without the Compose plugin says: `unknown command`, or it takes `-f` for its own.
const NO_PLUGIN: [&str; 3] = [
    "unknown command: docker compose",
    "is not a docker command",
    "unknown shorthand flag",
];

/// The project of a file as `docker compose config --format json` prints it; none where there is no
/// such program. The path is absolute, so that it cannot be taken for a flag.
pub fn compose_config(path: &str) -> HostResult<Option<String>> {
    let arguments = ["compose", "-f", path, "config", "--format", "json"];
    match run(PROGRAM, &arguments, PATIENCE) {
        Ok(output) => judge(output, path),
        Err(HostError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn judge(output: Output, path: &str) -> HostResult<Option<String>> {
    if output.success {
        return Ok(Some(output.stdout));
    }
    let said = output.stderr.trim();
    if NO_PLUGIN.iter().any(|phrase| said.contains(phrase)) {
        return Ok(None);
    }
    let reason = said.lines().last().unwrap_or("it does not say why");
    Err(failed(path, format!("docker compose refuses it: {reason}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(success: bool, stderr: &str) -> HostResult<Option<String>> {
        let output = Output {
            success,
            stdout: "{}".to_owned(),
            stderr: stderr.to_owned(),
        };
        judge(output, "/c.yaml")
    }

    #[test]
    fn a_docker_without_the_plugin_is_no_refusal() {
        assert_eq!(said(true, "warning"), Ok(Some("{}".to_owned())));
        for phrase in NO_PLUGIN {
            assert_eq!(said(false, &format!("docker: {phrase}\n")), Ok(None));
        }
        let refused = said(false, "warning\nservices.a must be a mapping\n").unwrap_err();
        assert!(
            refused
                .to_string()
                .ends_with("refuses it: services.a must be a mapping")
        );
    }
}
