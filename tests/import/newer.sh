#!/usr/bin/env bash
# Written for the tests of `hosttune profile import`: settings as of the newer published script, in
# as many manners of writing as one script can bear.
set -euo pipefail

readonly SYSCTL_CONF="/etc/sysctl.d/99-container-network.conf"
LIMITS_CONF=${LIMITS_CONF:-/etc/security/limits.d/91-nofile.conf}
DAEMON_JSON='/etc/docker/daemon.json'
NOFILE=1048576
FILE_MAX=2621440   # 40 cores x 65536
CORES=$(nproc)
export POOL="172.20.0.0/16"

say() {
	printf '[%s] %s\n' "$(date +%T)" "$*" >&2
}

[[ $EUID -eq 0 ]] || { echo "needs root" >&2; exit 1; }
say "this host has ${CORES} cores"; sleep $((1 + 1))

write_limits() {
	sudo tee "$LIMITS_CONF" > /dev/null <<-EOF
	#<domain>	<type>	<item>	<value>
	*	soft	nofile	${NOFILE}
	*	hard	nofile	${NOFILE}   # both
	root	soft	nofile	${NOFILE}
	root	hard	nofile	${NOFILE}
	EOF
}

write_sysctls() {
cat <<EOF > "$SYSCTL_CONF"
# It's "quoted" nowhere; a \$ is no variable
fs.file-max = $FILE_MAX
fs.nr_open=$FILE_MAX

net.netfilter.nf_conntrack_max = 3145728
net.netfilter.nf_conntrack_tcp_timeout_established = 86400   # a day
net.netfilter.nf_conntrack_tcp_timeout_close_wait = 30
net.netfilter.nf_conntrack_tcp_timeout_fin_wait = 30
net.netfilter.nf_conntrack_tcp_timeout_time_wait = 30
net.core.somaxconn = 81920
net.core.netdev_max_backlog = 375000
net.ipv4.tcp_max_syn_backlog = 81920
net.ipv4.tcp_fin_timeout = 15
net.ipv4.tcp_keepalive_time = 300
net.ipv4.tcp_keepalive_intvl = 15
net.ipv4.tcp_keepalive_probes = 5
net.ipv4.ip_local_port_range = 1024	65535
net.ipv4.tcp_mem = 1048576 1572864 2097152
net.ipv4.udp_mem = 131072 262144 524288
EOF
cat <<'EOF' | sudo tee -a "${SYSCTL_CONF}" >/dev/null
net.core.rmem_max = 268435456
net.core.wmem_max = 268435456
net.ipv4.tcp_rmem = 4096 87380 67108864
net.ipv4.tcp_wmem = 4096 65536 67108864
net.ipv4.neigh.default.gc_thresh1 = 32768
net.ipv4.neigh.default.gc_thresh2 = 65536
net.ipv4.neigh.default.gc_thresh3 = 131072
EOF
echo "net.unix.max_dgram_qlen = 1024" >> $SYSCTL_CONF
{
	echo "net.core.netdev_budget = 1000"
	printf '%s = %d\n' net.core.netdev_budget_usecs 25000 vm.overcommit_memory 1
} >> "$SYSCTL_CONF"
echo -e "vm.swappiness=5\nvm.max_map_count=1048576" | sudo tee --append $SYSCTL_CONF > /dev/null
sudo sysctl -q -w \
	vm.vfs_cache_pressure=50
}

write_docker() {
	mkdir -p "$(dirname "$DAEMON_JSON")"
	if [ -f "$DAEMON_JSON" ]; then
		cp "$DAEMON_JSON" "$DAEMON_JSON.backup.$(date +%s)"
	fi
	cat > "$DAEMON_JSON" << JSON
{
    "default-address-pools": [{"base": "$POOL", "size": 20}],
    "log-driver": "local",
    "log-opts": {
        "max-size": "10m",
        "max-file": "1"
    },
    "default-ulimits": {
        "nofile": {"Name": "nofile", "Soft": ${NOFILE}, "Hard": ${NOFILE}}
    },
    "mtu": 1450,
    "dns": ["1.1.1.1"],
    "max-concurrent-downloads": 20,
    "max-concurrent-uploads": 20
}
JSON
}

write_limits
write_sysctls
write_docker
sysctl --system > /dev/null
systemctl restart docker || say "docker did not restart"
for key in fs.file-max vm.swappiness; do
	say "$key is now $(sysctl -n "$key")"
done
say "reboot, please"
