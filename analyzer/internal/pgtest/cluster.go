//go:build unix

package pgtest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	startWithin = 60 * time.Second // a new cluster needs 2 s on an idle machine
	stopWithin  = 20 * time.Second
)

// start runs a private server until the test ends.
func start(t testing.TB, maxConnections int) *Server {
	t.Helper()
	bin, ok := binaries()
	if !ok {
		skip(t)
	}
	c := &cluster{bin: bin}
	t.Cleanup(func() {
		if err := c.stop(); err != nil {
			t.Error(err)
		}
	})
	if err := c.start(maxConnections); err != nil {
		t.Fatalf("PostgreSQL of %s: %v\n%s", bin, err, c.log.String())
	}
	return &Server{DSN: c.dsn("app"), Admin: c.dsn("poolvet")}
}

// binaries returns the folder of initdb and postgres: that of the path, else the newest where Debian puts them.
func binaries() (string, bool) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path), true
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // its pattern is right
	if len(found) == 0 {
		return "", false
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(strings.Split(path, "/")[4]) // 0 for a folder that is no version
		return n
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })
	return filepath.Dir(newest), true
}

// cluster is a server with its data.
type cluster struct {
	bin    string
	dir    string // of everything; the socket is in it, so the name is short
	log    bytes.Buffer
	server *exec.Cmd
	ended  chan error
}

func (c *cluster) dsn(user string) string {
	return fmt.Sprintf("host=%s port=5432 user=%s dbname=postgres sslmode=disable", c.dir, user)
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }

func (c *cluster) start(maxConnections int) error {
	var err error
	if c.dir, err = os.MkdirTemp("", "pg"); err != nil {
		return err
	}
	if cred := unprivileged(); cred != nil {
		if err := os.Chown(c.dir, int(cred.Uid), int(cred.Gid)); err != nil {
			return err
		}
	}
	initdb := c.command("initdb", "-D", c.data(), "-U", "poolvet", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
	if err := c.run(initdb, ""); err != nil {
		return err
	}
	if err := c.run(c.command("postgres", "--single", "-D", c.data(), "postgres"), "create role app login\n"); err != nil {
		return err
	}
	c.server = c.command("postgres", "-D", c.data(), "-k", c.dir, "-h", "", "-c", "max_connections="+strconv.Itoa(maxConnections),
		"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "autovacuum=off", "-c", "shared_buffers=16MB")
	c.server.Stdout, c.server.Stderr = &c.log, &c.log
	if err := c.server.Start(); err != nil {
		return err
	}
	c.ended = make(chan error, 1)
	go func() { c.ended <- c.server.Wait() }()
	return c.ready()
}

// ready waits until the server answers.
func (c *cluster) ready() error {
	for end := time.Now().Add(startWithin); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		select {
		case err := <-c.ended:
			c.ended <- err
			return fmt.Errorf("the server has ended: %w", err)
		default:
		}
		if c.command("pg_isready", "-q", "-h", c.dir).Run() == nil {
			return nil
		}
	}
	return errors.New("the server does not answer")
}

// stop ends the server, as fast as it can without waiting for its clients, and removes its data.
func (c *cluster) stop() error {
	if c.ended != nil {
		if err := c.server.Process.Signal(syscall.SIGINT); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		select {
		case <-c.ended: //nolint:errcheck // it says that the server was interrupted
		case <-time.After(stopWithin):
			return errors.Join(errors.New("PostgreSQL did not end, and was killed"), c.server.Process.Kill())
		}
	}
	if c.dir == "" {
		return nil // there was not even a folder
	}
	return os.RemoveAll(c.dir)
}

// command is a program of PostgreSQL, which refuses to run as root.
func (c *cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "PGHOST=", "PGPORT=5432")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: unprivileged()}
	endWithParent(cmd.SysProcAttr)
	return cmd
}

func (c *cluster) run(cmd *exec.Cmd, input string) error {
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &c.log, &c.log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(cmd.Path), err)
	}
	return nil
}
