//go:build unix

package pgtest

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// psql runs a statement as the role of a connection string.
func psql(t *testing.T, dsn, statement string) string {
	t.Helper()
	bin, _ := binaries()
	out, err := exec.Command(filepath.Join(bin, "psql"), "-X", "-A", "-t", "-d", dsn, "-c", statement).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", statement, err, out)
	}
	return strings.TrimSpace(string(out))
}

// TestStart has a server with the settings that were asked for, an ordinary role, and nothing on the network; it leaves nothing
// behind.
func TestStart(t *testing.T) {
	if os.Getenv(Env) != "" {
		t.Skip("looks at a private server, and " + Env + " names another")
	}
	var dir string
	t.Run("server", func(t *testing.T) {
		s := Start(t, 17)
		if got := psql(t, s.DSN, "show max_connections"); got != "17" {
			t.Errorf("max_connections is %s", got)
		}
		if got := psql(t, s.DSN, "select current_user || ' ' || rolsuper from pg_roles where rolname = current_user"); got != "app false" {
			t.Errorf("the role is %s", got)
		}
		if got := psql(t, s.Admin, "select rolsuper from pg_roles where rolname = current_user"); got != "t" {
			t.Errorf("superuser: %s", got)
		}
		if got := psql(t, s.Admin, "show listen_addresses"); got != "" {
			t.Errorf("it listens on %s", got)
		}
		dir = psql(t, s.Admin, "show data_directory")
	})
	if dir == "" {
		t.Skip("there was no server")
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is left: %v", dir, err)
	}
}

// TestEnv uses the server of the variable.
func TestEnv(t *testing.T) {
	t.Setenv(Env, "host=db.example.com")
	if s := Start(t, 5); s.DSN != "host=db.example.com" || s.Admin != s.DSN {
		t.Errorf("got %+v", s)
	}
}
