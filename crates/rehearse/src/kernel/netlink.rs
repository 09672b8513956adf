//! Links: bridges and pairs of veth, by the messages of rtnetlink(7).

use nix::errno::Errno;
use nix::libc;
use nix::sys::socket::{
    AddressFamily, MsgFlags, NetlinkAddr, SockFlag, SockProtocol, SockType, bind, recv, send,
    socket,
};
use nix::unistd::Pid;
use std::os::fd::{AsRawFd, OwnedFd};

// include/uapi/linux/rtnetlink.h and if_link.h; the libc crate has only some of them.
const RTM_NEWLINK: u16 = 16;
const RTM_DELLINK: u16 = 17;
const IFLA_IFNAME: u16 = 3;
const IFLA_MASTER: u16 = 10;
const IFLA_LINKINFO: u16 = 18;
const IFLA_NET_NS_PID: u16 = 19;
const IFLA_INFO_KIND: u16 = 1;
const IFLA_INFO_DATA: u16 = 2;
const VETH_INFO_PEER: u16 = 1;
const NLM_F_REQUEST: u16 = 0x1;
const NLM_F_ACK: u16 = 0x4;
const NLM_F_EXCL: u16 = 0x200;
const NLM_F_CREATE: u16 = 0x400;
const NLMSG_ERROR: u16 = 2;
/// `struct nlmsghdr` and `struct ifinfomsg`.
const HEADER: usize = 16;
const INTERFACE: usize = 16;

/// A connection to the kernel's links, in the network namespace it was made in.
pub(super) struct Links(OwnedFd);

impl Links {
    /// Connects.
    pub(super) fn open() -> nix::Result<Self> {
        let connection = socket(
            AddressFamily::Netlink,
            SockType::Raw,
            SockFlag::SOCK_CLOEXEC,
            SockProtocol::NetlinkRoute,
        )?;
        bind(connection.as_raw_fd(), &NetlinkAddr::new(0, 0))?;
        Ok(Self(connection))
    }

    /// Makes a bridge.
    pub(super) fn bridge(&self, name: &str) -> nix::Result<()> {
        let kind = attribute(IFLA_INFO_KIND, b"bridge");
        self.make(&[text(IFLA_IFNAME, name), attribute(IFLA_LINKINFO, &kind)].concat())
    }

    /// Makes a pair of veth with one end in a bridge, by its index, and the other end, named `eth0`, in
    /// the network of a process; without one it stays here as `peer`.
    pub(super) fn veth(
        &self,
        name: &str,
        bridge: u32,
        peer: &str,
        process: Option<Pid>,
    ) -> nix::Result<()> {
        let mut other = vec![0; INTERFACE];
        match process {
            Some(process) => {
                other.extend(text(IFLA_IFNAME, "eth0"));
                other.extend(attribute(IFLA_NET_NS_PID, &process.as_raw().to_ne_bytes()));
            }
            None => other.extend(text(IFLA_IFNAME, peer)),
        }
        let data = attribute(VETH_INFO_PEER, &other);
        let info = [
            attribute(IFLA_INFO_KIND, b"veth"),
            attribute(IFLA_INFO_DATA, &data),
        ];
        self.make(
            &[
                text(IFLA_IFNAME, name),
                attribute(IFLA_MASTER, &bridge.to_ne_bytes()),
                attribute(IFLA_LINKINFO, &info.concat()),
            ]
            .concat(),
        )
    }

    /// Removes a link, and with it the other end of a pair.
    pub(super) fn remove(&self, name: &str) -> nix::Result<()> {
        self.ask(RTM_DELLINK, 0, &text(IFLA_IFNAME, name))
    }

    fn make(&self, attributes: &[u8]) -> nix::Result<()> {
        self.ask(RTM_NEWLINK, NLM_F_EXCL | NLM_F_CREATE, attributes)
    }

    /// Sends one request and waits for what becomes of it.
    fn ask(&self, request: u16, flags: u16, attributes: &[u8]) -> nix::Result<()> {
        let length = (HEADER + INTERFACE + attributes.len()) as u32;
        let flags = NLM_F_REQUEST | NLM_F_ACK | flags;
        let mut message = Vec::with_capacity(length as usize);
        message.extend(length.to_ne_bytes());
        message.extend(request.to_ne_bytes());
        message.extend(flags.to_ne_bytes());
        message.extend([0; 8]);
        message.extend([0; INTERFACE]);
        message.extend(attributes);
        send(self.0.as_raw_fd(), &message, MsgFlags::empty())?;
        let mut answer = [0; 1024];
        let length = recv(self.0.as_raw_fd(), &mut answer, MsgFlags::empty())?;
        outcome(answer.get(..length).unwrap_or_default())
    }
}

/// The error that an answer carries, its sign turned; 0 is none (netlink(7), `struct nlmsgerr`).
fn outcome(answer: &[u8]) -> nix::Result<()> {
    let kind = answer.get(4..6).and_then(|kind| kind.try_into().ok());
    let code = answer.get(16..20).and_then(|code| code.try_into().ok());
    match (kind.map(u16::from_ne_bytes), code.map(i32::from_ne_bytes)) {
        (Some(NLMSG_ERROR), Some(0)) => Ok(()),
        (Some(NLMSG_ERROR), Some(code)) => Err(Errno::from_raw(-code)),
        _ => Err(Errno::EBADMSG),
    }
}

/// The kernel's number of a link in this network namespace.
pub(super) fn index_of(name: &str) -> nix::Result<u32> {
    nix::net::if_::if_nametoindex(name).map(|index: libc::c_uint| index)
}

/// Length, type and value, filled up to four bytes.
fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
    let length = (4 + value.len()) as u16;
    let mut bytes = Vec::with_capacity(4 + value.len().next_multiple_of(4));
    bytes.extend(length.to_ne_bytes());
    bytes.extend(kind.to_ne_bytes());
    bytes.extend(value);
    bytes.resize(4 + value.len().next_multiple_of(4), 0);
    bytes
}

/// A string with its end.
fn text(kind: u16, value: &str) -> Vec<u8> {
    attribute(kind, &[value.as_bytes(), &[0]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_says_its_length_without_the_filling() {
        let made = text(IFLA_IFNAME, "eth0");
        assert_eq!(made.len(), 12);
        assert_eq!(made[..4], [9u16.to_ne_bytes(), 3u16.to_ne_bytes()].concat());
        assert_eq!(&made[4..], b"eth0\0\0\0\0");
    }

    #[test]
    fn an_answer_is_an_error_with_its_sign_turned() {
        let answer = |code: i32| {
            let mut bytes = vec![0; 36];
            bytes[4..6].copy_from_slice(&NLMSG_ERROR.to_ne_bytes());
            bytes[16..20].copy_from_slice(&code.to_ne_bytes());
            outcome(&bytes)
        };
        assert_eq!(answer(0), Ok(()));
        assert_eq!(answer(-(Errno::EXFULL as i32)), Err(Errno::EXFULL));
        assert_eq!(outcome(&[0; 8]), Err(Errno::EBADMSG));
    }
}
