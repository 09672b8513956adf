//! The rights of this process, told apart as the kernel does.

use crate::root::Root;
use caps::{CapSet, Capability};
use model::Scope;
use nix::fcntl::{AtFlags, OFlag};
use nix::sys::stat::Mode;
use nix::unistd::{AccessFlags, Uid, faccessat};

/// What apply needs on a running machine, in the order it would fail.
const APPLY: [(Capability, &str); 6] = [
    (Capability::CAP_DAC_OVERRIDE, "CAP_DAC_OVERRIDE"),
    (Capability::CAP_CHOWN, "CAP_CHOWN"),
    (Capability::CAP_FOWNER, "CAP_FOWNER"),
    (Capability::CAP_SYS_ADMIN, "CAP_SYS_ADMIN"),
    (Capability::CAP_NET_ADMIN, "CAP_NET_ADMIN"),
    (Capability::CAP_SYS_RESOURCE, "CAP_SYS_RESOURCE"),
];

/// The rights that apply lacks; `root` comes first where the user is another, since sysctl files
/// and systemd ask for the user and not for a capability.
pub(crate) fn missing_for_apply(root: &Root) -> Vec<&'static str> {
    match root.scope() {
        Scope::Live => missing_on_a_machine(),
        Scope::Tree if may_write(root) => Vec::new(),
        Scope::Tree => vec!["CAP_DAC_OVERRIDE"],
    }
}

fn missing_on_a_machine() -> Vec<&'static str> {
    let have = caps::read(None, CapSet::Effective).unwrap_or_default();
    let user = (!Uid::effective().is_root()).then_some("root");
    let lacking = APPLY.iter().filter(|(right, _)| !have.contains(right));
    user.into_iter()
        .chain(lacking.map(|(_, name)| *name))
        .collect()
}

fn may_write(root: &Root) -> bool {
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY;
    root.descend("/", flags, Mode::empty())
        .and_then(|top| faccessat(&top, ".", AccessFlags::W_OK, AtFlags::AT_EACCESS))
        .is_ok()
}
