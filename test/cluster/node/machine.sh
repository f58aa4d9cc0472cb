#!/usr/bin/env bash
# The first process of a node, inside namespaces of its own (machines.ts): ending it ends whatever runs on the node.
# A shell, since what it does is mounts and addresses: calls of programs, one after the other.
#   machine.sh FOLDER NUMBER
set -euo pipefail
folder=$1 number=$2
hostname "node$number"

# A node's usual places, each a folder of the cluster's. Names in the second column are made where they are missing.
while read -r own place; do
  mkdir -p "$folder/node$number/$own" "$place"
  mount --bind "$folder/node$number/$own" "$place"
done <<'END'
kubelet /var/lib/kubelet
cni /var/lib/cni
containerd /var/lib/containerd
pod-logs /var/log/pods
container-logs /var/log/containers
kubernetes /etc/kubernetes
etc-cni /etc/cni
END
mount -t tmpfs tmpfs /run

# The kubelet would set these for the whole machine; it finds them set.
mkdir -p "$folder/node$number/kernel"
while read -r setting value; do
  file=$folder/node$number/kernel/${setting//\//.}
  echo "$value" >"$file"
  mount --bind "$file" "/proc/sys/$setting"
done <<'END'
vm/overcommit_memory 1
vm/panic_on_oom 0
kernel/panic 10
kernel/panic_on_oops 1
kernel/keys/root_maxkeys 1000000
kernel/keys/root_maxbytes 25000000
END
mount --make-rshared /

ip link set lo up
echo 1 >/proc/sys/net/ipv4/ip_forward
touch "$folder/machines/node$number.ready"
until [ -e "$folder/machines/node$number.wired" ]; do sleep 0.05; done
# The first node has the switch that the others are plugged into.
uplink=wire
if [ "$number" = 1 ]; then
  uplink=switch
  ip link add switch type bridge
fi
ip address add "10.89.0.$number/24" dev "$uplink"
ip link set "$uplink" up
# Nobody is there: addresses of services need some route before they are rewritten.
ip route add default via 10.89.0.254 dev "$uplink"
# Traffic between pods of one node passes the packet filter too, so that policies hold there.
if [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ]; then echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables; fi
touch "$folder/machines/node$number.up"

# What is left behind on the node is reaped by its first process.
while :; do
  sleep 1000 &
  wait $! || true
done
