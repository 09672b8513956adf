//! What the next boot will make of a sysctl: the kernel's command line, then sysctl.d if the key is
//! there by then and the kernel takes the value, then whoever writes later.

use super::sysctl_value::as_the_kernel_reads;
use super::{Look, look_at, sysctl_files, sysctl_keys, sysctl_name};
use crate::next_boot::{Effect, Loads, NextBoot, Write};
use model::{Boot, Layer, Observed, Overruled, Setting, Value};

const SERVICE: &str = "systemd-sysctl.service";
const DEFAULT: &str =
    "nothing that a boot reads sets it, and the kernel's own default is not known before";

/// How far the boot has come with the key.
struct Coming<'a> {
    setting: &'a Setting,
    /// The value and who wrote it, or why nobody knows.
    value: Result<(String, String), String>,
    overruled: Vec<Overruled>,
    notes: Vec<String>,
    fix: Option<String>,
    /// Whether somebody has written since sysctl.d was read.
    late: bool,
}

/// The look, given what is stored and what runs.
pub(super) fn look(boot: &NextBoot<'_>, setting: &Setting, looks: &[Look]) -> Option<Look> {
    let stored = look_at(looks, Layer::Stored)?;
    if matches!(stored.observed, Observed::NotApplicable(_)) {
        return None;
    }
    let name = setting.key.name.as_str();
    let key = sysctl_name::as_systemd(name);
    let mut coming = Coming {
        setting,
        value: Err(DEFAULT.to_owned()),
        overruled: Vec::new(),
        notes: Vec::new(),
        fix: None,
        late: false,
    };
    if let Some((value, word)) = boot.early(&key) {
        coming.set(&value, &format!("`{word}` in /proc/cmdline"));
    }
    let reading = sysctl_files::reading(boot.host(), name, Boot::Next);
    if let Some(why) = reading.unreadable {
        return Some(Look::new(
            Layer::NextBoot,
            Observed::Unreadable(why),
            "sysctl.d",
        ));
    }
    let later = boot.late(&key);
    if let Some(mask) = boot.masked(SERVICE) {
        coming.not_read(
            &mask,
            &reading.said.last().map(|last| last.span.to_string()),
        );
    } else if let Some(absent) = coming.without_module(boot, &reading.said) {
        return Some(absent);
    } else {
        for said in reading.said.iter().filter(|said| !said.replaced) {
            coming.set(&said.value, &said.span.to_string());
        }
    }
    for write in &later {
        coming.write(write, reading.said.is_empty());
    }
    Some(coming.settle(stored, looks))
}

impl Coming<'_> {
    /// A write; one that the kernel refuses changes nothing.
    fn set(&mut self, value: &str, place: &str) {
        let read = as_the_kernel_reads(&self.setting.shape, value);
        let read = read.and_then(|read| match self.setting.shape.parse(&read) {
            Ok(_) => Ok(read),
            Err(error) => Err(error.to_string()),
        });
        match read {
            Ok(read) => self.value = Ok((read, place.to_owned())),
            Err(why) => {
                let rule = format!("the kernel refuses it: {why}");
                self.notes.push(format!("{place}: `{value}`: {rule}"));
                self.fix = Some(format!("correct the line at {place}"));
                self.overruled.push(Overruled::new(place, value, rule));
            }
        }
    }

    fn not_read(&mut self, mask: &str, place: &Option<String>) {
        let what = match place {
            Some(place) => format!(", so {place} is not applied"),
            None => String::new(),
        };
        self.notes
            .push(format!("{SERVICE} is masked by {mask}{what}"));
        self.fix = Some(format!("systemctl unmask {SERVICE}"));
    }

    /// Where the key is not there when sysctl.d is read, if that is so.
    fn without_module(
        &mut self,
        boot: &NextBoot<'_>,
        said: &[super::stored::Assignment],
    ) -> Option<Look> {
        let module = sysctl_keys::module_of(&self.setting.key.name)?;
        let last = said.last()?;
        let why = match boot.loads(module) {
            Loads::Early(_) | Loads::ByUdev(_) => return None,
            Loads::Unknown(why) => {
                return Some(Look::new(
                    Layer::NextBoot,
                    Observed::Unreadable(why),
                    "modules-load.d",
                ));
            }
            Loads::No(None) => "nothing loads it earlier".to_owned(),
            Loads::No(Some(why)) => why,
        };
        let note = format!(
            "module {module} is not loaded when {SERVICE} runs ({why}), so {} is not applied: the key \
             gets the module's own default when it comes",
            last.span
        );
        let mut look = Look::new(Layer::NextBoot, Observed::Absent, last.span.to_string());
        look.fix = Some(format!(
            "list {module} in /etc/modules-load.d, as `[module] {module} = loaded` in a profile does"
        ));
        look.note = Some(note);
        Some(look)
    }

    fn write(&mut self, write: &Write, nothing_stored: bool) {
        let Write { by, place, .. } = write;
        let number = |text: &str| text.trim().parse::<i128>().ok();
        match &write.effect {
            Effect::Set(value) => self.late(by, value, place),
            Effect::Beside(value) => match &self.value {
                Ok((there, _)) if there == value => {}
                Ok((_, other)) if !nothing_stored => self.unordered(&other.clone(), place, by),
                _ => self.late(by, value, place),
            },
            Effect::Whenever(value) => match &self.value {
                Ok((there, _)) if there == value => {}
                Ok((_, other)) if self.late => self.unordered(&other.clone(), place, by),
                Err(_) if self.late => {}
                _ => self.late(by, value, place),
            },
            Effect::Raise(value) | Effect::Lower(value) => {
                let raises = matches!(write.effect, Effect::Raise(_));
                let there = self
                    .value
                    .as_ref()
                    .ok()
                    .and_then(|(there, _)| number(there));
                match (there, number(value)) {
                    (Some(there), Some(value))
                        if (raises && value <= there) || (!raises && value >= there) => {}
                    (Some(_), Some(_)) => self.late(by, value, place),
                    _ => self.may(by, place),
                }
            }
            Effect::May => self.may(by, place),
        }
    }

    fn unordered(&mut self, other: &str, place: &str, by: &str) {
        let why = format!("{other} and {place} ({by}) both set it, in no fixed order");
        self.fix = Some(format!(
            "remove the line at {place}, or write the same there"
        ));
        self.value = Err(why);
    }

    /// A later write that replaces what is there.
    fn late(&mut self, by: &str, value: &str, place: &str) {
        let before = self.value.clone();
        self.late = true;
        self.set(value, place);
        let (Ok((now, at)), Ok((old, old_place))) = (&self.value, before) else {
            return;
        };
        if at != place || *now == old {
            return;
        }
        let rule = format!("{by} writes {now} later, from {place}");
        self.notes.push(format!(
            "{by} writes {now} from {place}, after {old_place} was applied"
        ));
        self.fix = Some(format!(
            "write the wanted value at {place}, or remove it there"
        ));
        self.overruled.push(Overruled::new(old_place, old, rule));
    }

    fn may(&mut self, by: &str, place: &str) {
        self.late = true;
        self.value = Err(format!("{by} may write it later, from {place}"));
        self.fix = Some(format!("see what {place} does to it"));
    }

    fn settle(self, stored: &Look, looks: &[Look]) -> Look {
        let (shape, desired) = (&self.setting.shape, &self.setting.desired);
        let met = |value: &Value| desired.met_by(value, shape);
        let (observed, source) = match self.value {
            Ok((text, place)) => match shape.observe(&text) {
                Ok(value) => (Observed::Value(value), place),
                Err(error) => (Observed::Unreadable(format!("`{text}`: {error}")), place),
            },
            Err(why) => (Observed::Unreadable(why), "next boot".to_owned()),
        };
        let fine = observed.value().is_some_and(met);
        let mut notes = self.notes;
        let gone = stored.source.starts_with("/run/") && stored.observed.value().is_some();
        if gone {
            notes.push(format!(
                "{} lies in /run, which is empty at each boot",
                stored.source
            ));
        }
        let running = look_at(looks, Layer::Running).and_then(|look| look.observed.value());
        if let Some(running) = running.filter(|value| met(value) && !fine)
            && notes.is_empty()
        {
            notes.push(format!(
                "the running {} was set by hand or is the kernel's default: nothing keeps it",
                shape.describe(running)
            ));
        }
        let mut look = Look::new(Layer::NextBoot, observed, source);
        look.overruled = self.overruled;
        if !fine {
            look.fix = self.fix;
            if look.is_unreadable() && look.fix.is_none() {
                look.fix = Some("hosttune apply".to_owned());
            }
        }
        look.note = (!notes.is_empty()).then(|| notes.join("; "));
        look
    }
}

#[cfg(test)]
#[path = "sysctl_boot_tests.rs"]
mod tests;
