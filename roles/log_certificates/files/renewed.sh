#!/bin/sh
# renewed.sh CERTIFICATE KEY NAME OWN PORT ADDRESS RESTART RECORD ROOTS USER
# Puts a renewed certificate of the log server to use when no control node is there: an ACME client runs it after a renewal, as root.
# CERTIFICATE and KEY are where that client leaves them, NAME the name that clients look for, OWN the directory of what rsyslogd reads.
# ADDRESS and PORT are served; RESTART is no where rsyslogd reads its certificate at every connection, nginx where that
# serves it, relp where each line is acknowledged, else tcp. ROOTS are the certificates (PEM) that clients trust, USER is sh code that prints the user of rsyslogd. RECORD
# says what became of it, as JSON; `provision certs` shows that. Nothing is done when the renewal is of another certificate.
certificate=$1 key=$2 name=$3 own=$4 port=$5 address=$6 restart=$7 record=$8 roots=$9
shift 9
user_command=$1
case ${RENEWED_LINEAGE-} in '' | "${certificate%/*}") ;; *) exit 0 ;; esac
# cron gives a short PATH; snap and virtual environments leave variables that are for their own libraries and programs.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
export PATH LC_ALL
unset LD_LIBRARY_PATH LD_PRELOAD OPENSSL_CONF OPENSSL_MODULES SSL_CERT_DIR
# The roots are given: openssl would read all that the host trusts at each call.
SSL_CERT_FILE=/dev/null
export SSL_CERT_FILE
umask 077
run=/run/provision new=$own/.renewed version='' lock=''
mkdir -p "${record%/*}" "$run" || exit 1

end() { # CODE
  rm -rf "$new"
  [ -z "$lock" ] || rm -f "$run/holder"
  exit "$1"
}
note() { # STATE REASON DID
  printf '{"state":"%s","time":"%s","lineage":"%s","fingerprint":"%s","domains":["%s"],"reason":"%s","did":"%s"}\n' "$1" \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "${certificate%/*}" "$fingerprint" "$name" "$(text "$2")" "$(text "$3")" >"$record.new" &&
    mv -f "$record.new" "$record" && sync "$record"
}
text() { # TEXT: as the inside of a JSON string
  printf '%s' "$1" | tr '\n\t' '  ' | tr -d '\000-\037\177-\377' | head -c 600 | sed 's/[\\"]/\\&/g'
}
fail() {
  note failed "$1" "$2"
  printf 'provision: the log server goes on with its present certificate: %s\n' "$1" >&2
  end 1
}
began() { # PID: when that process began; nothing of one that is dead
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  # shellcheck disable=SC2086 # fields
  set -- ${stat##*) }
  case $1 in Z | X) ;; *) echo "${20}" ;; esac
}

# One at a time, and none beside a run of provision: this takes the host's lock as a run does, and waits a minute for it.
exec 9>"$record.lock" && flock -w 120 9 || exit 1
fingerprint=$(openssl x509 -in "$certificate" -noout -fingerprint -sha256 2>/dev/null) fingerprint=${fingerprint#*=}
[ -n "$fingerprint" ] || fail "$certificate holds no certificate"
trap 'end 1' HUP INT TERM
tries=0
until { set -C && printf '%s\n' "$$ $(began $$)" "the renewal of the log server's certificate" "renewal-$$" "renewal:$$:0" >"$run/holder"; } 2>/dev/null; do
  set +C
  pid='' since='' tries=$((tries + 1))
  { read -r pid since rest <"$run/holder"; } 2>/dev/null
  # Left behind by a run that was killed.
  if [ -n "$since" ] && [ "$(began "$pid")" != "$since" ]; then rm -f "$run/holder"; fi
  [ "$tries" -lt 60 ] || fail 'a run of provision had this host'
  sleep 1
done
set +C
lock=yes
note begun '' ''

good() { # WHAT CERTIFICATE OPTION...: as clients will judge it
  what=$1 judged=$2
  shift 2
  said=$(printf '%s\n' "$roots" | openssl verify -purpose sslserver -no-CApath -no-CAstore -CAfile /dev/stdin "$@" -untrusted "$judged" "$judged" 2>&1) ||
    fail "clients would not trust $what: $(printf '%s\n' "$said" | sed -n 's/^error [0-9]* at [0-9]* depth lookup: *//p' | head -n 1)"
  case $(openssl x509 -in "$judged" -noout -checkhost "$name") in
    *'does match certificate'*) ;;
    *) fail "$what is not for $name: run provision apply" ;;
  esac
}
serves() { # SECONDS: whether the port shows the deployed certificate
  wanted=$(openssl x509 -in "$own/current/fullchain.pem" -noout -fingerprint -sha256)
  tries=0
  while [ "$tries" -lt "$(($1 * 4))" ]; do
    shown=$(timeout 5 openssl s_client -connect "$address:$port" 2>/dev/null </dev/null | openssl x509 -noout -fingerprint -sha256 2>/dev/null)
    [ "$shown" != "$wanted" ] || return 0
    tries=$((tries + 1))
    sleep 0.25
  done
  return 1
}
flip() { # VERSION
  rm -f "$own/.current"
  ln -s -- "$1" "$own/.current" && mv -fT -- "$own/.current" "$own/current" && sync "$own"
}

# A line that a client writes to a server that has just ended is lost: it learns too late. So a moment is waited for in which none is
# under way, and clients' connections are reset while rsyslogd is stopped: the next line meets an error, waits, and comes later. The new
# rsyslogd is the first to answer. Should this be killed in between, rsyslogd goes on after ten seconds; where its port was closed it is started again.
reset_clients() {
  main=$(systemctl show -p MainPID --value rsyslog)
  [ "${main:-0}" -gt 0 ] && command -v ss >/dev/null || return 0
  tries=0
  while [ "$tries" -lt 60 ]; do
    latest=$(ss -Htin state established "sport = :$port" | sed -n 's/.* lastrcv:\([0-9]*\).*/\1/p' | sort -n | head -n 1)
    [ "${latest:-1000}" -lt 100 ] || break
    tries=$((tries + 1))
    sleep 0.05
  done
  (
    sleep 10
    kill -CONT "$main"
    ss -Hltn "sport = :$port" | grep -q . || systemctl --no-block restart rsyslog
  ) >/dev/null 2>&1 9>&- &
  guard=$!
  # A connection that is reset keeps what came before. rsyslogd would give that up when it ends: it goes on until nothing is unread.
  tries=0
  while kill -STOP "$main" && [ "$tries" -lt 40 ] &&
    ss -K -Htn state established "sport = :$port" 2>/dev/null | grep -qv '^ *0 '; do
    kill -CONT "$main"
    tries=$((tries + 1))
    sleep 0.02
  done
  # Nor may it answer those who are back already: it would read their lines while it ends, and give them up.
  ss -K -Htn state listening "sport = :$port" >/dev/null 2>&1
}
restart_service() {
  guard=''
  [ "$restart" != tcp ] || reset_clients
  timeout 100 systemctl restart rsyslog
  code=$?
  [ -z "$guard" ] || kill "$guard" 2>/dev/null
  return "$code"
}

before=$(readlink "$own/current") && [ -e "$own/current/fullchain.pem" ] || fail 'nothing was deployed yet: run provision apply'
if cmp -s "$certificate" "$own/current/fullchain.pem" && cmp -s "$key" "$own/current/privkey.pem"; then
  note 'done' '' 'it was in use already'
  end 0
fi
# Settings may have changed since this was written: what is in use must be of the same kind.
good 'the certificate in use' "$own/current/fullchain.pem" -no_check_time
rm -rf "$new"
mkdir -m 0755 "$new" && cat "$certificate" >"$new/fullchain.pem" && cat "$key" >"$new/privkey.pem" || fail "$own cannot be written to"
[ "$(openssl x509 -in "$new/fullchain.pem" -noout -pubkey)" = "$(openssl pkey -in "$new/privkey.pem" -passin pass: -pubout 2>/dev/null)" ] ||
  fail 'key and certificate do not belong together'
good 'it' "$new/fullchain.pem"
said=$(rsyslogd -N1 2>&1) || fail "the configuration of rsyslog is not valid: $(printf '%s\n' "$said" | tail -n 3)"

user=$(sh -c "$user_command" 2>/dev/null | tail -n 1)
chmod 0644 "$new/fullchain.pem" || fail "$own cannot be written to"
if [ -n "$user" ] && [ "$user" != root ]; then
  chgrp -- "$(id -gn -- "$user")" "$new/privkey.pem" && chmod 0640 "$new/privkey.pem" || fail "the user $user may not read the key"
fi
sync "$new/fullchain.pem" "$new/privkey.pem"
version=$(date -u +%Y%m%dT%H%M%SZ)
[ ! -e "$own/$version" ] || version=$version-$$
mv -T "$new" "$own/$version" && flip "$version" || fail "$own cannot be written to"

did='no restart: rsyslogd reads it at every connection'
daemon=rsyslog
[ "$restart" != nginx ] || daemon=nginx
if ! systemctl is-active -q "$daemon"; then
  did="$daemon does not run: it reads the certificate when it starts"
else
  if [ "$restart" = nginx ]; then
    did='reloaded nginx'
    timeout 100 systemctl reload nginx || did='nginx could not be reloaded'
  elif [ "$restart" != no ]; then
    did='restarted rsyslogd'
    restart_service || did='rsyslogd could not be restarted'
  fi
  if ! serves 15; then
    flip "$before"
    rm -rf "${own:?}/$version"
    case $restart in no) ;; nginx) timeout 100 systemctl reload nginx ;; *) timeout 100 systemctl restart rsyslog ;; esac
    fail "port $port did not serve it within 15 s ($did); the one before is in use again"
  fi
fi
for old in "$own"/[0-9]*T[0-9]*Z*; do
  case ${old##*/} in "$version" | "$before") ;; *) rm -rf "$old" ;; esac
done
note 'done' '' "$did"
end 0
