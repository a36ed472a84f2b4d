package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/poolvet/poolvet/analyzer/internal/pgtest"
)

// probed is the libraries whose rows are compared with a running PostgreSQL.
var probed = []string{pgxpool5.Path, pgx5.Path, pgconn5.Path, stdlib5.Path, databaseSQL.Path, sqlx.Path, pq.Path}

// unprobed is the measured rows of these libraries that have no probe, with the reason.
var unprobed = map[string]string{}

// TestMeasured does what each row speaks of on a running PostgreSQL, with the real library, and compares.
func TestMeasured(t *testing.T) {
	server := pgtest.Start(t, 20)
	bin := filepath.Join(t.TempDir(), "probe")
	build := exec.Command("go", "build", "-o", bin, "./probe")
	build.Dir = "../../../testdata"
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Run("rows", func(t *testing.T) {
		rows := probedRows()
		var scripts []script
		for i := range rows {
			scripts = append(scripts, scriptsOf(t, &rows[i])...)
		}
		results := runProbes(t, bin, probeInput{DSN: server.DSN, Admin: server.Admin, Scripts: scripts})
		t.Logf("%d probes", len(results))
		for _, wrong := range compare(results) {
			t.Error(wrong)
		}
		for _, wrong := range coverage(rows, results) {
			t.Error(wrong)
		}
	})
	t.Run("wrong rows", func(t *testing.T) {
		scripts, complaints := wrongRows(t)
		wrong := compare(runProbes(t, bin, probeInput{DSN: server.DSN, Admin: server.Admin, Within: time.Second, Scripts: scripts}))
		for _, complaint := range complaints {
			if !slices.ContainsFunc(wrong, func(s string) bool { return strings.HasPrefix(s, complaint) }) {
				t.Errorf("nothing says: %s\n%s", complaint, strings.Join(wrong, "\n"))
			}
		}
	})
}

// probedRows returns the rows of the probed libraries.
func probedRows() []Row {
	var rows []Row
	for _, l := range Default().Libraries() {
		if slices.Contains(probed, l.Path) {
			rows = append(rows, l.Rows...)
		}
	}
	return rows
}

// probeResult is a script with what it has shown, as testdata/probe prints it.
type probeResult struct {
	script
	Got string
}

// probeInput is what testdata/probe reads.
type probeInput struct {
	DSN, Admin string
	Within     time.Duration // how long it waits for what is claimed; 0: long
	Scripts    []script
}

// runProbes has the scripts done.
func runProbes(t *testing.T, bin string, input probeInput) []probeResult {
	t.Helper()
	in, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bin)
	cmd.Stdin = bytes.NewReader(in)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("probe: %v\n%s", err, stderr.Bytes())
	}
	var results []probeResult
	if err := json.Unmarshal(out, &results); err != nil {
		t.Fatal(err)
	}
	return results
}

// compare returns what the rows say and the probes do not show.
func compare(results []probeResult) []string {
	var wrong []string
	for _, r := range results {
		if r.Got != r.Want {
			wrong = append(wrong, fmt.Sprintf("%s: %s: the row says %q, the probe (%s) shows %q", r.Row, r.Claim, r.Want, r.place(), r.Got))
		}
	}
	return wrong
}

// coverage returns the measured rows without a probe, and those with one that are not marked.
func coverage(rows []Row, results []probeResult) []string {
	failed, done := make(map[string]bool), make(map[string]bool)
	for _, r := range results {
		done[r.Row] = true
		failed[r.Row] = failed[r.Row] || r.Got != r.Want
	}
	var wrong []string
	for i := range rows {
		r := &rows[i]
		switch name := r.Name(); {
		case done[name] && unprobed[name] != "":
			wrong = append(wrong, name+": has a probe and needs no exception")
		case r.Measured && !done[name] && unprobed[name] == "":
			wrong = append(wrong, name+": is marked as measured and has no probe")
		case !r.Measured && done[name] && !failed[name]:
			wrong = append(wrong, name+": is what the probe shows; mark it as measured")
		case !r.Measured && unprobed[name] != "":
			wrong = append(wrong, name+": is not measured and needs no exception")
		}
	}
	return wrong
}

// wrongRows returns the scripts of rows that are wrong on purpose, and how each complaint must begin.
func wrongRows(t *testing.T) (scripts []script, complaints []string) {
	for _, w := range []struct {
		name, claim string
		change      func(*Row)
	}{
		{"(*database/sql.DB).QueryContext", "frees with Scan=err", func(r *Row) { r.Freed = append(slices.Clone(r.Freed), scanError...) }},
		{"(*github.com/jackc/pgx/v5/pgxpool.Pool).Query", "Scan=err alone frees nothing", func(r *Row) { r.Freed = sqlRowsFreed }},
		{"(*github.com/jackc/pgx/v5/pgxpool.Pool).Begin", "the end of the context frees", func(r *Row) { r.CtxFrees = true }},
		{"(*database/sql.Tx).Query", "holds", func(r *Row) { r.Holds = Slot }},
		{"(*github.com/jackc/pgx/v5/pgxpool.Pool).Exec", "waits when the pool is exhausted", func(r *Row) { r.Blocks = false }},
		{"(*github.com/jackc/pgx/v5/pgxpool.Pool).Ping", "takes a connection for the call", func(r *Row) { r.Transient = false }},
		{"github.com/jackc/pgx/v5.RowTo", "frees its argument", func(r *Row) { r.Kind = Consume }},
	} {
		row := *Default().funcs[w.name]
		w.change(&row)
		for _, s := range scriptsOf(t, &row) {
			if s.Claim == w.claim { // the others would wait for nothing
				scripts = append(scripts, s)
			}
		}
		complaints = append(complaints, w.name+": "+w.claim+": ")
	}
	return scripts, complaints
}

// TestProbeTables finds lines of the tables that name nothing.
func TestProbeTables(t *testing.T) {
	for name := range unprobed {
		if Default().funcs[name] == nil {
			t.Errorf("%s has no row", name)
		}
	}
	for name := range rowSources {
		if Default().funcs[name] == nil {
			t.Errorf("%s has no row", name)
		}
	}
	for name := range neverFails {
		if Default().funcs[name] == nil {
			t.Errorf("%s has no row", name)
		}
	}
	used := make(map[string]bool)
	for _, r := range probedRows() {
		used[r.recvType()] = true
	}
	for name := range typeSources {
		if !used[name] {
			t.Errorf("no row has the receiver %s", name)
		}
	}
}
