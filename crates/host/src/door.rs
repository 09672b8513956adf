//! The door: one value that reads and changes a running machine or a file tree.

use crate::bus::{Bus, Job, MANAGER, Transient, in_a_tree};
use crate::census::Once;
use crate::docker::{self, Docker, StandIns};
use crate::fault::fault;
use crate::held::Held;
use crate::root::Root;
use crate::tables::Tables;
use crate::{
    census, copy, directories, files, kernel, lock, module, mounts, process, replace, rights,
    state, validate,
};
use model::{
    Action, Census, Fingerprint, Guard, Host, HostResult, Image, Machine, Probe, Scope, Space, Unit,
};
use nix::sys::stat::Mode;
use nix::unistd::Uid;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long the bus and Docker may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running machine, or the tree below a root.
#[derive(Debug)]
pub struct Door {
    root: Root,
    bus: Bus,
    docker: Docker,
    census: Once,
    files: Tables<Vec<u8>>,
    folders: Arc<Tables<Vec<String>>>,
}

impl Door {
    /// This machine where no root is given; else the tree there, even if it is `/`.
    pub fn open(root: Option<PathBuf>) -> HostResult<Self> {
        let opened = Root::open(root.as_deref()).map_err(|error| {
            let path = root.unwrap_or_default();
            fault(&path.display().to_string(), "CAP_DAC_READ_SEARCH", error)
        })?;
        let folders: Arc<Tables<Vec<String>>> = Arc::default();
        Ok(Self {
            root: opened,
            bus: Bus::new(PATIENCE),
            docker: Docker::new(PATIENCE),
            census: Once::new(Arc::clone(&folders)),
            files: Tables::default(),
            folders,
        })
    }

    /// The same with the bus at another address than the system bus's.
    #[must_use]
    pub fn with_bus(mut self, address: impl Into<String>) -> Self {
        self.bus.address = Some(address.into());
        self
    }

    /// The same with Docker behind another socket than the environment's.
    #[must_use]
    pub fn with_docker(mut self, socket: impl Into<String>) -> Self {
        self.docker.socket = Some(socket.into());
        self
    }

    /// The same with another patience than five seconds.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.bus.patience = patience;
        self.docker.patience = patience;
        self
    }

    /// The rights that an apply lacks, by name; none means that it may start.
    pub fn missing_for_apply(&self) -> Vec<&'static str> {
        rights::missing_for_apply(&self.root)
    }

    /// How many calls went over the bus so far, the greeting included.
    pub fn bus_calls(&self) -> usize {
        self.bus.calls()
    }

    /// How many questions Docker was asked so far.
    pub fn docker_calls(&self) -> usize {
        self.docker.calls()
    }

    /// What a program sees in a container made for it: this program, called with `arguments`, which
    /// must have it print [`crate::inside::look`] as JSON. It is taken away again, whatever happens;
    /// `said` hears what is done.
    pub fn probe_container(
        &self,
        arguments: &[String],
        held: &Held,
        said: &mut dyn FnMut(&str),
    ) -> Probe {
        self.running("docker")?;
        docker::probe(&self.docker, &self.root, arguments, held, said)
    }

    /// Has systemd start a service that no file describes, and that is forgotten when it ends.
    pub fn start_transient(&self, service: &Transient<'_>) -> HostResult<()> {
        self.running(service.unit)?;
        self.bus.start_transient(service)
    }

    /// Containers of Docker's that stand in for a workload's; none is made yet.
    pub fn stand_ins(&self) -> HostResult<StandIns<'_>> {
        self.running("docker")?;
        StandIns::new(&self.docker, &self.root)
    }

    fn running(&self, what: &str) -> HostResult<()> {
        match self.scope() {
            Scope::Live => Ok(()),
            Scope::Tree => Err(in_a_tree(what)),
        }
    }
}

impl Host for Door {
    fn scope(&self) -> Scope {
        self.root.scope()
    }

    fn read(&self, path: &str) -> HostResult<Vec<u8>> {
        let path = match self.scope() {
            Scope::Live => mounts::table(path),
            Scope::Tree => path,
        };
        self.files.once(path, || files::read(&self.root, path))
    }

    fn list(&self, directory: &str) -> HostResult<Vec<String>> {
        let list = || files::list(&self.root, directory);
        self.folders.once(directory, list)
    }

    fn image(&self, path: &str) -> HostResult<Image> {
        files::image(&self.root, path)
    }

    fn fingerprint(&self, path: &str) -> HostResult<Fingerprint> {
        copy::fingerprint(&self.root, path)
    }

    fn read_link(&self, path: &str) -> HostResult<String> {
        files::read_link(&self.root, path)
    }

    fn unit(&self, name: &str) -> HostResult<Arc<Unit>> {
        self.running(name)?;
        self.bus.unit(name)
    }

    fn expect_units(&self, names: &[&str]) {
        self.bus.expect(names);
    }

    fn manager(&self) -> HostResult<Arc<Unit>> {
        self.running("systemd's manager")?;
        self.bus.unit(MANAGER)
    }

    fn modified(&self, path: &str) -> HostResult<Duration> {
        files::modified(&self.root, path)
    }

    fn space(&self, path: &str) -> HostResult<Space> {
        files::space(&self.root, path)
    }

    fn docker(&self, path: &str) -> HostResult<String> {
        self.running("docker")?;
        self.docker.get(path)
    }

    fn census(&self) -> HostResult<Arc<Census>> {
        self.running("the processes")?;
        self.census.census()
    }

    fn expect_census(&self) {
        if self.scope() == Scope::Live {
            self.census.expect();
        }
    }

    fn namespaces(&self, kind: &str) -> HostResult<u64> {
        self.running("the processes")?;
        census::namespaces(kind)
    }

    fn uid(&self) -> u32 {
        Uid::effective().as_raw()
    }

    fn now(&self) -> u64 {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs())
    }

    fn refresh(&self) {
        self.bus.forget();
        self.docker.forget();
        self.census.forget();
        self.files.forget();
        self.folders.forget();
    }
}

impl Machine for Door {
    fn act(&self, action: &Action) -> HostResult<()> {
        let root = &self.root;
        if !action.is_on_disk() {
            self.running(&action.to_string())?;
        }
        match action {
            Action::RemoveDirectory { path } => directories::remove_empty_directory(root, path),
            Action::MakeDirectory { path } => {
                directories::make_directory(root, path, Mode::from_bits_truncate(0o755))
            }
            Action::Replace { path, image } => replace::replace(root, path, image),
            Action::CopyFile { .. } => copy::copy(root, action),
            Action::LoadModule { module } => module::load(module, module::SEARCH),
            Action::Reload => self.bus.reload(),
            Action::WriteKernel { path, value } => kernel::write_kernel(root, path, value),
            Action::SetRlimit {
                process,
                resource,
                value,
                ..
            } => process::set_rlimit(root, *process, resource, *value),
            Action::Validate { path, content } => {
                validate::validate(root, &self.bus, path, content)
            }
            Action::ReloadUnit { unit } => self.bus.job(unit, Job::Reload),
            Action::ReloadBus => self.bus.reload_bus(),
            Action::Start { unit } => self.bus.job(unit, Job::Start),
            Action::Stop { unit } => self.bus.job(unit, Job::Stop),
            Action::ForgetFailure { unit } => self.bus.forget_failure(unit),
            Action::Restart { unit } => self.bus.job(unit, Job::Restart),
        }
    }

    fn sweep(&self, path: &str) -> HostResult<()> {
        replace::sweep(&self.root, path)
    }

    fn remove_empty_directory(&self, path: &str) -> HostResult<()> {
        directories::remove_empty_directory(&self.root, path)
    }

    fn lock(&self) -> HostResult<Box<dyn Guard>> {
        lock::lock(&self.root)
    }

    fn save(&self, name: &str, text: &str) -> HostResult<()> {
        state::save(&self.root, name, text)
    }
}
