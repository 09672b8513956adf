//! Arguments of dockerd: of most flags no more than that they are there.

/// The flags whose values hosttune asks for, without their dashes.
const ASKED: &[&str] = &[
    "b",
    "bridge",
    "cgroup-parent",
    "config-file",
    "data-root",
    "default-address-pool",
    "default-ulimit",
    "exec-opt",
    "fixed-cidr",
    "g",
    "graph",
    "userns-remap",
];
const DAEMON: &str = "dockerd";

/// `/proc/PID/cmdline`; nothing of a program that is not dockerd.
pub(super) fn of_a_process(line: &str) -> String {
    let words: Vec<&str> = line.split_terminator('\0').collect();
    match words.first() {
        Some(program) if program.ends_with(DAEMON) => {
            let kept = keep(&words).into_iter();
            kept.map(|word| format!("{word}\0")).collect()
        }
        _ => String::new(),
    }
}

/// A command line in a unit file.
pub(super) fn of_a_line(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.first() {
        Some(program) if program.ends_with(DAEMON) => keep(&words).join(" "),
        _ => String::new(),
    }
}

/// Lines of a file of variables: the arguments in those that hold arguments.
pub(super) fn of_an_environment(text: &str) -> String {
    let keep_line = |line: &str| {
        let (name, value) = line.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        let words: Vec<&str> = value.split_whitespace().collect();
        let named = !name.trim_start().starts_with('#');
        let holds = words.first().is_some_and(|word| word.starts_with('-'));
        // The first word of arguments is a program's name elsewhere.
        let words: Vec<&str> = [DAEMON].into_iter().chain(words).collect();
        (named && holds).then(|| format!("{name}=\"{}\"", keep(&words)[1..].join(" ")))
    };
    let lines = text.lines().map(|line| keep_line(line).unwrap_or_default());
    lines.map(|line| line + "\n").collect()
}

/// The program, its flags, and the values of those that are asked for. A variable of systemd's
/// (`$DOCKER_OPTS`) is a name and stays.
fn keep(words: &[&str]) -> Vec<String> {
    let mut kept: Vec<String> = words.first().map(ToString::to_string).into_iter().collect();
    let mut asked = false;
    for word in words.iter().skip(1) {
        let flag = word.trim_start_matches('-');
        if flag.len() == word.len() {
            if asked || word.starts_with('$') {
                kept.push((*word).to_owned());
            }
            asked = false;
            continue;
        }
        let (name, value) = match flag.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (flag, None),
        };
        let known = ASKED.contains(&name);
        let dashes = &word[..word.len() - flag.len()];
        kept.push(match value {
            Some(_) if !known => format!("{dashes}{name}"),
            // The letter of a flag may have its value right behind it.
            None if dashes.len() == 1 && name.len() > 1 => {
                format!("-{}", name.chars().next().unwrap_or_default())
            }
            _ => (*word).to_owned(),
        });
        asked = known && value.is_none();
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_asked_for_has_its_value() {
        let line = "/usr/sbin/dockerd\0-H\0fd://\0--label=a=b\0--label\0c=d\0\
            --config-file\0/srv/d.json\0--exec-opt=native.cgroupdriver=cgroupfs\0-lsecret\0";
        assert_eq!(
            of_a_process(line),
            "/usr/sbin/dockerd\0-H\0--label\0--label\0--config-file\0/srv/d.json\0\
             --exec-opt=native.cgroupdriver=cgroupfs\0-l\0"
        );
        assert_eq!(of_a_process("/usr/bin/psql\0--password=x\0"), "");
        assert_eq!(
            of_a_line("/usr/bin/dockerd -H fd:// $DOCKER_OPTS"),
            "/usr/bin/dockerd -H $DOCKER_OPTS"
        );
    }

    #[test]
    fn variables_keep_arguments_only() {
        let text = "# DOCKER_OPTS=\"--dns x\"\nDOCKER_OPTS='-b br7 --label k=v'\nTOKEN=abc\n";
        assert_eq!(
            of_an_environment(text),
            "\nDOCKER_OPTS=\"-b br7 --label\"\n\n"
        );
    }
}
