package proof_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/poolvet/poolvet/analyzer/internal/pgtest"
)

var update = flag.Bool("update", false, "write what is measured instead of comparing it")

const testdata = "../../../../testdata"

// proofConnections is the max_connections of the server: 20 for ordinary roles, 2 for the lab, 3 for superusers.
const proofConnections = 25

// TestProof runs the examples of each page and compares what is measured with what is committed.
func TestProof(t *testing.T) {
	server := start(t, proofConnections)
	folders, err := filepath.Glob(testdata + "/proof/*/bad")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	program := filepath.Join(build(t, "./proof"), "proof")
	for _, folder := range folders {
		rule := filepath.Base(filepath.Dir(folder))
		t.Run(rule, func(t *testing.T) {
			compare(t, testdata+"/proof/"+rule+"/measured.txt", run(t, server, program, rule))
		})
	}
}

// start starts a server. One that somebody else has set up has other limits, and the counts are those of a server with this one.
func start(t *testing.T, maxConnections int) *pgtest.Server {
	t.Helper()
	if os.Getenv(pgtest.Env) != "" {
		t.Skip("needs a server of its own, and " + pgtest.Env + " names another")
	}
	return pgtest.Start(t, maxConnections)
}

// run runs a program on a server and returns what it prints.
func run(t *testing.T, server *pgtest.Server, program string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(os.Environ(), "DATABASE_URL="+server.DSN, "ADMIN_URL="+server.Admin)
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s%s", err, out.String(), log.String())
	}
	return out.String()
}

// build builds main packages of testdata and returns the folder they are in.
func build(t *testing.T, patterns ...string) string {
	t.Helper()
	dir := t.TempDir()
	args := append([]string{"build", "-ldflags=-s -w", "-o", dir + string(filepath.Separator)}, patterns...)
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = testdata, append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// compare holds what is measured to what is committed.
func compare(t *testing.T, name, measured string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(measured), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if committed, _ := os.ReadFile(name); string(committed) != measured {
		t.Errorf("%s has\n%s\nand this is measured (-update writes it):\n%s", name, committed, measured)
	}
}
