//! live-restore and Swarm exclude each other.

use super::Rule;
use super::fault::Fault;
use super::view::View;
use model::Host;

pub(super) const RULE: Rule = Rule {
    id: "live-restore-swarm",
    summary: "live-restore is not wanted where Docker is part of a Swarm: a reload takes it, and the next start of dockerd fails",
    source: "moby daemon/config IsSwarmCompatible; docs.docker.com/engine/daemon/live-restore; observed with Docker 26.1",
    judge,
};

fn judge(view: &View<'_>) -> Vec<Fault> {
    let side = view.side("docker", "live-restore");
    let (Some("true"), Some(host)) = (side.text(), view.live()) else {
        return Vec::new();
    };
    if host
        .unit("docker.service")
        .is_ok_and(|unit| unit.is_missing())
    {
        return Vec::new();
    }
    let fault = match swarm(host) {
        Ok(state) if state.is_empty() || state == "inactive" => return Vec::new(),
        Ok(state) => Fault::broken(
            &[&side],
            format!("live-restore and Swarm exclude each other, and Swarm is {state} here"),
        )
        .help("leave out live-restore, or leave the Swarm (`docker swarm leave`)"),
        Err(why) => Fault::unknown(
            &[&side],
            format!(
                "cannot tell whether Docker is part of a Swarm, which excludes live-restore: {why}"
            ),
        ),
    };
    vec![fault]
}

/// The state of this node in a Swarm, in Docker's word.
fn swarm(host: &dyn Host) -> Result<String, String> {
    let text = host.docker("/info").map_err(|error| error.to_string())?;
    let info: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| format!("Docker /info: {error}"))?;
    match info
        .pointer("/Swarm/LocalNodeState")
        .and_then(|state| state.as_str())
    {
        Some(state) => Ok(state.to_owned()),
        None => Err("Docker /info names no state of Swarm".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{text, told};
    use super::RULE;
    use testkit::FakeHost;

    fn host(info: &str) -> FakeHost {
        FakeHost::new()
            .unit_with("docker.service", &[])
            .docker_answer("/info", info)
    }

    #[test]
    fn a_swarm_excludes_it_and_a_silent_docker_is_unknown() {
        let wanted = [text("docker", "live-restore", "true")];
        let inactive = host(r#"{"Swarm":{"LocalNodeState":"inactive"}}"#);
        assert_eq!(told(RULE.id, Some(&inactive), &wanted), [""; 0]);
        let active = host(r#"{"Swarm":{"LocalNodeState":"active"}}"#);
        assert!(told(RULE.id, Some(&active), &wanted)[0].starts_with("drifted: "));
        let off = [text("docker", "live-restore", "false")];
        assert_eq!(told(RULE.id, Some(&active), &off), [""; 0]);
        let silent = FakeHost::new().unit_with("docker.service", &[]);
        assert!(told(RULE.id, Some(&silent), &wanted)[0].starts_with("unknown: "));
        let without = FakeHost::new();
        assert_eq!(told(RULE.id, Some(&without), &wanted), [""; 0]);
        assert_eq!(told(RULE.id, None, &wanted), [""; 0]);
    }
}
