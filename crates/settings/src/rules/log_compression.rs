//! A log that keeps one file has none to compress.

use super::Rule;
use super::fault::Fault;
use super::view::View;

pub(super) const RULE: Rule = Rule {
    id: "log-compression",
    summary: "log-opts.max-file is more than 1 where logs are compressed, as the `local` driver does unless log-opts.compress is false",
    source: "moby daemon/logger/local/config.go validateConfig, daemon/logger/jsonfilelog/jsonfilelog.go New: each container start fails",
    judge,
};

fn judge(view: &View<'_>) -> Vec<Fault> {
    let side = |name: &str| view.side("docker", name);
    let (driver, files) = (side("log-driver"), side("log-opts.max-file"));
    let compress = side("log-opts.compress");
    let compresses = match (driver.text(), compress.text()) {
        (_, Some(said)) => said == "true",
        (Some(driver), None) => driver == "local",
        (None, None) => false,
    };
    if files.text() != Some("1") || !compresses {
        return Vec::new();
    }
    let message =
        "log-opts.max-file is 1 and logs are compressed: Docker starts no container with that";
    let fault = Fault::broken(&[&driver, &files, &compress], message.to_owned());
    vec![fault.help("write `log-opts.compress = false`, or 2 files or more")]
}

#[cfg(test)]
mod tests {
    use super::super::tests::{text, told};
    use super::RULE;

    fn faults(driver: &str, files: &str, compress: Option<&str>) -> usize {
        let mut settings = vec![
            text("docker", "log-driver", driver),
            text("docker", "log-opts.max-file", files),
        ];
        settings.extend(compress.map(|said| text("docker", "log-opts.compress", said)));
        told(RULE.id, None, &settings).len()
    }

    #[test]
    fn one_file_is_not_compressed() {
        assert_eq!(faults("local", "1", None), 1);
        assert_eq!(faults("local", "1", Some("false")), 0);
        assert_eq!(faults("local", "2", None), 0);
        assert_eq!(faults("json-file", "1", None), 0);
        assert_eq!(faults("json-file", "1", Some("true")), 1);
    }
}
