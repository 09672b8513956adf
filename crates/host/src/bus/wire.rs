//! D-Bus: one connection to the system bus, and systemd's answers in our words.

use super::escape::unit_path;
use super::refusal::{BUS, not_connected, refused, timed_out};
use super::transient::Transient;
use crate::deadline::within;
use model::{HostResult, Property, UNIT_PROPERTIES, Unit};
use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;
use zbus::connection::Builder;
use zbus::{Connection, DynamicType, Message, Variant};

const SYSTEMD: &str = "org.freedesktop.systemd1";
const MANAGER_PATH: &str = "/org/freedesktop/systemd1";
const MANAGER_NAME: &str = "org.freedesktop.systemd1.Manager";
const UNIT: &str = "org.freedesktop.systemd1.Unit";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// Stands for systemd's manager where a unit's name is asked for; no unit has it.
pub(crate) const MANAGER: &str = "";

/// What systemd can be asked to do with a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Job {
    /// Start it.
    Start,
    /// Stop it.
    Stop,
    /// Have its daemon read its configuration again.
    Reload,
    /// Stop and start it.
    Restart,
}

impl Job {
    fn method(self) -> &'static str {
        match self {
            Self::Start => "StartUnit",
            Self::Stop => "StopUnit",
            Self::Reload => "ReloadUnit",
            Self::Restart => "RestartUnit",
        }
    }

    /// The job in a sentence.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Reload => "reload",
            Self::Restart => "restart",
        }
    }
}

/// A connection whose every call ends in time.
#[derive(Debug)]
pub(super) struct Wire {
    connection: Connection,
    patience: Duration,
}

impl Wire {
    /// Connects to the bus at an address, or to the system bus; each later call waits as long as
    /// `patience`.
    pub(super) fn connect(
        address: Option<String>,
        limit: Duration,
        patience: Duration,
    ) -> HostResult<Self> {
        let connecting = move || {
            let builder = match address.as_deref() {
                Some(address) => Builder::address(address),
                None => Builder::system(),
            };
            zbus::block_on(builder.method_timeout(patience).build())
        };
        match within(limit, connecting) {
            Some(Ok(connection)) => Ok(Self {
                connection,
                patience,
            }),
            Some(Err(error)) => Err(not_connected(&error)),
            None => Err(timed_out(BUS, limit)),
        }
    }

    /// The properties of several units, all asked for before the first answer is awaited.
    ///
    /// An empty interface name asks for those of every interface of the object, as `systemctl
    /// show` does: one call a unit, whatever its type.
    pub(super) fn units(&self, names: &[String]) -> Vec<HostResult<Unit>> {
        let calls = names.iter().map(|name| async move {
            let path = match name.as_str() {
                MANAGER => MANAGER_PATH.to_owned(),
                name => unit_path(name),
            };
            let reply = self.call(&path, PROPERTIES, "GetAll", &("",)).await;
            reply
                .and_then(|message| kept(&message))
                .map_err(|error| refused(name, self.patience, error))
        });
        zbus::block_on(together(calls.collect()))
    }

    /// Has systemd read its unit files again; it answers when that is done.
    pub(super) fn reload(&self) -> HostResult<()> {
        zbus::block_on(self.call(MANAGER_PATH, MANAGER_NAME, "Reload", &()))
            .map(drop)
            .map_err(|error| refused("reload of systemd's unit files", self.patience, error))
    }

    /// Has the message bus itself read its configuration again.
    pub(super) fn reload_bus(&self) -> HostResult<()> {
        let call = self.connection.call_method(
            Some("org.freedesktop.DBus"),
            "/org/freedesktop/DBus",
            Some("org.freedesktop.DBus"),
            "ReloadConfig",
            &(),
        );
        zbus::block_on(call)
            .map(drop)
            .map_err(|error| refused("reload of the message bus", self.patience, error))
    }

    /// Queues a job on a unit. A unit that failed just before is refused as started too often until
    /// that is forgotten, and forgetting is refused where there is nothing to forget.
    pub(super) fn queue(&self, unit: &str, job: Job) -> HostResult<()> {
        if matches!(job, Job::Start | Job::Restart) {
            let _ = self.forget_failure(unit);
        }
        zbus::block_on(self.call(MANAGER_PATH, MANAGER_NAME, job.method(), &(unit, "replace")))
            .map(drop)
            .map_err(|error| refused(unit, self.patience, error))
    }

    /// Has systemd forget that a unit failed.
    pub(super) fn forget_failure(&self, unit: &str) -> HostResult<()> {
        zbus::block_on(self.call(MANAGER_PATH, MANAGER_NAME, "ResetFailedUnit", &(unit,)))
            .map(drop)
            .map_err(|error| refused(unit, self.patience, error))
    }

    /// Has systemd start a service of ours that no file describes (org.freedesktop.systemd1(5)).
    pub(super) fn start_transient(&self, service: &Transient<'_>) -> HostResult<()> {
        type Others<'a> = Vec<(&'a str, Vec<(&'a str, Variant<'a>)>)>;
        let none: Others<'_> = Vec::new();
        let body = (service.unit, "fail", service.properties(), none);
        zbus::block_on(self.call(MANAGER_PATH, MANAGER_NAME, "StartTransientUnit", &body))
            .map(drop)
            .map_err(|error| refused(service.unit, self.patience, error))
    }

    /// Whether systemd still has work queued for a unit.
    pub(super) fn has_job(&self, unit: &str) -> HostResult<bool> {
        let path = unit_path(unit);
        zbus::block_on(self.call(&path, PROPERTIES, "Get", &(UNIT, "Job")))
            .and_then(|message| {
                let body = message.body();
                let job: Variant<'_> = body.deserialize()?;
                Ok(match &job {
                    Variant::Structure(job) => job.fields().first() != Some(&Variant::U32(0)),
                    _ => false,
                })
            })
            .map_err(|error| refused(unit, self.patience, error))
    }

    async fn call<B: serde::Serialize + DynamicType>(
        &self,
        path: &str,
        interface: &str,
        method: &str,
        body: &B,
    ) -> zbus::Result<Message> {
        let connection = &self.connection;
        connection
            .call_method(Some(SYSTEMD), path, Some(interface), method, body)
            .await
    }
}

/// What hosttune reads of a unit's some hundred properties.
fn kept(message: &Message) -> zbus::Result<Unit> {
    let body = message.body();
    let all: HashMap<&str, Variant<'_>> = body.deserialize()?;
    let wanted = |name: &str| {
        let limits = ["Limit", "DefaultLimit", "TasksMax", "DefaultTasksMax"];
        limits.iter().any(|limit| name.starts_with(limit)) || UNIT_PROPERTIES.contains(&name)
    };
    let properties = all
        .into_iter()
        .filter(|(name, _)| wanted(name))
        .filter_map(|(name, value)| Some((name.to_owned(), property(&value)?)))
        .collect();
    Ok(Unit { properties })
}

fn property(value: &Variant<'_>) -> Option<Property> {
    match value {
        Variant::U64(number) => Some(Property::Number(*number)),
        Variant::U32(number) => Some(Property::Number(u64::from(*number))),
        Variant::Bool(flag) => Some(Property::Flag(*flag)),
        Variant::Str(text) => Some(Property::Text(text.as_str().to_owned())),
        // A job is its number and its object; 0 is none (org.freedesktop.systemd1(5)).
        Variant::Structure(fields) => property(fields.fields().first()?),
        Variant::Array(items) => {
            let text = |item: &Variant<'_>| match item {
                Variant::Str(text) => Some(text.as_str().to_owned()),
                _ => None,
            };
            items
                .iter()
                .map(text)
                .collect::<Option<_>>()
                .map(Property::List)
        }
        _ => None,
    }
}

/// The outputs of several futures that run side by side, in their order.
async fn together<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut running: Vec<_> = futures
        .into_iter()
        .map(|future| Some(Box::pin(future)))
        .collect();
    let mut outputs: Vec<Option<F::Output>> = running.iter().map(|_| None).collect();
    poll_fn(|context| {
        for (slot, output) in running.iter_mut().zip(&mut outputs) {
            let Some(future) = slot else { continue };
            if let Poll::Ready(ready) = Pin::new(future).poll(context) {
                *output = Some(ready);
                *slot = None;
            }
        }
        match running.iter().all(Option::is_none) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
    outputs.into_iter().flatten().collect()
}
