//! What can be done to the host in memory, with failures and crashes where the test wants them.

use crate::FakeHost;
use crate::fake_host::{State, fingerprint_of};
use model::{
    Action, Guard, HostError, HostResult, Image, Machine, Origin, Property, Rlimit, STATE_DIRECTORY,
};

struct Unlock<'a>(&'a FakeHost);
impl Guard for Unlock<'_> {}
impl Drop for Unlock<'_> {
    fn drop(&mut self) {
        self.0.state().locked = false;
    }
}

impl FakeHost {
    /// Counts one durable deed and refuses it where the test wants that.
    fn tick(&self, what: &str) -> HostResult<()> {
        let mut state = self.state();
        for (left, crash) in [(state.fail_after, false), (state.crash_after, true)] {
            match left {
                Some(0) => {
                    return Err(HostError::Failed {
                        what: what.to_owned(),
                        why: if crash {
                            "killed"
                        } else {
                            "refused by the test"
                        }
                        .to_owned(),
                    });
                }
                Some(count) if crash => state.crash_after = Some(count - 1),
                Some(1) => {
                    // One failure only: what follows is the restoring, which shall succeed.
                    state.fail_after = None;
                    return Err(HostError::Failed {
                        what: what.to_owned(),
                        why: "refused by the test".to_owned(),
                    });
                }
                Some(count) => state.fail_after = Some(count - 1),
                None => {}
            }
        }
        state.acted.push(what.to_owned());
        Ok(())
    }
}

impl Machine for FakeHost {
    fn act(&self, action: &Action) -> HostResult<()> {
        if !action.is_on_disk() {
            self.no_tree(&action.to_string())?;
        }
        self.tick(&action.to_string())?;
        let mut state = self.state();
        match action {
            Action::RemoveDirectory { path } => {
                let prefix = format!("{path}/");
                if !state.files.keys().any(|key| key.starts_with(&prefix)) {
                    state.files.remove(path);
                }
            }
            Action::MakeDirectory { path } => {
                state.files.insert(path.clone(), Image::Directory);
            }
            Action::Replace { path, image } => {
                match image {
                    Image::Absent => state.files.remove(path),
                    image => state.files.insert(path.clone(), image.clone()),
                };
            }
            Action::CopyFile { .. } => copy(&mut state, action)?,
            Action::LoadModule { module } => {
                let files = state
                    .modules
                    .get(module)
                    .cloned()
                    .ok_or_else(|| HostError::NotFound(format!("module {module}")))?;
                state
                    .files
                    .insert(format!("/sys/module/{module}"), Image::Directory);
                for (path, text) in files {
                    state.files.insert(path, Image::text(text));
                }
            }
            Action::Reload => reload(&mut state),
            Action::WriteKernel { path, value } => {
                if !state.files.contains_key(path) {
                    return Err(HostError::NotFound(path.clone()));
                }
                let rounded = state.rounding.get(path);
                let value = match rounded {
                    Some(rounded) if value.len() == rounded.len() && value != "1048576" => rounded,
                    _ => value,
                };
                let text = Image::text(format!("{value}\n"));
                state.files.insert(path.clone(), text);
            }
            Action::SetRlimit {
                process,
                resource,
                value,
                ..
            } => set_rlimit(&mut state, process.pid, resource, *value)?,
            Action::Start { unit } => start(&mut state, unit)?,
            Action::Stop { unit } => {
                state.active.remove(unit);
            }
            Action::Validate { .. }
            | Action::ReloadUnit { .. }
            | Action::ReloadBus
            | Action::ForgetFailure { .. }
            | Action::Restart { .. } => {}
        }
        let done = action.to_string();
        for (after, path, json) in state.docker_after.clone() {
            if after == done {
                state.docker.insert(path, json);
            }
        }
        Ok(())
    }

    fn sweep(&self, _path: &str) -> HostResult<()> {
        Ok(())
    }

    fn remove_empty_directory(&self, path: &str) -> HostResult<()> {
        let prefix = format!("{path}/");
        let mut state = self.state();
        if !state.files.keys().any(|key| key.starts_with(&prefix)) {
            state.files.remove(path);
        }
        Ok(())
    }

    fn lock(&self) -> HostResult<Box<dyn Guard + '_>> {
        let mut state = self.state();
        if state.locked {
            return Err(HostError::Failed {
                what: "lock".to_owned(),
                why: "another hosttune is at work".to_owned(),
            });
        }
        state.locked = true;
        Ok(Box::new(Unlock(self)))
    }

    fn save(&self, name: &str, text: &str) -> HostResult<()> {
        self.tick(&format!("save {name}"))?;
        self.put(&format!("{STATE_DIRECTORY}/{name}"), Image::text(text));
        Ok(())
    }
}

fn copy(state: &mut State, action: &Action) -> HostResult<()> {
    let Action::CopyFile { from, path, file } = action else {
        return Ok(());
    };
    let source = match from {
        Origin::Program => Some(Image::text(state.program.clone())),
        Origin::File(from) => state.files.get(from).cloned(),
    };
    let source = source.ok_or_else(|| HostError::NotFound(path.clone()))?;
    if !fingerprint_of(&source).is_some_and(|print| print.same_content(file)) {
        return Err(HostError::Failed {
            what: path.clone(),
            why: "what it is copied from has changed".to_owned(),
        });
    }
    let image = Image::File {
        content: source.content().unwrap_or_default().to_vec(),
        mode: file.mode,
        uid: file.uid,
        gid: file.gid,
        attributes: Vec::new(),
    };
    state.files.insert(path.clone(), image);
    Ok(())
}

/// A unit must be known, or have a file below `/etc`.
fn start(state: &mut State, unit: &str) -> HostResult<()> {
    let file = format!("/etc/systemd/system/{unit}");
    if !state.loaded.contains_key(unit) && !state.files.contains_key(&file) {
        return Err(HostError::NotFound(unit.to_owned()));
    }
    state.active.insert(unit.to_owned());
    Ok(())
}

/// Lays the drop-ins below `/etc/systemd` over the properties of units and manager.
fn reload(state: &mut State) {
    let mut loaded = state.units.clone();
    for (name, unit) in &mut loaded {
        let folder = format!("/etc/systemd/system/{name}.d/");
        let mut paths = Vec::new();
        for (path, image) in &state.files {
            let Some(content) = image.content().filter(|_| path.starts_with(&folder)) else {
                continue;
            };
            paths.push(path.clone());
            assign_all(unit, content);
        }
        unit.properties
            .insert("DropInPaths".to_owned(), Property::List(paths));
    }
    state.loaded = loaded;
    let mut manager = state.built_in.clone();
    for (path, image) in &state.files {
        let ours = path.starts_with("/etc/systemd/system.conf.d/");
        if let Some(content) = image.content().filter(|_| ours) {
            assign_all(&mut manager, content);
        }
    }
    state.manager = manager;
}

fn assign_all(unit: &mut model::Unit, content: &[u8]) {
    for line in String::from_utf8_lossy(content).lines() {
        if let Some((key, value)) = line.split_once('=') {
            assign(unit, key.trim(), value.trim());
        }
    }
}

fn assign(unit: &mut model::Unit, key: &str, value: &str) {
    let (soft, hard) = value.split_once(':').unwrap_or((value, value));
    let number = |text: &str| match text {
        "infinity" => u64::MAX,
        text => text.parse().expect("a number in a drop-in"),
    };
    unit.properties
        .insert(key.to_owned(), Property::Number(number(hard)));
    if key.starts_with("Limit") || key.starts_with("DefaultLimit") {
        unit.properties
            .insert(format!("{key}Soft"), Property::Number(number(soft)));
    }
}

fn set_rlimit(state: &mut State, pid: i32, resource: &str, value: Rlimit) -> HostResult<()> {
    let path = format!("/proc/{pid}/limits");
    let text = state
        .files
        .get(&path)
        .and_then(|image| image.content())
        .map(|content| String::from_utf8_lossy(content).into_owned())
        .ok_or_else(|| HostError::NotFound(path.clone()))?;
    let word = |limit: Option<u64>| limit.map_or("unlimited".to_owned(), |n| n.to_string());
    let lines: Vec<String> = text
        .lines()
        .map(|line| match line.strip_prefix(resource) {
            Some(rest) => {
                let unit = rest.split_whitespace().nth(2).unwrap_or("");
                let (soft, hard) = (word(value.soft), word(value.hard));
                format!("{resource:<25} {soft:<20} {hard:<20} {unit}")
            }
            None => line.to_owned(),
        })
        .collect();
    state
        .files
        .insert(path, Image::text(format!("{}\n", lines.join("\n"))));
    Ok(())
}
