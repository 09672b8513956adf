//! A private bus with a fake systemd on it: units as set by a test, calls counted.

mod daemon;

use daemon::Daemon;
use futures_core::Stream;
use model::Property;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::future::poll_fn;
use std::os::unix::net::{UnixListener, UnixStream};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use tempfile::TempDir;
use zbus::connection::Builder;
use zbus::message::{Header, Type};
use zbus::{Connection, Guid, Message, MessageStream, OwnedObjectPath, Variant};

/// A bus that ends with the test. Its fake systemd knows `GetAll`, `Get`, `Reload` and
/// `RestartUnit`; a unit that was not set is `not-found`, as with the real one.
#[derive(Debug)]
pub struct FakeBus {
    address: String,
    shared: Arc<Mutex<Shared>>,
    _daemon: Option<Daemon>,
    _directory: TempDir,
}

#[derive(Debug, Default)]
struct Shared {
    /// By object path.
    units: HashMap<String, BTreeMap<String, Property>>,
    calls: Vec<String>,
    denied: BTreeSet<String>,
    ignored: BTreeSet<String>,
    /// How often a job is still there when it is asked for.
    busy: usize,
}

impl FakeBus {
    /// A bus of one process: systemd answers every connection itself, so that each call that
    /// comes in, greeting included, is seen.
    pub fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("bus");
        let listener = UnixListener::bind(&path).unwrap();
        let shared = Arc::<Mutex<Shared>>::default();
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&serving);
                // A client that goes away ends its own thread and nothing else.
                thread::spawn(move || zbus::block_on(greet(stream, &shared)));
            }
        });
        Self {
            address: format!("unix:path={}", path.display()),
            shared,
            _daemon: None,
            _directory: directory,
        }
    }

    /// The same fake systemd behind a real dbus-daemon; nothing where that is not installed.
    pub fn behind_daemon() -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let daemon = Daemon::start(directory.path())?;
        let address = daemon.address().to_owned();
        let shared = Arc::<Mutex<Shared>>::default();
        let connection = zbus::block_on(daemon::connect(&address));
        let serving = Arc::clone(&shared);
        let stream = MessageStream::from(&connection);
        thread::spawn(move || zbus::block_on(serve(connection, stream, &serving)));
        Some(Self {
            address,
            shared,
            _daemon: Some(daemon),
            _directory: directory,
        })
    }

    /// What `DBUS_SYSTEM_BUS_ADDRESS` must be.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Sets one property of a unit, which exists from then on.
    pub fn set(&self, unit: &str, name: &str, value: Property) {
        let mut shared = lock(&self.shared);
        let properties = shared.units.entry(tail(unit)).or_insert_with(|| {
            let text = |text: &str| Property::Text(text.to_owned());
            BTreeMap::from([
                ("LoadState".to_owned(), text("loaded")),
                ("ActiveState".to_owned(), text("active")),
            ])
        });
        properties.insert(name.to_owned(), value);
    }

    /// Refuses every call of a method (`GetAll`, `Reload`) from now on.
    pub fn deny(&self, method: &str) {
        lock(&self.shared).denied.insert(method.to_owned());
    }

    /// Never answers a method from now on.
    pub fn ignore(&self, method: &str) {
        lock(&self.shared).ignored.insert(method.to_owned());
    }

    /// Has the next restart still under way when it is looked at so many times.
    pub fn keep_busy(&self, looks: usize) {
        lock(&self.shared).busy = looks;
    }

    /// The methods called so far, in their order.
    pub fn calls(&self) -> Vec<String> {
        lock(&self.shared).calls.clone()
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A unit's name as the last part of its object path (written out anew, to check the reader's).
fn tail(unit: &str) -> String {
    let escape = |(index, byte): (usize, u8)| match byte {
        b'0'..=b'9' if index == 0 => format!("_{byte:02x}"),
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("_{byte:02x}"),
    };
    unit.bytes().enumerate().map(escape).collect()
}

async fn greet(stream: UnixStream, shared: &Mutex<Shared>) {
    let builder = Builder::unix_stream(stream).server(Guid::generate()).p2p();
    if let Ok(stream) = builder.build_message_stream().await {
        serve(Connection::from(&stream), stream, shared).await;
    }
}

async fn serve(connection: Connection, mut stream: MessageStream, shared: &Mutex<Shared>) {
    while let Some(Ok(message)) = poll_fn(|cx| Pin::new(&mut stream).poll_next(cx)).await {
        if message.message_type() != Type::MethodCall {
            continue;
        }
        let reply = answer(&message, &mut lock(shared));
        if let Some(reply) = reply {
            // A client that went away in between is its own test's matter.
            let _ = connection.send(&reply).await;
        }
    }
}

fn answer(message: &Message, shared: &mut Shared) -> Option<Message> {
    let header = message.header();
    let method = header.member()?.to_string();
    shared.calls.push(method.clone());
    if shared.ignored.contains(&method) {
        return None;
    }
    if shared.denied.contains(&method) {
        let denied = "org.freedesktop.DBus.Error.AccessDenied";
        return Message::error(&header, denied).build(&"denied").ok();
    }
    let path = header.path()?.as_str().to_owned();
    let unit = path.rsplit('/').next().unwrap_or_default();
    match method.as_str() {
        "Hello" => reply(&header, &":1.1"),
        "GetAll" => reply(&header, &properties(shared.units.get(unit))),
        // The only single property that is asked for is the unit's job.
        "Get" => {
            let job = u32::from(shared.busy > 0);
            shared.busy = shared.busy.saturating_sub(1);
            reply(&header, &Variant::from((job, root())))
        }
        "Reload" | "ReloadConfig" | "ResetFailedUnit" => reply(&header, &()),
        "RestartUnit" | "ReloadUnit" | "StartUnit" | "StopUnit" => reply(&header, &root()),
        _ => {
            let unknown = "org.freedesktop.DBus.Error.UnknownMethod";
            Message::error(&header, unknown).build(&method).ok()
        }
    }
}

fn reply<B: serde::Serialize + zbus::DynamicType>(to: &Header<'_>, body: &B) -> Option<Message> {
    Message::method_return(to).build(body).ok()
}

fn root() -> OwnedObjectPath {
    OwnedObjectPath::try_from("/").unwrap()
}

fn properties(unit: Option<&BTreeMap<String, Property>>) -> HashMap<&str, Variant<'_>> {
    let Some(unit) = unit else {
        return HashMap::from([("LoadState", Variant::from("not-found"))]);
    };
    let value = |name: &str, value| match value {
        &Property::Number(number) if name == "MainPID" => Variant::from(number as u32),
        &Property::Number(number) => Variant::from(number),
        &Property::Flag(flag) => Variant::from(flag),
        Property::Text(text) => Variant::from(text.as_str()),
        Property::List(list) => Variant::from(list.clone()),
    };
    let known = unit
        .iter()
        .map(|(name, has)| (name.as_str(), value(name, has)));
    // Something that no reader knows what to do with, as a real unit has in plenty.
    known
        .chain([("EnvironmentFiles", Variant::from(vec![("/x", true)]))])
        .collect()
}
