//! `cni.subnet`: addresses of a CNI plugin's range.

use model::{Effect, Limit, RUN_OUT, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "cni.subnet",
    bounds: "addresses of a CNI plugin's range",
    defaults: &[
        "a /24 for each node with kube-controller-manager's node-cidr-mask-size, 254 addresses \
         (kubernetes.io, kube-controller-manager)",
    ],
    effect: Effect::Stops,
    why: "each pod takes one; host-local keeps a file for each in /var/lib/cni/networks, and one that is \
          left over from a removed pod is never given out again",
    raise: &[],
    source: "containernetworking/plugins plugins/ipam/host-local/backend/allocator/allocator.go",
    signs: &[
        Sign::decides("every address of the range is given out")
            .says(&[
                "no ip addresses available",
                "failed to allocate for range",
                "failed to assign an ip address to container",
                "failed to assign an ip",
                "no addresses available",
                "ip addresses exhausted",
                "no more ips",
                "no more ip addresses",
                "out of ip addresses",
                "no available ips",
                "all addresses in use",
                "range is full",
                "no free ip",
                "free ip in range",
                "no available ip addresses",
                "insufficient ip",
                "insufficientfreeaddresses",
                "ips have been allocated",
                "allocate ip in range",
                "no cidrs available",
                "cidr*exhausted",
                "cidrnotavailable",
                "ipam*exhausted",
                "no ips available",
                "address pool*exhausted",
                "ip pool*exhausted",
                "no available ip address",
                "ip pool is full",
                "no unused ip",
                "no more addresses",
            ])
            .never(&["requested ip", "requested address", "address pools"]),
        Sign::suggests("the words say that addresses of the pods' range run out")
            .says(&[
                "ip addresses",
                "available ips",
                "pod ips",
                "out of ips",
                "pod cidr",
            ])
            .never(&["already", "docker network", "swarm"])
            .and(RUN_OUT),
    ],
};
