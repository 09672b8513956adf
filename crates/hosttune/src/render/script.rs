//! A plan as a shell script: the commands that a system administrator would type, for review.

use super::shell::{heredoc, line, quoted, write};
use model::{Action, Image, Origin, Rlimit};
use settings::{Before, Plan, Planned};

/// The directory of sysctls; their keys are the paths below it.
const SYSCTLS: &str = "/proc/sys/";
/// The message bus itself, and the interface it reloads by.
const BUS: &str = "org.freedesktop.DBus";
const WIDTH: usize = 100;

/// The script for `plan` of a profile; the same plan gives the same script.
pub(crate) fn script(profile: &str, path: &str, host: &str, plan: &Plan) -> String {
    let mut text = String::from("#!/bin/sh\n");
    comment(
        &mut text,
        &format!(
            "Profile {profile} ({path}) for {host}: what `hosttune apply` would do there, from what it \
             sees now. It keeps no journal, so `hosttune revert` cannot undo it."
        ),
    );
    text.push_str("set -eu\n");
    for warning in &plan.warnings {
        text.push('\n');
        comment(&mut text, &format!("warning: {warning}"));
    }
    if plan.is_empty() {
        text.push('\n');
        comment(&mut text, "nothing to do");
    }
    let mut group = None;
    for planned in &plan.actions {
        let of = serves(plan, planned);
        if group.as_ref() != Some(&of) {
            text.push('\n');
            comment(&mut text, &of);
            group = Some(of);
        }
        text.push_str(&commands(planned));
    }
    text
}

/// What an action is for: its setting, the settings that its file keeps, or what it does.
fn serves(plan: &Plan, planned: &Planned) -> String {
    let kept = match &planned.action {
        Action::Replace { path, .. } | Action::Validate { path, .. } => {
            plan.keeps.get(path).map(|keys| (path, keys))
        }
        _ => None,
    };
    match (&planned.key, kept) {
        (Some(key), _) => key.clone(),
        (None, Some((path, keys))) => format!("{path}: {}", keys.join(", ")),
        (None, None) => planned.action.to_string(),
    }
}

/// A comment, broken between words.
fn comment(text: &mut String, sentence: &str) {
    let mut line = String::from("#");
    for word in sentence.split(|letter: char| letter.is_whitespace() || letter.is_control()) {
        if line.len() > 1 && line.len() + word.len() >= WIDTH {
            text.push_str(&line);
            text.push('\n');
            "#".clone_into(&mut line);
        }
        line.push(' ');
        line.push_str(word);
    }
    text.push_str(&line);
    text.push('\n');
}

/// One action as commands.
fn commands(planned: &Planned) -> String {
    match &planned.action {
        Action::MakeDirectory { path } => line(&["install", "-d", "-m", "0755"], &[path]),
        Action::RemoveDirectory { path } => line(&["rmdir", "--ignore-fail-on-non-empty"], &[path]),
        Action::Replace { path, image } => replace(path, image, &planned.before),
        Action::CopyFile { from, path, file } => {
            let from = match from {
                Origin::Program => "/proc/self/exe",
                Origin::File(from) => from,
            };
            let mode = format!("{:04o}", file.mode);
            line(&["install", "-m", &mode], &[from, path])
        }
        Action::LoadModule { module } => line(&["modprobe"], &[module]),
        Action::Reload => line(&["systemctl", "daemon-reload"], &[]),
        Action::WriteKernel { path, value } => kernel(path, value),
        Action::SetRlimit {
            unit,
            resource,
            value,
            ..
        } => rlimit(unit, resource, *value),
        Action::Validate { content, .. } => validate(content),
        Action::ReloadUnit { unit } => line(&["systemctl", "reload"], &[unit]),
        Action::ReloadBus => line(
            &["busctl", "call"],
            &[BUS, "/org/freedesktop/DBus", BUS, "ReloadConfig"],
        ),
        Action::Start { unit } => line(&["systemctl", "start"], &[unit]),
        Action::Stop { unit } => line(&["systemctl", "stop"], &[unit]),
        Action::ForgetFailure { unit } => line(&["systemctl", "reset-failed"], &[unit]),
        Action::Restart { unit } => line(&["systemctl", "restart"], &[unit]),
    }
}

fn replace(path: &str, image: &Image, before: &Before) -> String {
    let stood = match before {
        Before::Image(stood) => stood,
        _ => &Image::Absent,
    };
    match image {
        Image::Absent => line(&["rm", "-f"], &[path]),
        Image::Link { target } => line(&["ln", "-sfn"], &[target, path]),
        Image::File {
            content,
            mode,
            uid,
            gid,
            attributes,
        } => {
            let mut text = String::new();
            if !matches!(stood, Image::Absent | Image::File { .. }) {
                // What a link points to is not to be written to.
                text.push_str(&line(&["rm", "-f"], &[path]));
            }
            text.push_str(&write(path, content, *mode));
            text.push_str(&line(&["chmod", &format!("{mode:04o}")], &[path]));
            let owner = match stood {
                Image::File { uid, gid, .. } => (*uid, *gid),
                _ => (0, 0),
            };
            if (*uid, *gid) != owner {
                text.push_str(&line(&["chown", &format!("{uid}:{gid}")], &[path]));
            }
            let known = match stood {
                Image::File { attributes, .. } => attributes.as_slice(),
                _ => &[],
            };
            for attribute in attributes.iter().filter(|one| !known.contains(one)) {
                let bytes = attribute.value.iter();
                let digits: String = bytes.map(|byte| format!("{byte:02x}")).collect();
                let (name, value) = (&attribute.name, format!("0x{digits}"));
                text.push_str(&line(&["setfattr", "-n", name, "-v", &value], &[path]));
            }
            text
        }
        Image::Directory | Image::Other => {
            let mut text = String::new();
            comment(&mut text, &format!("{path} was neither a file nor a link"));
            text + "exit 1\n"
        }
    }
}

/// sysctl(8) takes a path below /proc/sys with its slashes as it takes a key with its dots.
fn kernel(path: &str, value: &str) -> String {
    match path.strip_prefix(SYSCTLS) {
        Some(name) => {
            let swap = |letter| match letter {
                '/' => '.',
                '.' => '/',
                letter => letter,
            };
            let key: String = name.chars().map(swap).collect();
            line(&["sysctl", "-w"], &[&format!("{key}={value}")])
        }
        None => format!("printf '%s\\n' {} > {}\n", quoted(value), quoted(path)),
    }
}

fn rlimit(unit: &str, resource: &str, value: Rlimit) -> String {
    let Some((_, flag)) = FLAGS.iter().find(|(label, _)| *label == resource) else {
        let mut text = String::new();
        comment(&mut text, &format!("prlimit(1) has no flag for {resource}"));
        return text + "exit 1\n";
    };
    let word = |limit: Option<u64>| limit.map_or("unlimited".to_owned(), |n| n.to_string());
    let (soft, hard) = (word(value.soft), word(value.hard));
    let show = line(
        &["systemctl", "show", "--property", "MainPID", "--value"],
        &[unit],
    );
    format!(
        "prlimit --pid \"$({})\" --{flag}={soft}:{hard}\n",
        show.trim_end()
    )
}

/// What `/proc/PID/limits` calls a limit, and what prlimit(1) does.
const FLAGS: [(&str, &str); 16] = [
    ("Max address space", "as"),
    ("Max core file size", "core"),
    ("Max cpu time", "cpu"),
    ("Max data size", "data"),
    ("Max file locks", "locks"),
    ("Max file size", "fsize"),
    ("Max locked memory", "memlock"),
    ("Max msgqueue size", "msgqueue"),
    ("Max nice priority", "nice"),
    ("Max open files", "nofile"),
    ("Max pending signals", "sigpending"),
    ("Max processes", "nproc"),
    ("Max realtime priority", "rtprio"),
    ("Max realtime timeout", "rttime"),
    ("Max resident set", "rss"),
    ("Max stack size", "stack"),
];

/// dockerd reads a file, and its own is not to be touched before it agrees.
fn validate(content: &str) -> String {
    format!(
        "candidate=$(mktemp)\n{}dockerd --validate --config-file=\"$candidate\"\nrm -f -- \"$candidate\"\n",
        heredoc("cat > \"$candidate\"", content)
    )
}

#[cfg(test)]
mod tests;
