// Stands in for Logspout, Logstash and Traefik in containers of the lab, whose images cannot be pulled there. It is written for these tests:
// what it shares with the originals is Go's crypto/tls and with it every word about certificates, the names of the settings, the API of
// Docker, and the shape of Logstash's pipeline files. The first argument, or the name that it is called by, says which one it is.
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

func main() {
	log.SetFlags(0)
	who, args := filepath.Base(os.Args[0]), os.Args[1:]
	if len(args) > 0 && who == "stand-in" {
		who, args = args[0], args[1:]
	}
	switch who {
	case "logspout":
		logspout(args)
	case "logstash":
		logstash(args)
	case "traefik":
		log.Fatal(http.ListenAndServe(":80", http.NotFoundHandler()))
	case "app":
		app(args)
	default:
		log.Fatalf("nobody: %s", who)
	}
}

// app prints numbered lines with a pause between them. While lines are counted they come faster, from SIGUSR1 to SIGUSR2: each costs every
// program on its way some time.
func app(args []string) {
	usual, err := time.ParseDuration(args[0])
	if err != nil {
		log.Fatal(err)
	}
	pauses := map[os.Signal]time.Duration{syscall.SIGUSR1: 5 * time.Millisecond, syscall.SIGUSR2: usual}
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, syscall.SIGUSR1, syscall.SIGUSR2)
	pause := usual
	for n := 1; ; n++ {
		fmt.Printf("app line %d\n", n)
		select {
		case one := <-heard:
			pause = pauses[one]
		case <-time.After(pause):
		}
	}
}

// --- Logspout: what containers print goes to the server that the route names.

func logspout(args []string) {
	routes := os.Getenv("ROUTE_URIS")
	if len(args) > 0 {
		routes = args[0]
	}
	route, err := url.Parse(routes)
	if err != nil {
		log.Fatal("!! ", err)
	}
	dial := func() (net.Conn, error) { return net.Dial("tcp", route.Host) }
	if route.Scheme == "syslog+tls" {
		config, err := clientConfig()
		if err != nil {
			log.Fatalf("error with TLSConfig: %s", err)
		}
		dial = func() (net.Conn, error) {
			if len(config.RootCAs.Subjects()) == 0 {
				return nil, fmt.Errorf("FATAL: TLS CA trust store is empty! Can not trust any TLS endpoints: tls://%s", route.Host)
			}
			return tls.Dial("tcp", route.Host, config)
		}
	}
	conn, err := dial()
	if err != nil {
		log.Fatal("!! ", err)
	}
	lines := make(chan string)
	go attach(lines)
	for line := range lines {
		if _, err := io.WriteString(conn, line); err == nil {
			continue
		} else {
			log.Print("syslog: ", err)
		}
		conn.Close()
		if conn, err = again(dial); err == nil {
			_, err = io.WriteString(conn, line)
		}
		if err != nil {
			log.Panicf("syslog retry err: %+v", err)
		}
	}
}

// again waits twice as long before each try, as Logspout does, which gives up after RETRY_COUNT of them.
func again(dial func() (net.Conn, error)) (net.Conn, error) {
	tries, err := strconv.Atoi(os.Getenv("RETRY_COUNT"))
	if err != nil {
		tries = 10
	}
	for try := 1; ; try++ {
		conn, err := dial()
		if err == nil || try > tries {
			return conn, err
		}
		time.Sleep((1 << try) * 10 * time.Millisecond)
	}
}

func clientConfig() (*tls.Config, error) {
	config := &tls.Config{RootCAs: x509.NewCertPool()}
	if os.Getenv("LOGSPOUT_TLS_DISABLE_SYSTEM_ROOTS") != "true" {
		roots, err := x509.SystemCertPool()
		if err != nil {
			return nil, err
		}
		config.RootCAs = roots
	}
	for _, path := range strings.Split(os.Getenv("LOGSPOUT_TLS_CA_CERTS"), ",") {
		if path == "" {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("failed to load CA certificate(s): %s", path)
		}
	}
	cert, key := os.Getenv("LOGSPOUT_TLS_CLIENT_CERT"), os.Getenv("LOGSPOUT_TLS_CLIENT_KEY")
	if cert != "" && key != "" {
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}

var docker = &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, "unix", "/var/run/docker.sock")
}}}

type container struct {
	ID    string `json:"Id"`
	Names []string
	Image string
}

// attach follows the log of every container but Logspout itself, as they come and go.
func attach(lines chan<- string) {
	var mutex sync.Mutex
	followed := map[string]bool{}
	for ; ; time.Sleep(500 * time.Millisecond) {
		answer, err := docker.Get("http://docker/containers/json")
		if err != nil {
			log.Print("docker: ", err)
			continue
		}
		var there []container
		err = json.NewDecoder(answer.Body).Decode(&there)
		answer.Body.Close()
		if err != nil {
			continue
		}
		for _, one := range there {
			mutex.Lock()
			known := followed[one.ID]
			followed[one.ID] = true
			mutex.Unlock()
			if known || len(one.Names) == 0 || strings.Contains(one.Image, "logspout") {
				continue
			}
			go func(one container) {
				follow(one, lines)
				mutex.Lock()
				delete(followed, one.ID)
				mutex.Unlock()
			}(one)
		}
	}
}

func follow(one container, lines chan<- string) {
	host := os.Getenv("SYSLOG_HOSTNAME")
	if host == "" {
		host, _ = os.Hostname()
	}
	name := strings.TrimPrefix(one.Names[0], "/")
	answer, err := docker.Get(fmt.Sprintf("http://docker/containers/%s/logs?stdout=1&stderr=1&follow=1&since=%d", one.ID, time.Now().Unix()))
	if err != nil {
		return
	}
	defer answer.Body.Close()
	var head [8]byte // which stream, and how long
	for {
		if _, err := io.ReadFull(answer.Body, head[:]); err != nil {
			return
		}
		text := make([]byte, binary.BigEndian.Uint32(head[4:]))
		if _, err := io.ReadFull(answer.Body, text); err != nil {
			return
		}
		for _, line := range strings.Split(strings.TrimRight(string(text), "\n"), "\n") {
			lines <- fmt.Sprintf("<14>1 %s %s %s - - - %s\n", time.Now().UTC().Format(time.RFC3339Nano), host, name, line)
		}
	}
}

// --- Logstash: listens as the tcp inputs of its pipeline say, and writes into the files of its outputs.

type plugin map[string]string

var (
	block   = regexp.MustCompile(`(?s)(tcp|file)\s*\{(.*?)\n\s*\}`)
	setting = regexp.MustCompile(`(?m)^\s*(\w+)\s*=>\s*(?:"([^"]*)"|(\[.*\])|([\w.]+))\s*$`)
	comment = regexp.MustCompile(`(?m)^\s*#.*$`)
)

// What the plugin tcp takes since its version 6.4; an old name or a misspelt one ends Logstash.
var takes = map[string]bool{"port": true, "host": true, "type": true, "tags": true, "codec": true, "id": true, "ssl_enabled": true, "ssl_certificate": true,
	"ssl_key": true, "ssl_client_authentication": true, "ssl_certificate_authorities": true, "ssl_extra_chain_certs": true, "ssl_supported_protocols": true}

func pipeline(path string) (inputs, outputs []plugin, err error) {
	files, _ := filepath.Glob(filepath.Join(path, "*.conf"))
	if stat, e := os.Stat(path); e == nil && !stat.IsDir() {
		files = []string{path}
	}
	sort.Strings(files)
	if len(files) == 0 {
		return nil, nil, fmt.Errorf("No config files found in path {:path=>%q}", path)
	}
	for _, file := range files {
		text, e := os.ReadFile(file)
		if e != nil {
			return nil, nil, e
		}
		plain := comment.ReplaceAllString(string(text), "")
		if strings.Count(plain, "{") != strings.Count(plain, "}") {
			return nil, nil, fmt.Errorf("%s: Expected one of [ \\t\\r\\n], \"#\", \"}\" at the end", file)
		}
		for _, found := range block.FindAllStringSubmatch(plain, -1) {
			one := plugin{}
			for _, pair := range setting.FindAllStringSubmatch(found[2], -1) {
				one[pair[1]] = pair[2] + pair[3] + pair[4]
				if found[1] == "tcp" && !takes[pair[1]] {
					return nil, nil, fmt.Errorf("Unknown setting '%s' for tcp", pair[1])
				}
			}
			if found[1] == "tcp" {
				inputs = append(inputs, one)
			} else {
				outputs = append(outputs, one)
			}
		}
	}
	return inputs, outputs, nil
}

func logstash(args []string) {
	path, test := "/usr/share/logstash/pipeline", false
	for index, word := range args {
		if word == "-f" {
			path = args[index+1]
		}
		test = test || word == "--config.test_and_exit"
	}
	inputs, outputs, err := pipeline(path)
	if err != nil {
		log.Fatal("[FATAL][logstash.runner] The given configuration is invalid. Reason: ", err)
	}
	if test {
		fmt.Println("Configuration OK")
		return
	}
	// A Java machine has to start.
	if pause, err := time.ParseDuration(os.Getenv("LAB_STARTING")); err == nil {
		time.Sleep(pause)
	}
	var mutex sync.Mutex
	for _, one := range inputs {
		listener, err := listen(one)
		if err != nil {
			log.Fatal("[ERROR][logstash.inputs.tcp] ", err)
		}
		go accept(listener, outputs, &mutex)
	}
	log.Print("[INFO] Pipelines running")
	select {}
}

func listen(one plugin) (net.Listener, error) {
	address := net.JoinHostPort(one["host"], one["port"])
	if one["ssl_enabled"] != "true" {
		return net.Listen("tcp", address)
	}
	key, err := os.ReadFile(one["ssl_key"])
	if err != nil {
		return nil, err
	}
	if first, _ := pem.Decode(key); first == nil || first.Type != "PRIVATE KEY" {
		return nil, errors.New("File does not contain valid private key: only PKCS#8 is read")
	}
	pair, err := tls.LoadX509KeyPair(one["ssl_certificate"], one["ssl_key"])
	if err != nil {
		return nil, err
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}}
	if wish := one["ssl_client_authentication"]; wish != "none" { // required unless said otherwise
		config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, x509.NewCertPool()
		if wish == "optional" {
			config.ClientAuth = tls.VerifyClientCertIfGiven
		}
		for _, path := range regexp.MustCompile(`[^"\[\], ]+`).FindAllString(one["ssl_certificate_authorities"], -1) {
			text, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			config.ClientCAs.AppendCertsFromPEM(text)
		}
	}
	return tls.Listen("tcp", address, config)
}

func accept(listener net.Listener, outputs []plugin, mutex *sync.Mutex) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go func() {
			defer conn.Close()
			scanner := bufio.NewScanner(conn)
			for scanner.Scan() {
				write(outputs, scanner.Text(), mutex)
			}
			if err := scanner.Err(); err != nil {
				log.Print("[WARN][logstash.inputs.tcp] ", conn.RemoteAddr(), ": ", err)
			}
		}()
	}
}

func write(outputs []plugin, line string, mutex *sync.Mutex) {
	mutex.Lock()
	defer mutex.Unlock()
	for _, one := range outputs {
		file, err := os.OpenFile(one["path"], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			log.Print("[ERROR][logstash.outputs.file] ", err)
			continue
		}
		fmt.Fprintln(file, line)
		file.Close()
	}
}
