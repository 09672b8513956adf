//! Daemons, registries and networks that do not answer.

use super::Nothing;
use model::{Errno, Sign};

pub(super) const NOTHINGS: &[Nothing] = &[
    Nothing {
        fix: "start the daemon and see its journal",
        command: Some("systemctl status docker.service"),
        signs: &[Sign::decides(
            "the daemon does not run, or not where the client looks for it; no \
limit of the host",
        )
        .says(&[
            "cannot connect to the docker daemon",
            "is the docker daemon running",
            "docker daemon is not running",
            "error during connect",
            "cannot connect to podman",
            "failed to connect to containerd",
            "containerd.sock: connect: no such file",
            "containerd.sock: connect: connection refused",
            "docker.sock: connect: no such file",
            "docker.sock: connect: connection refused",
            "crio.sock: connect",
            "dial unix*connect: no such file",
            "dial unix*connect: connection refused",
            "main process exited, code=exited",
            "failed to start docker application",
            "grpc: the client connection is closing",
            "couldn't connect to docker daemon",
            "connecting to the docker daemon",
            "lost connection to docker",
        ])
        .never(&["resource temporarily", "/run/systemd/private"])],
    },
    Nothing {
        fix: "add the user to the group of the socket, or use sudo",
        command: None,
        signs: &[
            Sign::decides("the user may not use the daemon's socket; no limit of the host").says(
                &[
                    "permission denied while trying to connect",
                    "docker.sock: connect: permission denied",
                    "dial unix*permission denied",
                ],
            ),
        ],
    },
    Nothing {
        fix: "load the module, or boot the kernel whose modules are installed",
        command: Some("uname -r; ls /lib/modules"),
        signs: &[
            Sign::decides("the kernel has no such interface or module; no limit of the host")
                .says(&[
                    "failed to add the host",
                    "veth*operation not supported",
                    "veth*not supported",
                    "pair interfaces: operation not supported",
                    "unknown device type",
                    "module veth",
                    "module * not found",
                    "failed to create the bridge*not supported",
                    "can't initialize iptables table",
                    "no chain/target/match by that name",
                    "table does not exist",
                    "couldn't load match",
                    "couldn't load target",
                    "failed to initialize nft",
                    "iptables not found",
                    "executable file not found in $path: iptables",
                    "protocol not supported",
                    "missing kernel module",
                    "chain already exists",
                    "bridge-nf-call",
                    "create bridge: operation not supported",
                    "addrtype",
                ])
                .never(&["exchange full", "allocation problem", "xtables lock"]),
        ],
    },
    Nothing {
        fix: "look at the name service of the host",
        command: None,
        signs: &[
            Sign::decides("a name was not resolved; no limit of the host")
                .says(&[
                    "no such host",
                    "temporary failure in name resolution",
                    "name or service not known",
                    "could not resolve host",
                    "server misbehaving",
                    "name resolution",
                    "lookup * on *: read udp",
                    "could not resolve",
                    "eai_again",
                    "enotfound",
                    "dns",
                ])
                .never(&["no buffer", "neighbor table"]),
        ],
    },
    Nothing {
        fix: "look at certificates, clock and proxy",
        command: None,
        signs: &[
            Sign::decides("the connection is not trusted; no limit of the host")
                .says(&[
                    "x509:",
                    "tls handshake",
                    "tls:",
                    "certificate",
                    "server gave http response to https client",
                    "ssl",
                    "proxyconnect",
                    "bad record mac",
                ])
                .never(&[
                    "no space",
                    "too many open",
                    "cannot allocate",
                    "resource temporarily",
                ]),
        ],
    },
    Nothing {
        fix: "look at the network between here and there",
        command: None,
        signs: &[
            Sign::decides("the network between here and there failed; no limit of the host")
                .says(&[
                    "client.timeout exceeded",
                    "net/http: request canceled",
                    "dial tcp*i/o timeout",
                    "dial tcp*connect: connection refused",
                    "dial tcp*connect: connection timed out",
                    "dial tcp*connect: no route to host",
                    "dial tcp*connect: network is unreachable",
                    "network is unreachable",
                    "unexpected eof",
                    "http: server closed",
                    "bad gateway",
                    "service unavailable",
                    "502",
                    "503 service",
                    "504 gateway",
                    "dial tcp*operation timed out",
                    "read tcp*connection reset by peer",
                    "write: broken pipe",
                    "tcp*connection reset by peer",
                    "upstream timed out",
                    "upstream prematurely",
                ])
                .never(&[
                    "too many open",
                    "cannot assign",
                    "no space",
                    "resource temporarily",
                    "no buffer",
                ]),
            Sign::suggests("the other side of a network connection failed; no limit of the host")
                .errno(&[Errno::Refused]),
            Sign::allows("the other side of a network connection failed; no limit of the host")
                .errno(&[Errno::Unreachable, Errno::ConnectionReset]),
            Sign::decides("a pull from a registry did not get on; no limit of the host").says(&[
                "https://*context deadline exceeded",
                "https://*timeout",
                "https://*eof",
                "registry*context deadline exceeded",
            ]),
        ],
    },
    Nothing {
        fix: "install the plugin and its configuration",
        command: Some("ls /etc/cni/net.d /opt/cni/bin"),
        signs: &[
            Sign::decides("the CNI plugin is not set up; no limit of the host").says(&[
                "cni plugin not initialized",
                "cni config uninitialized",
                "failed to find plugin",
                "no networks found in",
                "networkpluginnotready",
                "network plugin is not ready",
                "cni0*already has",
                "plugin type*failed*connection refused",
                "plugin type*no such file",
            ]),
        ],
    },
];
