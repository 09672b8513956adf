//! What was asked for and cannot be had: names, ports, images, flags.

use super::Nothing;
use model::{Errno, Operation, Sign};

pub(super) const NOTHINGS: &[Nothing] = &[
    Nothing {
        fix: "remove the old container or choose another name",
        command: None,
        signs: &[
            Sign::decides("another container has the name; no limit of the host").says(&[
                "container name*is already in use",
                "name*already in use",
                "that name is already in use",
                "container name*in use",
                "the name is already used",
            ]),
        ],
    },
    Nothing {
        fix: "stop what has the port, or publish another",
        command: Some("ss -tulnp"),
        signs: &[
            Sign::decides("the port that was asked for is taken; no limit of the host")
                .says(&[
                    "port is already allocated",
                    "ports are not available",
                    "port is already in use",
                    "port already in use",
                    "bind for*failed",
                ])
                .never(&["all ports are allocated", "all ports allocated"]),
            Sign::decides("the port that was asked for is taken; no limit of the host")
                .errno(&[Errno::AddressInUse])
                .during(&[Operation::Bind])
                .never(&["-p option"]),
            Sign::suggests("an address or port is taken; no limit of the host")
                .errno(&[Errno::AddressInUse]),
            Sign::decides("the address is not this host's; no limit of the host")
                .errno(&[Errno::AddressNotAvailable])
                .during(&[Operation::Bind]),
        ],
    },
    Nothing {
        fix: "correct the command or the file",
        command: None,
        signs: &[
            Sign::decides("the request is not valid; no limit of the host")
                .says(&[
                    "unknown flag",
                    "unknown shorthand flag",
                    "invalid argument \"",
                    "is not a docker command",
                    "is not a valid",
                    "invalid reference format",
                    "requires at least",
                    "requires exactly",
                    "invalid volume specification",
                    "invalid containerport",
                    "invalid publish",
                    "unsupported config option",
                    "yaml:",
                    "additional property",
                    "conflicting options",
                    "invalid hostport",
                    "no such service",
                    "must be lowercase",
                    "invalid port",
                    "is not allowed",
                    "unable to parse",
                    "json: cannot unmarshal",
                    "invalid character",
                    "directives are specified both",
                    "unable to configure the docker daemon with file",
                    "invalid memory",
                    "range of cpus",
                    "mutually exclusive",
                    "undefined volume",
                    "undefined network",
                    "flag provided but not defined",
                    "invalid spec",
                ])
                .never(&[
                    "gc_thresh",
                    "is not allowed to own",
                    "is not allowed to add",
                    "lchown",
                ]),
        ],
    },
    Nothing {
        fix: "name one that there is",
        command: Some("docker ps -a; docker images; docker network ls"),
        signs: &[
            Sign::decides("what was asked for is not there; no limit of the host")
                .says(&[
                    "no such container",
                    "no such image",
                    "manifest unknown",
                    "manifest for*not found",
                    "pull access denied",
                    "repository does not exist",
                    "no such network",
                    "network*not found",
                    "no such volume",
                    "is not running",
                    "no such object",
                    "not found: manifest",
                    "requested image*not found",
                    "unable to find image",
                    "failed to resolve reference*not found",
                    "reference does not exist",
                    "image not found",
                    "no such process in container",
                    "container not running",
                    "container not found",
                    "requested access to the resource is denied",
                    "name unknown",
                    "repository name not known",
                    "does not have a manifest",
                    "errimageneverpull",
                    "invalidimagename",
                ])
                .never(&[
                    "toomanyrequests",
                    "too many requests",
                    "rate limit",
                    "final child",
                ]),
        ],
    },
    Nothing {
        fix: "log in to the registry with a right to this image",
        command: Some("docker login"),
        signs: &[
            Sign::decides("the registry wants another login; no limit of the host")
                .says(&[
                    "unauthorized",
                    "authentication required",
                    "no basic auth credentials",
                    "denied: access",
                    "incorrect username or password",
                    "401 unauthorized",
                    "403 forbidden",
                    "denied: requested",
                ])
                .never(&["toomanyrequests", "rate limit", "unauthenticated pull"]),
        ],
    },
    Nothing {
        fix: "choose another subnet or address",
        command: None,
        signs: &[
            Sign::decides(
                "the subnet or address that was asked for is in use; no limit of the \
host",
            )
            .says(&[
                "pool overlaps with other one",
                "overlaps with other one",
                "overlaps with existing",
                "requested ip address",
                "requested address",
                "address already in use by",
                "user specified ip address",
                "does not contain ip",
                "network with name",
                "has active endpoints",
                "networks have overlapping",
                "conflicts with network",
            ])
            // EADDRNOTAVAIL is another thing, and says so.
            .never(&["cannot assign requested address"]),
            Sign::decides(
                "the subnet or address that was asked for is in use; no limit of the \
host",
            )
            .says(&[
                "ip address*already allocated",
                "address is already allocated",
                "already has an ip address different from",
            ]),
        ],
    },
];
