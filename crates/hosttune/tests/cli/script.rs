//! `apply --script`: what would be done, for review.

use crate::common::Tree;
use std::io::Write;
use std::process::{Command, Stdio};

const PROFILE: &str = "\
[sysctl]
#: it's a \"$host\" that `swaps` late
vm.swappiness = 10

[unit docker.service]
TasksMax = 5000
";

#[test]
fn a_script_is_what_apply_would_do_and_nothing_is_done() {
    let tree = Tree::lived_in();
    tree.write("etc/hostname", b"rack-7\n", 0o644);
    let (profile, before) = (tree.profile("a", PROFILE), tree.all());
    let args = ["apply", "--script", "--profile", &profile];
    let script = tree.expect(1, &args).stdout;
    assert_eq!(
        script,
        tree.expect(1, &args).stdout,
        "the same plan, the same script"
    );
    for said in [
        "#!/bin/sh\n# Profile a (",
        " for rack-7",
        "\nset -eu\n",
        "# /etc/sysctl.d/60-hosttune.conf: sysctl:vm.swappiness\n",
        "cat > /etc/sysctl.d/60-hosttune.conf) <<'EOF'\n",
        "\nvm.swappiness = 10\n",
        "chmod 0600 /etc/sysctl.d/60-hosttune.conf\n",
        "TasksMax=infinity\nEOF\n",
    ] {
        assert!(script.contains(said), "no `{said}` in:\n{script}");
    }
    let json = tree.json(&args);
    assert_eq!(
        (&json["verdict"], &json["exit"]),
        (&"would-change".into(), &1.into())
    );
    assert_eq!(json["script"], script.as_str());
    tree.all().assert_is(&before, "a script");
    let mut shell = Command::new("sh");
    let mut shell = shell.arg("-n").stdin(Stdio::piped()).spawn().unwrap();
    shell
        .stdin
        .take()
        .unwrap()
        .write_all(script.as_bytes())
        .unwrap();
    assert!(shell.wait().unwrap().success());
    tree.expect(0, &["apply", "--yes", "--profile", &profile]);
    assert!(tree.expect(0, &args).stdout.contains("# nothing to do"));
}
