//! Scripts as people write them: what they set is found without running anything.
#![expect(clippy::unwrap_used, reason = "a test that finds nothing fails")]

use import::{Format, Imported, Input, import};

const OLDER: &str = include_str!("../../../tests/import/older.sh");
const NEWER: &str = include_str!("../../../tests/import/newer.sh");

fn of(script: &str) -> Imported {
    import(&[Input {
        path: "x.sh",
        content: script.as_bytes(),
        format: Some(Format::Script),
        unit: None,
    }])
    .unwrap()
}

/// Entries as `line kind:name/key=value`.
fn entries(imported: &Imported) -> Vec<String> {
    let entries = imported.entries.iter();
    entries
        .map(|e| {
            let name = e
                .name
                .as_ref()
                .map_or_else(String::new, |name| format!("{name}/"));
            format!("{} {}:{name}{}={}", e.span.line, e.kind, e.key, e.value)
        })
        .collect()
}

fn gaps(imported: &Imported) -> Vec<String> {
    let gaps = imported.unexpressed.iter();
    gaps.map(|gap| format!("{} {}", gap.span.line, gap.message))
        .collect()
}

#[track_caller]
fn value<'a>(imported: &'a Imported, key: &str) -> &'a str {
    let found = imported.entries.iter().find(|entry| entry.key == key);
    assert!(found.is_some(), "no {key} in {:#?}", entries(imported));
    &found.unwrap().value
}

#[test]
fn both_published_manners_are_read_whole() {
    let (older, newer) = (of(OLDER), of(NEWER));
    assert_eq!((gaps(&older), gaps(&newer)), (vec![], vec![]));
    assert_eq!((older.entries.len(), newer.entries.len()), (36, 42));
    assert!(older.assumed.is_empty() && newer.assumed.is_empty());
    for (key, before, after) in [
        ("fs.file-max", "exact 2097152", "exact 2621440"),
        (
            "net.ipv4.ip_local_port_range",
            "exact 1024 65535",
            "exact 1024 65535",
        ),
        ("vm.swappiness", "exact 10", "exact 5"),
        ("nofile", "exact 1048576", "exact 1048576"),
        ("default-ulimits.nofile", "exact 1048576", "exact 1048576"),
        (
            "default-address-pools",
            "172.17.0.0/12 size 24",
            "172.20.0.0/16 size 20",
        ),
        ("dns", "8.8.8.8, 8.8.4.4", "1.1.1.1"),
        ("max-concurrent-uploads", "exact 10", "exact 20"),
    ] {
        assert_eq!(
            (value(&older, key), value(&newer, key)),
            (before, after),
            "{key}"
        );
    }
    for (key, expected) in [
        ("net.core.netdev_budget_usecs", "exact 25000"),
        ("vm.vfs_cache_pressure", "exact 50"),
        ("vm.max_map_count", "exact 1048576"),
        (
            "net.netfilter.nf_conntrack_tcp_timeout_established",
            "exact 86400",
        ),
        ("mtu", "exact 1450"),
    ] {
        assert_eq!(value(&newer, key), expected, "{key}");
    }
}

#[test]
fn entries_stand_where_the_script_says_them() {
    let newer = of(NEWER);
    for entry in &newer.entries {
        let line = NEWER.lines().nth(entry.span.line - 1).unwrap();
        let key = entry.key.rsplit('.').next().unwrap();
        assert!(line.contains(key), "{} is not in `{line}`", entry.key);
    }
}

#[test]
fn every_manner_of_writing_a_file_is_understood() {
    for script in [
        "cat > /etc/sysctl.d/a.conf <<EOF\nvm.a = 1\nEOF\n",
        "cat >/etc/sysctl.d/a.conf<<\"EOF\"\nvm.a = 1\nEOF\n",
        "cat << 'EOF' | sudo tee -a /etc/sysctl.d/a.conf\nvm.a=1\nEOF\n",
        "sudo -E tee /etc/sysctl.d/a.conf <<-\\E >/dev/null\n\t\tvm.a=1\n\tE\n",
        "F=/etc/sysctl.d/a.conf; D=1\ncat <<EOF >\"${F}\"\nvm.a=$D\nEOF\n",
        "echo 'vm.a=1' >>/etc/sysctl.conf",
        "echo vm.a = 1 | tee /etc/sysctl.conf >/dev/null",
        "grep -q vm.a /etc/sysctl.conf || echo \"vm.a=1\" >> /etc/sysctl.conf",
        "printf 'vm.a = %s\\n' 1 > /etc/sysctl.d/a.conf",
        "sudo sh -c 'echo vm.a=1 >> /etc/sysctl.conf'",
        "sudo bash -c \"cat > /etc/sysctl.d/a.conf <<E\nvm.a=1\nE\n\"",
        "sysctl -w vm.a=1 >/dev/null 2>&1 || true",
        "/sbin/sysctl -qw 'vm.a = 1'",
        "echo 1 > /proc/sys/vm/a",
        "f() { cat; }\ndd of=/etc/sysctl.d/a.conf <<<'vm.a=1'",
        "(\n  echo vm.a=1\n) > /etc/sysctl.d/a.conf",
        "function f {\n if true; then :; fi\n echo vm.a=1 > /etc/sysctl.d/a.conf\n}",
        "case $1 in\n start) echo 'vm.a=1' > /etc/sysctl.d/a.conf ;;\nesac",
        "cat > /etc/sysctl.d/a.conf <<EOF\nvm.b = 7\nEOF\ncat > /etc/sysctl.d/a.conf <<EOF\nvm.a = 1\nEOF\n",
        "D=$'vm.a=1'\necho $D > /etc/sysctl.d/a.conf",
    ] {
        let imported = of(script);
        let said: Vec<String> = imported
            .entries
            .iter()
            .map(|e| format!("{}={}", e.key.replace('/', "."), e.value))
            .collect();
        assert_eq!(
            (said, gaps(&imported)),
            (vec!["vm.a=exact 1".to_owned()], vec![]),
            "{script}"
        );
    }
}

#[test]
fn other_files_and_commands_become_their_sections() {
    let script = "\
mkdir -p /etc/systemd/system/docker.service.d
cat > /etc/systemd/system/docker.service.d/limits.conf <<EOF
[Service]
TasksMax=infinity
EOF
echo br_netfilter > /etc/modules-load.d/k8s.conf
modprobe nf_conntrack
systemctl set-property docker.service MemoryMax=10G
echo 5000 > /sys/fs/cgroup/system.slice/cgroup.max.descendants
echo 'DefaultTasksMax=infinity' > /dev/null
printf '[Manager]\\nDefaultTasksMax=infinity\\n' > /etc/systemd/system.conf.d/x.conf
echo '* soft nproc 5' >> /etc/security/limits.conf
echo '* hard nproc 5' >> /etc/security/limits.conf
";
    let imported = of(script);
    assert_eq!(gaps(&imported), [] as [&str; 0]);
    let mut said = entries(&imported);
    said.sort_unstable();
    assert_eq!(
        said,
        [
            "11 manager:DefaultTasksMax=exact infinity",
            "12 ulimit:*/nproc=exact 5",
            "4 unit:docker.service/TasksMax=exact infinity",
            "6 module:br_netfilter=loaded",
            "7 module:nf_conntrack=loaded",
            "8 cgroup:docker.service/memory.max=exact 10G",
            "9 cgroup:system.slice/cgroup.max.descendants=exact 5000",
        ]
    );
}

#[test]
fn what_only_a_run_would_tell_is_said_with_its_line() {
    for (script, expected) in [
        (
            "M=$(free | awk '{print $2}')\ncat > /etc/sysctl.d/a.conf <<EOF\nvm.a = $M\nvm.b = $((2 * 3))\nvm.c = `date`\nvm.d = $E\nEOF\n",
            vec![
                "3 vm.a: `$M` is `$(free | awk '{print $2}')` from line 1, which is the output of a command, which import does not run",
                "4 vm.b: `$((2 * 3))` is arithmetic, which import does not do",
                "5 vm.c: ``date`` is the output of a command, which import does not run",
                "6 vm.d: `$E` has no value in the script",
            ],
        ),
        (
            "if big; then X=1; else X=2; fi\nsysctl -w vm.a=$X",
            vec!["2 vm.a: `$X` is given several values, in lines 1 and 1"],
        ),
        (
            "for kv in vm.a=1 vm.b=2; do\n sysctl -w $kv\ndone",
            vec![
                "2 `$kv` sets nothing: it has no `=`: `$kv` is set while the script runs, in line 1",
            ],
        ),
        (
            "echo '{\"mtu\": '$MTU', \"debug\": true}' > /etc/docker/daemon.json",
            vec!["1 mtu: `$MTU` has no value in the script"],
        ),
        (
            "echo \"* $T nofile $N\" >> /etc/security/limits.conf",
            vec!["1 `$T` is no type of limit: `$T` has no value in the script"],
        ),
        (
            "echo 'vm.a=1' >> \"$1\"",
            vec!["1 settings are written to a file whose name `$1` has no value in the script"],
        ),
        (
            "sed -i 's/x/y/' /etc/sysctl.conf",
            vec!["1 sed edits /etc/sysctl.conf: what comes of it depends on what is there"],
        ),
        (
            "jq . a.json > /etc/docker/daemon.json",
            vec!["1 what is written to /etc/docker/daemon.json is not in the script"],
        ),
        (
            "echo never > /sys/kernel/mm/transparent_hugepage/enabled",
            vec![
                "1 writes /sys/kernel/mm/transparent_hugepage/enabled, for which a profile has no words",
            ],
        ),
        (
            "ulimit -n 1048576",
            vec!["1 ulimit holds for the script and what it starts, not for the host"],
        ),
    ] {
        let imported = of(script);
        assert_eq!(gaps(&imported), expected, "{script}");
        let known = imported.entries.iter().all(|e| e.key == "debug");
        assert!(known, "{script}: {:?}", entries(&imported));
        for gap in &imported.unexpressed {
            assert!(gap.help.is_some(), "{gap}");
        }
    }
}

#[test]
fn what_hangs_on_a_condition_is_taken_and_said() {
    let imported = of(
        "if a; then\ncat > /etc/sysctl.d/a.conf <<E\nvm.a=1\nE\nfi\n[ -f x ] && sysctl -w vm.b=2\n",
    );
    assert_eq!(entries(&imported).len(), 2);
    let lines: Vec<usize> = imported.assumed.iter().map(|one| one.span.line).collect();
    assert_eq!(lines, [6, 3]);
}

#[test]
fn a_value_that_changes_on_the_way_is_the_one_at_its_use() {
    let imported =
        of("X=1\nsysctl -w vm.a=$X\nX=2\nsysctl -w vm.b=$X\nY=$X$X\nsysctl -w vm.c=$Y\n");
    assert_eq!(
        entries(&imported),
        [
            "2 sysctl:vm.a=exact 1",
            "4 sysctl:vm.b=exact 2",
            "6 sysctl:vm.c=exact 22"
        ]
    );
}
