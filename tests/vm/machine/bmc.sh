#!/usr/bin/env bash
# A machine's BMC: bmc.sh FOLDER ADDRESS PORT BRIDGE MAC
# Becomes OpenIPMI's ipmi_sim, in the foreground: IPMI over LAN at ADDRESS:PORT (UDP), user admin, password
# secret. Power on starts a virtual machine (power-on.sh), power off ends it. All files are in FOLDER.
set -euo pipefail
folder=$(realpath -m "$1") address=$2 port=$3 bridge=$4 mac=$5
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder/state"
cat >"$folder/lan.conf" <<CONF
name "machine"
set_working_mc 0x20
  startlan 1
    addr $address $port
    priv_limit admin
    allowed_auths_callback none md2 md5 straight
    allowed_auths_user none md2 md5 straight
    allowed_auths_operator none md2 md5 straight
    allowed_auths_admin none md2 md5 straight
    guid a123456789abcdefa123456789abcdef
  endlan
  # Where a machine may speak with its BMC: without one it does not start machines.
  serial 15 $address $port codec VM
  startcmd "$here/power-on.sh $folder $bridge $mac"
  startnow false
  poweroff_wait 5
  kill_wait 5
  user 1 true "" "" user 10 none md2 md5 straight
  user 2 true "admin" "secret" admin 10 none md2 md5 straight
CONF
cat >"$folder/commands" <<COMMANDS
mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr
mc_enable 0x20
COMMANDS
exec ipmi_sim -n -c "$folder/lan.conf" -f "$folder/commands" -s "$folder/state"
