#!/bin/sh
# host.sh monitor|vm NAME: a host of the lab as the seed has it. Docker Engine runs, images are made of the stand-in (/root/stand-in), or of
# the program itself where it lies beside it (/root/logspout), and compose files lie where people put them. NAME is the monitoring host's. Containers use the host's network: the lab's kernel has no bridge for them.
set -eu
what=$1 name=$2
# Its own units cannot start it in a container; it is started by hand.
systemctl mask -q --now docker.service docker.socket containerd.service 2>/dev/null
mkdir -p /var/lib/docker /etc/docker
mountpoint -q /var/lib/docker || mount -t tmpfs -o size=512m tmpfs /var/lib/docker
cat >/usr/local/sbin/lab-docker <<'end'
#!/bin/sh
docker info >/dev/null 2>&1 && exit 0
setsid dockerd --iptables=false --ip6tables=false --ip-forward=false --bridge=none --storage-driver=overlay2 >/var/log/dockerd.log 2>&1 </dev/null &
for _ in $(seq 150); do docker info >/dev/null 2>&1 && exit 0; sleep 0.1; done
tail /var/log/dockerd.log >&2
exit 1
end
chmod 755 /usr/local/sbin/lab-docker
/usr/local/sbin/lab-docker

image() { # NAME USER PROGRAM ENTRYPOINT...
  user=$2 program=$3
  tree=$(mktemp -d)
  mkdir -p "$tree/tmp" "$tree/etc" "$tree$(dirname "$program")" "$tree/usr/share/logstash"
  chmod 1777 "$tree/tmp"
  made=/root/$(basename "$program")
  [ -e "$made" ] || made=/root/stand-in
  cp "$made" "$tree$program"
  ldd "$made" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$tree$(dirname "$library")" && cp -L "$library" "$tree$library"
  done
  tar -C "$tree" -c . | docker import -c "USER $user" -c "ENTRYPOINT [\"$program\"]" - "$1" >/dev/null
  rm -rf "$tree"
}
app() { # SERVICE: a program that prints
  printf '  %s:\n    image: app:1\n    network_mode: host\n    restart: always\n    command: ["50ms"]\n' "$1"
}
image app:1 0 /bin/app

if [ "$what" = vm ]; then
  image gliderlabs/logspout:v3.2.14 0 /bin/logspout
  mkdir -p /srv/logspout
  cat >/srv/logspout/docker-compose.yml <<end
# Logs of this VM go to the monitoring host.
version: "2.4"   # what Debian's docker-compose reads

services:
  logspout:
    image: 'gliderlabs/logspout:v3.2.14'
    network_mode: host
    restart: always
    command: "syslog+tcp://$name:1234"   # in the clear!
    environment:
      # the name under which lines arrive
      - SYSLOG_HOSTNAME=$(hostname)
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock

$(app web)
end
  # The other one has its route in a file of its own, and a name from the file of variables.
  if [ "$(hostname)" = h2 ]; then
    cd /srv/logspout
    sed -i '/command: "syslog/d; s/SYSLOG_HOSTNAME=.*/SYSLOG_HOSTNAME=${VM_NAME}/' docker-compose.yml
    printf 'COMPOSE_FILE=docker-compose.yml:logs.yml\nVM_NAME=h2\n' >.env
    printf 'version: "2.4"\nservices:\n  logspout: {command: ["syslog+tcp://%s:1234"]}   # in the clear!\n' "$name" >logs.yml
  fi
  exit
fi

image logstash:7 1000 /usr/share/logstash/bin/logstash
image traefik:1.2 0 /bin/traefik
mkdir -p /srv/logstash/pipeline /srv/logstash/out /srv/traefik
chown 1000 /srv/logstash/out
cat >/srv/logstash/pipeline/logstash.conf <<'end'
input {
  tcp {
    port => 1234
  }
}
output {
  file {
    path => "/out/all.log"
  }
}
end
cat >/srv/logstash/docker-compose.yml <<'end'
version: "2.4"
services:
  logstash:
    image: logstash:7
    network_mode: host
    restart: always
    environment:
      LAB_STARTING: 1s
    volumes:
      - ./pipeline:/usr/share/logstash/pipeline:ro   # what comes in and what goes out
      - ./out:/out
end
{ echo 'version: "2.4"'; echo 'services:'; printf '  traefik:\n    image: traefik:1.2\n    network_mode: host\n    restart: always\n'; app other; } >/srv/traefik/docker-compose.yml
for project in /srv/logstash /srv/traefik; do (cd $project && docker-compose up -d 2>/dev/null); done
