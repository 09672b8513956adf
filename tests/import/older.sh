#!/bin/bash
# Written for the tests of `hosttune profile import`: settings as of the older published script.
set -e

if [ "$(id -u)" -ne 0 ]; then
    echo "run me as root"; exit 1
fi

echo "files..."
cat > /etc/security/limits.d/91-nofile.conf <<EOF
* soft nofile 1048576
* hard nofile 1048576
root soft nofile 1048576
root hard nofile 1048576
EOF

echo "network..."
cat > /etc/sysctl.d/99-container-network.conf <<EOF
# files
fs.file-max = 2097152
fs.nr_open = 2097152
# connections
net.netfilter.nf_conntrack_max = 1048576
net.netfilter.nf_conntrack_tcp_timeout_established = 86400
net.netfilter.nf_conntrack_tcp_timeout_close_wait = 30
net.netfilter.nf_conntrack_tcp_timeout_fin_wait = 30
net.netfilter.nf_conntrack_tcp_timeout_time_wait = 30
net.core.somaxconn = 65535
net.core.netdev_max_backlog = 250000
net.ipv4.tcp_max_syn_backlog = 65535
net.ipv4.tcp_fin_timeout = 15
net.ipv4.tcp_keepalive_time = 300
net.ipv4.tcp_keepalive_intvl = 15
net.ipv4.tcp_keepalive_probes = 5
net.ipv4.ip_local_port_range = 1024 65535
net.ipv4.tcp_mem = 786432 1048576 1572864
net.ipv4.udp_mem = 65536 131072 262144
net.core.rmem_max = 67108864
net.core.wmem_max = 67108864
net.ipv4.tcp_rmem = 4096 87380 33554432
net.ipv4.tcp_wmem = 4096 65536 33554432
net.ipv4.neigh.default.gc_thresh1 = 4096
net.ipv4.neigh.default.gc_thresh2 = 8192
net.ipv4.neigh.default.gc_thresh3 = 16384
vm.overcommit_memory = 1
vm.swappiness = 10
EOF
sysctl -p /etc/sysctl.d/99-container-network.conf

mkdir -p /etc/docker
cat > /etc/docker/daemon.json <<EOF
{
  "default-address-pools": [
    { "base": "172.17.0.0/12", "size": 24 }
  ],
  "log-driver": "local",
  "log-opts": { "max-size": "100m", "max-file": "5" },
  "default-ulimits": {
    "nofile": { "Name": "nofile", "Soft": 1048576, "Hard": 1048576 }
  },
  "dns": ["8.8.8.8", "8.8.4.4"],
  "max-concurrent-downloads": 10,
  "max-concurrent-uploads": 10
}
EOF
systemctl restart docker
ulimit -n
sysctl fs.file-max net.core.somaxconn
echo "reboot now"
